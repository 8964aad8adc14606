package dev.holdfast.app;

import dev.holdfast.model.SafeText;
import org.jspecify.annotations.Nullable;

/**
 * An exception in a form that is safe to print: the same names, messages and stack traces, but with escaped messages.
 */
final class SafeThrowable extends Exception {
    private static final long serialVersionUID = 1;

    private final String text;

    private SafeThrowable(String text, @Nullable Throwable cause, StackTraceElement[] trace) {
        super(text, cause, false, true);
        this.text = text;
        setStackTrace(trace);
    }

    /** @return the exception itself if there is nothing unsafe in it */
    static Throwable of(Throwable thrown) {
        String text = SafeText.line(thrown.toString());
        Throwable cause = thrown.getCause();
        Throwable safe = cause == null ? null : of(cause);
        return text.equals(thrown.toString()) && safe == cause
                ? thrown
                : new SafeThrowable(text, safe, thrown.getStackTrace());
    }

    @Override
    public String toString() {
        return text;
    }
}
