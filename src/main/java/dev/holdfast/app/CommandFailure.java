package dev.holdfast.app;

/** A command cannot do what it was asked to, for a reason that is the user's to mend; the message says how. */
final class CommandFailure extends RuntimeException {
    private final int exitCode;

    CommandFailure(String message) {
        this(message, ExitCodes.ERROR);
    }

    CommandFailure(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
