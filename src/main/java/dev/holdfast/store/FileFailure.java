package dev.holdfast.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Describes a failed file operation in words, because the message of the exception is often only the path. */
public final class FileFailure {
    private FileFailure() {}

    /** The message that was written for this exception, or else the message of its cause. */
    public static String inWords(UncheckedIOException failure) {
        IOException cause = failure.getCause();
        String message = String.valueOf(failure.getMessage());
        return cause == null || !message.equals(cause.toString()) ? message : inWords(cause);
    }

    public static String inWords(IOException failure) {
        String message = failure.getMessage();
        return switch (failure) {
            case AccessDeniedException denied ->
                "no permission for " + denied.getFile()
                        + ": this user may not read the file, or may not write it where a write is needed";
            case NoSuchFileException missing -> "there is no " + missing.getFile();
            case NotDirectoryException file -> file.getFile() + " is a file, not a directory";
            case FileAlreadyExistsException file -> file.getFile() + " is a file, not a directory";
            case FileSystemException other ->
                other.getFile() + ": " + (other.getReason() == null ? "it cannot be used" : other.getReason());
            default -> message == null ? failure.getClass().getSimpleName() : message;
        };
    }
}
