package dev.holdfast.twin;

import dev.holdfast.twin.store.TwinErrors;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * The errors that every operation of a service can return, in the error format of that service.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html">EC2</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">S3</a>
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html">the query services</a>
 */
final class ServiceErrors {
    private static final Set<String> QUERY = Set.of("elasticloadbalancing", "iam", "cloudwatch", "sts", "sns");

    private ServiceErrors() {}

    /** @param operation such as {@code ec2:DescribeVpcs} */
    static AwsServiceException denied(String operation, String accessKey, String account) {
        return denied(operation, IamActions.of(operation).getFirst(), accessKey, account);
    }

    /** @param action the action that the caller lacks */
    static AwsServiceException denied(String operation, String action, String accessKey, String account) {
        String reason = "User: arn:aws:iam::" + account + ":user/" + accessKey + " is not authorized to perform: "
                + action + " because no identity-based policy allows the " + action + " action";
        String service = service(operation);
        return switch (service) {
            case "ec2" ->
                TwinErrors.error(
                        403, "UnauthorizedOperation", "You are not authorized to perform this operation. " + reason);
            case "s3" -> TwinErrors.error(403, "AccessDenied", reason);
            case "sns" -> TwinErrors.error(403, "AuthorizationError", reason);
            default ->
                QUERY.contains(service)
                        ? TwinErrors.error(403, "AccessDenied", reason)
                        : TwinErrors.refused("AccessDeniedException", reason);
        };
    }

    static AwsServiceException throttled(String operation) {
        String service = service(operation);
        return switch (service) {
            case "ec2" -> TwinErrors.error(503, "RequestLimitExceeded", "Request limit exceeded.");
            case "s3" -> TwinErrors.error(503, "SlowDown", "Please reduce your request rate.");
            default ->
                TwinErrors.refused(QUERY.contains(service) ? "Throttling" : "ThrottlingException", "Rate exceeded");
        };
    }

    static AwsServiceException failed(String operation) {
        String service = service(operation);
        boolean named = service.equals("ec2") || service.equals("s3");
        return TwinErrors.error(
                500, named ? "InternalError" : "InternalFailure", "An internal error has occurred. (scripted)");
    }

    private static String service(String operation) {
        return operation.substring(0, operation.indexOf(':'));
    }
}
