package dev.holdfast.twin.wire;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;

/** The result of a call to a twin. */
public sealed interface Outcome {
    /** @param content the body of a streaming operation, otherwise null */
    @SuppressWarnings("ArrayRecordComponent") // no code compares or copies the arrays
    record Answered(SdkPojo response, byte @Nullable [] content) implements Outcome {}

    /** An error that AWS would return. */
    record Refused(AwsServiceException error) implements Outcome {}

    /** A bug in the twin. */
    record Broken(Throwable bug) implements Outcome {}
}
