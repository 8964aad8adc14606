package dev.holdfast.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Asserts that a twin refuses calls as its AWS service does. */
public final class TwinRefusals {
    private TwinRefusals() {}

    public static void refused(String code, ThrowingCallable call) {
        refusal(code, call);
    }

    /** @param words a part of the message */
    public static void refused(String code, String words, ThrowingCallable call) {
        assertThat(refusal(code, call).awsErrorDetails().errorMessage()).contains(words);
    }

    public static void refused(int status, String code, ThrowingCallable call) {
        assertThat(refusal(code, call).statusCode()).isEqualTo(status);
    }

    public static void refused(int status, String code, String words, ThrowingCallable call) {
        AwsServiceException refusal = refusal(code, call);
        assertThat(refusal.awsErrorDetails().errorMessage()).contains(words);
        assertThat(refusal.statusCode()).isEqualTo(status);
    }

    private static AwsServiceException refusal(String code, ThrowingCallable call) {
        AwsServiceException refusal = catchThrowableOfType(AwsServiceException.class, call);
        assertThat(refusal).as(code).isNotNull();
        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(code);
        return refusal;
    }
}
