package dev.holdfast.app;

import dev.holdfast.aws.Faults;
import dev.holdfast.aws.WrongAccountException;
import dev.holdfast.desired.Publisher;
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
        return switch (failure) {
            case CommandFailure told -> told.getMessage();
            case SdkException refused -> Faults.classify(refused, List.of()).inWords();
            case WrongAccountException wrong -> wrong.getMessage();
            case Publisher.ConflictException faster -> faster.getMessage();
            case UncheckedIOException file -> FileFailure.inWords(file);
            case IOException file -> FileFailure.inWords(file);
            default -> null;
        };
    }
}
