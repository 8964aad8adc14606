package dev.holdfast.engine;

import java.time.Duration;

/** Updates the view of a stack after a plan, but not after each of many plans in a row. Used by one thread. */
final class PacedView implements Runnable {
    /** The minimum time between two views that are made during one pass. */
    private static final Duration EVERY = Duration.ofMillis(500);

    private final Runnable update;
    private long last = System.nanoTime() - EVERY.toNanos();

    PacedView(Runnable update) {
        this.update = update;
    }

    @Override
    public void run() {
        long now = System.nanoTime();
        if (now - last >= EVERY.toNanos()) {
            last = now;
            update.run();
        }
    }
}
