package dev.holdfast.twin.cloudtrail;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;

/**
 * A call that is over, as CloudTrail records it.
 *
 * @param service as it stands before an operation: {@code ec2}, {@code cloudwatch}
 * @param operation as AWS writes it on the wire
 * @param input null if it was refused before it was read
 * @param output null if it was refused
 * @param error null if it went well
 */
public record ApiCall(
        String service,
        String operation,
        Origin origin,
        @Nullable SdkPojo input,
        @Nullable SdkPojo output,
        @Nullable AwsServiceException error) {
    /**
     * Where a call came from.
     *
     * @param accessKey of the caller
     * @param requestId the one that the caller was answered with
     */
    public record Origin(String accessKey, String requestId, String userAgent, String address) {}
}
