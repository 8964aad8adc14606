package dev.holdfast.twin.store;

import java.util.Objects;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Makes the errors that the twin answers with, in the form that the SDK and the wire know them. */
public final class TwinErrors {
    private TwinErrors() {}

    /** @param code as on the wire */
    public static AwsServiceException error(int status, String code, String message) {
        return error(AwsServiceException.builder(), status, code, message);
    }

    /** HTTP 400, without an exception class of its own. */
    public static AwsServiceException refused(String code, String message) {
        return error(400, code, message);
    }

    /** HTTP 400, with the name of the exception's class as the code, as the JSON services have it. */
    public static AwsServiceException named(AwsServiceException.Builder exception, String message) {
        return error(exception, 400, className(exception), message);
    }

    /** With the name of the exception's class as the code, but without the word Exception, as the query services have it. */
    public static AwsServiceException shortened(AwsServiceException.Builder exception, int status, String message) {
        return error(exception, status, className(exception).replace("Exception", ""), message);
    }

    /** For exceptions whose code on the wire is not derived from the name of the class. */
    public static AwsServiceException error(
            AwsServiceException.Builder exception, int status, String code, String message) {
        return exception
                .message(message)
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build();
    }

    private static String className(AwsServiceException.Builder exception) {
        return Objects.requireNonNull(exception.getClass().getEnclosingClass()).getSimpleName();
    }
}
