package dev.holdfast.app;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Repeats a task with pauses, until the time is over or the user interrupts the command. The time is measured by the
 * monotonic clock, because the clock of the machine may be set meanwhile.
 */
final class Poll {
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final long begun = System.nanoTime();
    private final @Nullable Duration most;

    /** @param most the longest time; null: no end */
    Poll(@Nullable Duration most) {
        this.most = most;
    }

    /** Whether the time is over. */
    boolean isOver() {
        return left() <= 0;
    }

    /**
     * Waits two seconds.
     *
     * @return whether to repeat the task
     */
    boolean goesOn() {
        return goesOn(EVERY);
    }

    /**
     * Waits for this pause, or until the time is over.
     *
     * @return whether to repeat the task
     */
    boolean goesOn(Duration pause) {
        long left = left();
        if (left <= 0) {
            return false;
        }
        LockSupport.parkNanos(Math.min(left, pause.toNanos()));
        return !Thread.currentThread().isInterrupted();
    }

    private long left() {
        return most == null ? Long.MAX_VALUE : most.toNanos() - (System.nanoTime() - begun);
    }
}
