package dev.holdfast.twin.secrets;

import dev.holdfast.twin.store.TwinErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** Secrets Manager's errors, of the classes that the SDK makes of them. All of them are 400. */
final class SecretErrors {
    private SecretErrors() {}

    static AwsServiceException notFound() {
        return notFound("Secrets Manager can't find the specified secret.");
    }

    static AwsServiceException notFound(String message) {
        return TwinErrors.error(ResourceNotFoundException.builder(), 400, "ResourceNotFoundException", message);
    }

    static AwsServiceException exists(String message) {
        return TwinErrors.error(ResourceExistsException.builder(), 400, "ResourceExistsException", message);
    }

    static AwsServiceException invalidRequest(String message) {
        return TwinErrors.error(InvalidRequestException.builder(), 400, "InvalidRequestException", message);
    }

    static AwsServiceException invalidParameter(String message) {
        return TwinErrors.error(InvalidParameterException.builder(), 400, "InvalidParameterException", message);
    }

    static AwsServiceException malformedPolicy() {
        return TwinErrors.error(
                MalformedPolicyDocumentException.builder(),
                400,
                "MalformedPolicyDocumentException",
                "This resource policy contains invalid Json.");
    }

    static AwsServiceException marked() {
        return invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");
    }
}
