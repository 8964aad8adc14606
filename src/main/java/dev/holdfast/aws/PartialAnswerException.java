package dev.holdfast.aws;

import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * AWS's answer lacks a member that each such answer has. It counts as a failed read: the objects of the read are
 * unknown.
 */
public final class PartialAnswerException extends SdkClientException {
    /** @param missing the predicate of the message, with the missing member: {@code has a Vpc without its id} */
    public PartialAnswerException(String missing) {
        super(SdkClientException.builder().message("AWS's answer " + missing));
    }
}
