package dev.holdfast.engine;

import dev.holdfast.model.DueTime;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The times at which the passes of a stack are due. The passes write it, one after the other; any thread may read it. */
final class PassSchedule {
    private volatile DueTime nextFull = DueTime.NOW;
    private volatile DueTime next = DueTime.NOW;
    /** The time at which the next pass may begin after a failed one; null if the last pass did not fail. */
    private volatile @Nullable DueTime resting;

    private Instant begunAt = Instant.EPOCH;
    /** The latest time that the clock has shown. */
    private Instant latest = Instant.EPOCH;

    /** A pass begins. @return whether the clock went back since the last pass; a full pass is due then */
    boolean begin(Instant now) {
        boolean wentBack = wentBack(now);
        if (wentBack) {
            startAt(now);
            nextFull = DueTime.NOW;
        }
        begunAt = now;
        return wentBack;
    }

    private synchronized void startAt(Instant now) {
        latest = now;
    }

    /** Whether the clock went back since it showed its latest time. Otherwise this is its latest time. */
    private synchronized boolean wentBack(Instant now) {
        boolean back = DueTime.wentBack(latest, now);
        latest = !back && now.isAfter(latest) ? now : latest;
        return back;
    }

    boolean isFullDue(Instant now) {
        return nextFull.isDue(now);
    }

    /** Varies the interval by ten per cent, so that stacks and replicas do not run at the same time. */
    void fullAfter(Instant now, Duration interval, RandomGenerator random) {
        long millis = interval.toMillis();
        nextFull = DueTime.after(now, Duration.ofMillis(millis - millis / 10 + random.nextLong(millis / 5 + 1)));
    }

    /** A long pass ends even if the interval is long, because the liveness check has to see that passes end. */
    boolean mayEnd(Instant now) {
        return nextFull.isDue(now)
                || DueTime.after(begunAt, EngineConstants.PASS_MOST).isDue(now);
    }

    /** Whether no full pass was scheduled since this time. */
    boolean isUnscheduledSince(Instant begun) {
        return !nextFull.at().isAfter(begun);
    }

    /** A pass has failed: it is repeated after a pause. */
    void failed(Instant now) {
        nextFull = nextFull.or(DueTime.after(now, EngineConstants.BUSY));
    }

    /**
     * A pass has ended.
     *
     * @param look the time of the next light pass; {@link Instant#MAX}: none is needed
     * @return the time of the next pass
     */
    Instant ended(Instant now, Instant look) {
        next = nextFull.or(new DueTime(now, look));
        return next.at();
    }

    /** @param pausing whether the next pass begins after a pause, even while reads or steps are in flight */
    void rest(boolean pausing, Instant now) {
        resting = pausing ? nextFull.or(DueTime.after(now, EngineConstants.BUSY)) : null;
    }

    void startOver() {
        resting = null;
    }

    /** The time until which a failed pass is not repeated, or null. */
    @Nullable
    Instant restsUntil() {
        DueTime rest = resting;
        return rest == null ? null : rest.at();
    }

    /**
     * Whether a pass has to begin now. Is called about once a second, so that no step of the clock is missed.
     *
     * @param needed whether there is work that does not wait for a time
     */
    boolean isDue(Instant now, boolean needed) {
        if (wentBack(now)) {
            return true;
        }
        DueTime rest = resting;
        return rest != null ? rest.isDue(now) : needed || next.isDue(now);
    }
}
