package dev.holdfast.kind;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/** The one place where a typed "not found" becomes "there is none"; every other exception passes. */
public final class Absent {
    private Absent() {}

    /** What is read, or another value if the read says that there is none. */
    public static <T extends @Nullable Object> T or(
            T other, Class<? extends SdkException> notFound, Supplier<? extends T> read) {
        try {
            return read.get();
        } catch (SdkException e) {
            if (notFound.isInstance(e)) {
                return other;
            }
            throw e;
        }
    }
}
