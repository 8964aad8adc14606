package dev.holdfast.kind;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** How a service says "not found": the one place where that becomes "there is none"; every other exception passes. */
public record Absent(Predicate<SdkException> says) {
    /** By an exception of its own. */
    public static Absent when(Class<? extends SdkException> notFound) {
        return new Absent(notFound::isInstance);
    }

    /** By an error code, for services that have one exception for all. */
    public static Absent code(String code) {
        return new Absent(e -> e instanceof AwsServiceException answer
                && answer.awsErrorDetails() != null
                && code.equals(answer.awsErrorDetails().errorCode()));
    }

    /** What is read, or another value if the read says that there is none. */
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

    /** What is read, or null if the read says that there is none. */
    public <T> @Nullable T orNull(Supplier<? extends @Nullable T> read) {
        return this.<Optional<T>>or(Optional.empty(), () -> Optional.ofNullable(read.get()))
                .orElse(null);
    }

    /** What is read, or another value if the read says that there is none. */
    public static <T extends @Nullable Object> T or(
            T other, Class<? extends SdkException> notFound, Supplier<? extends T> read) {
        return when(notFound).or(other, read);
    }
}
