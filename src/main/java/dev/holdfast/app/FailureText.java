package dev.holdfast.app;

import dev.holdfast.aws.Faults;
import dev.holdfast.aws.WrongAccountException;
import dev.holdfast.desired.Publisher;
import dev.holdfast.model.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
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
            case SdkException refused -> ofAws(refused);
            case WrongAccountException wrong -> wrong.getMessage();
            case Publisher.ConflictException faster -> faster.getMessage();
            case UncheckedIOException wrapped -> of(wrapped.getCause());
            case FileSystemException file -> ofFile(file);
            case IOException io -> io.getMessage() == null ? io.getClass().getSimpleName() : io.getMessage();
            default -> null;
        };
    }

    private static String ofAws(SdkException refused) {
        Fault fault = Faults.classify(refused, List.of());
        String operation = fault.operation() == null || fault.operation().isBlank() ? "" : fault.operation() + ": ";
        return operation + fault.code() + ": " + fault.message();
    }

    private static String ofFile(FileSystemException failure) {
        String file = failure.getFile();
        return switch (failure) {
            case AccessDeniedException denied ->
                "no permission for " + file + ": let this user read it, or write it where the command writes";
            case NoSuchFileException missing -> "there is no " + file;
            case NotDirectoryException notDirectory -> file + " is a file, not a directory";
            case FileAlreadyExistsException exists -> file + " is a file, not a directory";
            default -> file + ": " + (failure.getReason() == null ? "it cannot be used" : failure.getReason());
        };
    }
}
