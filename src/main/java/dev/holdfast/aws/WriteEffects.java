package dev.holdfast.aws;

import java.util.function.Supplier;

/**
 * Tells whether a write of one step may have taken effect in AWS: AWS accepted it, or its outcome is not known. A write that
 * AWS answered with a refusal, or that never left this process, has not. Counts the calls of one thread; safe for use by many
 * threads.
 */
public final class WriteEffects {
    private static final ScopedValue<WriteEffects> CURRENT = ScopedValue.newInstance();

    private volatile boolean possible;

    /** Runs the calls of the step. */
    public <T> T call(Supplier<T> calls) {
        return ScopedValue.where(CURRENT, this).call(calls::get);
    }

    /** Whether a write since then may have taken effect. */
    public boolean possible() {
        return possible;
    }

    /** A write of the current thread was accepted, or its outcome is not known. */
    static void mayHaveHappened() {
        if (CURRENT.isBound()) {
            CURRENT.get().possible = true;
        }
    }
}
