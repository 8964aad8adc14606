package dev.holdfast.twin.ec2;

import dev.holdfast.twin.store.TwinErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/**
 * EC2's errors; all are HTTP 400.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html">Error codes</a>
 */
final class Ec2Errors {
    private Ec2Errors() {}

    static AwsServiceException error(String code, String message) {
        return TwinErrors.refused(Ec2Exception.builder(), code, message);
    }

    /** @param code the code without {@code .NotFound} */
    static AwsServiceException notFound(String code, String type, String id) {
        return error(code + ".NotFound", "The " + type + " '" + id + "' does not exist");
    }

    static AwsServiceException invalid(String message) {
        return error("InvalidParameterValue", message);
    }

    static AwsServiceException missing(String parameter) {
        return error("MissingParameter", "The request must contain the parameter " + parameter);
    }

    static AwsServiceException inUse(String type, String id) {
        return error("DependencyViolation", "The " + type + " '" + id + "' has dependencies and cannot be deleted.");
    }
}
