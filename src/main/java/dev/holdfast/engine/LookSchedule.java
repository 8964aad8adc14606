package dev.holdfast.engine;

import java.time.Duration;
import java.time.Instant;

/**
 * Schedules the light passes over resources that are not settled: soon after a write or a full pass, then after growing
 * pauses. Used by one thread.
 */
final class LookSchedule {
    private Duration delay = EngineConstants.LOOK_FIRST;
    private boolean wrote;
    /** The time at which resources that AWS is working on are due. */
    private Instant restless = Instant.MAX;
    /** The time at which the first failed attempt is due again. */
    private Instant retry = Instant.MAX;

    /** A pass begins. @param full whether it reads all resources */
    void looked(Instant now, boolean full) {
        Duration doubled = delay.multipliedBy(2);
        delay = full || wrote
                ? EngineConstants.LOOK_FIRST
                : doubled.compareTo(EngineConstants.LOOK_MOST) > 0 ? EngineConstants.LOOK_MOST : doubled;
        wrote = false;
        restless = Instant.MAX;
        retry = Instant.MAX;
    }

    void wrote(Instant now) {
        wrote = true;
        delay = EngineConstants.LOOK_FIRST;
        Instant soon = now.plus(delay);
        restless = restless.isBefore(soon) ? restless : soon;
    }

    /** @param anyRestless whether a resource is not settled; plans in between do not postpone its next read */
    void planned(Instant now, Instant nextRetry, boolean anyRestless) {
        retry = nextRetry;
        if (!anyRestless) {
            restless = Instant.MAX;
        } else if (restless.equals(Instant.MAX)) {
            restless = now.plus(delay);
        }
    }

    boolean isDue(Instant now) {
        return !now.isBefore(next());
    }

    Instant next() {
        return restless.isBefore(retry) ? restless : retry;
    }
}
