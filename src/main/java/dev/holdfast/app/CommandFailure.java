package dev.holdfast.app;

import dev.holdfast.model.SafeText;
import java.util.List;
import java.util.stream.Collectors;

/** A command cannot do its work for a reason that the user can fix. The message says how. */
class CommandFailure extends RuntimeException {
    private final int exitCode;

    CommandFailure(String message) {
        this(message, ExitCodes.ERROR);
    }

    CommandFailure(String message, int exitCode) {
        super(SafeText.line(message));
        this.exitCode = exitCode;
    }

    /** @param items the items that the message announces, one line each */
    CommandFailure(String message, List<String> items) {
        super(SafeText.line(message)
                + items.stream().map(item -> "\n  " + SafeText.line(item)).collect(Collectors.joining()));
        this.exitCode = ExitCodes.ERROR;
    }

    /** No daemon answers at the address now. It may be restarting. */
    static final class NoAnswer extends CommandFailure {
        NoAnswer(String message) {
            super(message);
        }
    }

    int exitCode() {
        return exitCode;
    }
}
