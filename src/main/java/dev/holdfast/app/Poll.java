package dev.holdfast.app;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Repeats a read every two seconds, until the time is over or the user interrupts the command. */
final class Poll {
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final long begun = System.nanoTime();
    private final @Nullable Duration most;

    /** @param most the longest time; null: no end */
    Poll(@Nullable Duration most) {
        this.most = most;
    }

    /**
     * Waits for the next read.
     *
     * @return whether there is a next read
     */
    boolean goesOn() {
        long left = most == null ? Long.MAX_VALUE : most.toNanos() - (System.nanoTime() - begun);
        if (left <= 0) {
            return false;
        }
        LockSupport.parkNanos(Math.min(left, EVERY.toNanos()));
        return !Thread.currentThread().isInterrupted();
    }
}
