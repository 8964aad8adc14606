package dev.holdfast.twin.cloudtrail;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.twin.store.Principals;
import dev.holdfast.twin.store.TwinSessions.Session;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The identity of the caller in a record.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html">userIdentity</a>
 */
final class CallerIdentity {
    private CallerIdentity() {}

    /** @param session null for the long-term key of an IAM user */
    static ObjectNode of(String account, String accessKey, @Nullable Session session) {
        ObjectNode identity = JsonNodeFactory.instance.objectNode();
        if (session == null) {
            String user = Principals.userOf(accessKey);
            return identity.put("type", "IAMUser")
                    .put("principalId", Principals.userId(account, user))
                    .put("arn", Principals.userArn(account, user))
                    .put("accountId", account)
                    .put("accessKeyId", accessKey)
                    .put("userName", user);
        }
        identity.put("type", "AssumedRole")
                .put("principalId", Principals.id(session))
                .put("arn", Principals.arn(session))
                .put("accountId", session.account())
                .put("accessKeyId", accessKey);
        ObjectNode context = identity.putObject("sessionContext");
        context.putObject("sessionIssuer")
                .put("type", "Role")
                .put("principalId", Principals.roleId(session))
                .put("arn", Principals.roleArn(session))
                .put("accountId", session.account())
                .put("userName", session.role());
        context.putObject("attributes")
                .put(
                        "creationDate",
                        session.since().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("mfaAuthenticated", "false");
        if (session.sourceIdentity() != null) {
            context.put("sourceIdentity", session.sourceIdentity());
        }
        return identity;
    }
}
