package dev.holdfast.kind;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Recognizes the error by which a service reports that an object does not exist. Every other exception passes through.
 */
public record Absent(Predicate<SdkException> says) {
    /** For a service that has an exception class for "not found". */
    public static Absent when(Class<? extends SdkException> notFound) {
        return new Absent(notFound::isInstance);
    }

    /** For a service that has one exception class for all errors: recognizes the error code. */
    public static Absent code(String code) {
        return new Absent(e -> e instanceof AwsServiceException answer
                && answer.awsErrorDetails() != null
                && code.equals(answer.awsErrorDetails().errorCode()));
    }

    /** The value that was read, or {@code other} if the object does not exist. */
    public <T extends @Nullable Object> T or(T other, Supplier<? extends T> read) {
        try {
            return read.get();
        } catch (SdkException e) {
            if (says.test(e)) {
                return other;
            }
            throw e;
        }
    }

    /** The value that was read, or null if the object does not exist. */
    public <T> @Nullable T orNull(Supplier<? extends @Nullable T> read) {
        return this.<Optional<T>>or(Optional.empty(), () -> Optional.ofNullable(read.get()))
                .orElse(null);
    }

    /** The value that was read, or {@code other} if the object does not exist. */
    public static <T extends @Nullable Object> T or(
            T other, Class<? extends SdkException> notFound, Supplier<? extends T> read) {
        return when(notFound).or(other, read);
    }
}
