package dev.holdfast.app;

import java.io.PrintWriter;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The time in which no daemon answers a command that reads repeatedly. The command reports it once, and continues. */
final class Outage {
    private final PrintWriter err;
    private boolean answered;
    private boolean lasts;

    /** @param err receives a line when the outage begins and when it ends */
    Outage(PrintWriter err) {
        this.err = err;
    }

    /**
     * @return the result of the read; null if the daemon no longer answers, so that the caller should read again
     * @throws CommandFailure.NoAnswer if no daemon has answered yet, because the address may be wrong
     */
    <T> @Nullable T survived(Supplier<T> look) {
        try {
            T shown = look.get();
            if (lasts) {
                say("the daemon answers again");
            }
            answered = true;
            lasts = false;
            return shown;
        } catch (CommandFailure.NoAnswer e) {
            if (!answered) {
                throw e;
            }
            if (!lasts) {
                say(e.getMessage() + "; this command continues until a daemon answers");
            }
            lasts = true;
            return null;
        }
    }

    private void say(String line) {
        err.println(line);
        err.flush();
    }
}
