package dev.holdfast.aws;

import java.util.function.Supplier;

/**
 * Tells whether a write of one step may have taken effect in AWS: AWS accepted the write, or its outcome is unknown. A
 * write that AWS refused, or that never left this process, had no effect. Counts the calls of one thread; safe for use
 * by many threads.
 */
public final class WriteEffects {
    private static final ScopedValue<WriteEffects> CURRENT = ScopedValue.newInstance();

    private volatile boolean possible;

    /** Runs the calls of the step. */
    public <T> T call(Supplier<T> calls) {
        return ScopedValue.where(CURRENT, this).call(calls::get);
    }

    /** Whether a write of the step may have taken effect so far. */
    public boolean possible() {
        return possible;
    }

    /** Records that AWS accepted a write of the current thread, or that the outcome of the write is unknown. */
    static void mayHaveHappened() {
        if (CURRENT.isBound()) {
            CURRENT.get().possible = true;
        }
    }
}
