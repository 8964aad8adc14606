package dev.holdfast.twin.cloudtrail;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;

/**
 * A finished call, as CloudTrail records it.
 *
 * @param service the name before an operation: {@code ec2}, {@code cloudwatch}
 * @param operation the name on the wire
 * @param input the parameters; null if the call was refused before they were read
 * @param output the response; null if the call was refused
 * @param error null if the call succeeded
 */
public record ApiCall(
        String service,
        String operation,
        Origin origin,
        @Nullable SdkPojo input,
        @Nullable SdkPojo output,
        @Nullable AwsServiceException error) {
    /**
     * The caller of a call, and the request that it sent.
     *
     * @param accessKey the access key of the caller
     * @param requestId the request id in the answer
     */
    public record Origin(String accessKey, String requestId, String userAgent, String address) {}
}
