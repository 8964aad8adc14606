package dev.holdfast.twin.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Creates the errors that the twin returns, in the form that the SDK and the wire layer use. */
public final class TwinErrors {
    private TwinErrors() {}

    /** @param code the code on the wire */
    public static AwsServiceException error(int status, String code, String message) {
        return error(AwsServiceException.builder(), status, code, message);
    }

    /** HTTP 400, for errors that have no exception class. */
    public static AwsServiceException refused(String code, String message) {
        return error(400, code, message);
    }

    /** HTTP 400, for exceptions whose code on the wire differs from the name of the class. */
    public static AwsServiceException refused(AwsServiceException.Builder exception, String code, String message) {
        return error(exception, 400, code, message);
    }

    /** HTTP 400, the error of RDS and ElastiCache for a value that they do not accept. */
    public static AwsServiceException invalid(String message) {
        return refused("InvalidParameterValue", message);
    }

    /** HTTP 400, the error of RDS and ElastiCache for values that they do not accept together. */
    public static AwsServiceException combination(String message) {
        return refused("InvalidParameterCombination", message);
    }

    /** HTTP 400 with the name of the exception class as the code, as in the JSON services. */
    public static AwsServiceException named(AwsServiceException.Builder exception, String message) {
        return error(exception, 400, className(exception), message);
    }

    /** HTTP 400; see {@link #shortened(AwsServiceException.Builder, int, String)}. */
    public static AwsServiceException shortened(AwsServiceException.Builder exception, String message) {
        return shortened(exception, 400, message);
    }

    /** The code is the name of the exception class without the word Exception, as in the query services. */
    public static AwsServiceException shortened(AwsServiceException.Builder exception, int status, String message) {
        return error(exception, status, className(exception).replace("Exception", ""), message);
    }

    /** For exceptions whose code on the wire differs from the name of the class. */
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

    /** The message with which many services refuse a value. @param constraint such as {@code must not be null} */
    public static String violation(@Nullable Object value, String member, String constraint) {
        return "1 validation error detected: Value '" + value + "' at '" + member
                + "' failed to satisfy constraint: Member " + constraint;
    }

    private static String className(AwsServiceException.Builder exception) {
        return Objects.requireNonNull(exception.getClass().getEnclosingClass()).getSimpleName();
    }
}
