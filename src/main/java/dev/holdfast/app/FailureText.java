package dev.holdfast.app;

import dev.holdfast.aws.Faults;
import dev.holdfast.aws.WrongAccountException;
import dev.holdfast.desired.Publisher;
import dev.holdfast.model.SafeText;
import dev.holdfast.store.FileFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/** One line for the user about a failure of a command: the place, the reason, the way out. */
final class FailureText {
    private FailureText() {}

    /** @return null if the failure is a fault of Holdfast itself */
    static @Nullable String of(Throwable failure) {
        if (failure instanceof CommandFailure told) {
            return told.getMessage();
        }
        String said = inWords(failure);
        return said == null ? null : SafeText.line(said);
    }

    private static @Nullable String inWords(Throwable failure) {
        return switch (failure) {
            case SdkException refused -> Faults.classify(refused, List.of()).inWords();
            case WrongAccountException wrong -> wrong.getMessage();
            case Publisher.ConflictException faster -> faster.getMessage();
            case UncheckedIOException file -> FileFailure.inWords(file);
            case IOException file -> FileFailure.inWords(file);
            default -> null;
        };
    }
}
