package dev.holdfast.events;

import dev.holdfast.model.ChangeAuthor;
import java.time.Instant;
import java.util.Set;

/**
 * One change in AWS, as CloudTrail records it. Of the call's parameters, only the texts that may be ids are kept, and
 * only until the event is handed on.
 *
 * @param account twelve digits
 * @param service the prefix of the service's IAM actions: {@code ec2}
 * @param name the name of the call, without the version that some services append: {@code
 *     AuthorizeSecurityGroupIngress}
 * @param requestId the service's id of the request
 * @param ofHoldfast whether the caller's user agent claims to be Holdfast: only the request id proves the claim
 * @param texts the text values in the parameters and the answer, and their last parts
 */
record ChangeEvent(
        String account,
        String service,
        String name,
        Instant at,
        String requestId,
        boolean ofHoldfast,
        ChangeAuthor by,
        Set<String> texts) {
    /** {@code ec2:AuthorizeSecurityGroupIngress} */
    String call() {
        return service + ":" + name;
    }
}
