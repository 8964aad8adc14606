package dev.holdfast.twin;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Makes the errors that the twin answers with; the wire code cannot be derived from an exception's class. */
public final class TwinErrors {
    private TwinErrors() {}

    /** @param code as on the wire */
    public static AwsServiceException error(int status, String code, String message) {
        return error(AwsServiceException.builder(), status, code, message);
    }

    /** For typed exceptions with fields of their own. */
    public static AwsServiceException error(
            AwsServiceException.Builder builder, int status, String code, String message) {
        return builder.message(message)
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build();
    }
}
