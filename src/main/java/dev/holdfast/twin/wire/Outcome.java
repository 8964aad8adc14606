package dev.holdfast.twin.wire;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;

/** The result of a call to a twin. */
public sealed interface Outcome {
    /** @param content the body of a streaming operation, else null */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody, copied by nobody
    record Answered(SdkPojo response, byte @Nullable [] content) implements Outcome {}

    /** As AWS would refuse it. */
    record Refused(AwsServiceException error) implements Outcome {}

    /** A bug in the twin. */
    record Broken(Throwable bug) implements Outcome {}
}
