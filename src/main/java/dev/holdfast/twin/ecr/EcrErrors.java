package dev.holdfast.twin.ecr;

import dev.holdfast.twin.store.TwinErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ecr.model.InvalidParameterException;

/** ECR's errors, in its words. */
final class EcrErrors {
    private EcrErrors() {}

    static AwsServiceException error(AwsServiceException.Builder type, String code, String message) {
        return TwinErrors.error(type, 400, code, message);
    }

    static AwsServiceException invalid(String member, String reason) {
        return error(
                InvalidParameterException.builder(),
                "InvalidParameterException",
                "Invalid parameter at '" + member + "' failed to satisfy constraint: '" + reason + "'");
    }
}
