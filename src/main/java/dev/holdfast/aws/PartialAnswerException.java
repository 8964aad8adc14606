package dev.holdfast.aws;

import software.amazon.awssdk.core.exception.SdkClientException;

/** An answer of AWS lacks what each such answer has: it is a failed read, which makes unknown what it covers. */
public final class PartialAnswerException extends SdkClientException {
    /** @param missing what the answer is of, and what it lacks: {@code has a Vpc without its id} */
    public PartialAnswerException(String missing) {
        super(SdkClientException.builder().message("AWS's answer " + missing));
    }
}
