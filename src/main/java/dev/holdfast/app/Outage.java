package dev.holdfast.app;

import java.io.PrintWriter;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The time in which no daemon answers to a command that looks again and again: said once, and survived. */
final class Outage {
    private final PrintWriter err;
    private boolean answered;
    private boolean lasts;

    /** @param err where its begin and its end are said */
    Outage(PrintWriter err) {
        this.err = err;
    }

    /**
     * @return what the look showed; null: nobody answers any more, and the next look may show it
     * @throws CommandFailure.NoAnswer if nobody has answered yet: then the address may be wrong
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
                say(e.getMessage() + "; this command goes on until one does");
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
