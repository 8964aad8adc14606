package dev.holdfast.app;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Looks every two seconds, until the time is over or somebody interrupts the command. */
final class Poll {
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final long begun = System.nanoTime();
    private final @Nullable Duration most;

    /** @param most null: for ever */
    Poll(@Nullable Duration most) {
        this.most = most;
    }

    /** Waits for the next look. @return whether there is one */
    boolean goesOn() {
        long left = most == null ? Long.MAX_VALUE : most.toNanos() - (System.nanoTime() - begun);
        if (left <= 0) {
            return false;
        }
        LockSupport.parkNanos(Math.min(left, EVERY.toNanos()));
        return !Thread.currentThread().isInterrupted();
    }
}
