package dev.holdfast.engine;

import java.time.Duration;

/** The engine's constants: the same in the demo, in tests and in production; only the clock is driven. */
public final class EngineConstants {
    /** For this long, a created object that no read has shown may still appear. */
    public static final Duration CREATE_GRACE = Duration.ofMinutes(5);
    /** The time within which a read shows our own write. */
    public static final Duration WRITE_VISIBLE = Duration.ofSeconds(15);
    /** The maximum age of a slow facet. */
    public static final Duration SLOW_FACET_AGE = Duration.ofMinutes(10);

    /** The maximum age of a slow facet while change events report every change. */
    public static final Duration SLOW_FACET_AGE_WITH_EVENTS = Duration.ofHours(1);

    /** The maximum age of the dates of AWS's calendar. */
    static final Duration DAILY = Duration.ofDays(1);
    /**
     * The longest time between a change and AWS's event about its failure: a change may wait a week for the maintenance
     * window, and AWS keeps events for two weeks.
     */
    static final Duration FAILURES_KEPT = Duration.ofDays(14);
    /** The pause between two searches for orphans over all kinds. */
    public static final Duration SWEEP = Duration.ofHours(1);
    /** The pause until the failed part of a search is repeated. */
    public static final Duration SWEEP_AGAIN = Duration.ofMinutes(5);
    /** The pause until the first light pass over a resource on which AWS is still working. */
    public static final Duration LOOK_FIRST = Duration.ofSeconds(2);
    /** The longest pause between two light passes over a resource on which AWS is still working. */
    public static final Duration LOOK_MOST = Duration.ofSeconds(15);

    public static final Duration BUSY = Duration.ofSeconds(15);
    public static final Duration DENIED = Duration.ofMinutes(5);
    public static final Duration BACKOFF_FIRST = Duration.ofSeconds(2);
    public static final Duration BACKOFF_MOST = Duration.ofMinutes(5);
    /** A repair that is undone within this time is contested. */
    public static final Duration CONTESTED_WITHIN = Duration.ofMinutes(30);
    /** The number of contested repairs of one difference that are made without a pause. */
    public static final int CONTESTED_FREE = 3;

    public static final Duration APPROVAL = Duration.ofHours(24);
    /** How long a repaired item stays in the drift report. */
    public static final Duration REPAIRED_SHOWN = Duration.ofHours(24);
    /** A failed rollout is repeated once without a request if a dependency changed within this time. */
    public static final Duration ROLLOUT_SECOND_TRY = Duration.ofMinutes(10);
    /** A pass ends after this time at the latest, and the next pass continues with the reads and steps in flight. */
    public static final Duration PASS_MOST = Duration.ofMinutes(5);
    /** If no pass has ended for this long, the process is unhealthy. */
    public static final Duration PASS_MISSING = Duration.ofMinutes(10);
    /** The maximum number of steps of one resource in one pass; it is more than any resource needs. */
    public static final int STEPS_PER_PASS = 60;
    /**
     * The maximum number of steps of one kind in flight. It is low enough that a new revision takes effect soon, and
     * higher than a quota admits meanwhile.
     */
    public static final int IN_FLIGHT_PER_KIND = 16;
    /**
     * The maximum number of light reads of one kind at a time. With two, a slow read does not delay the rest, and the
     * resources that wait are read together.
     */
    public static final int LOOKS_PER_KIND = 2;
    /** The maximum age of a read on which a write relies. */
    public static final Duration READ_IS_FRESH = Duration.ofSeconds(15);

    /** The maximum number of resources named by change events that are read one by one. */
    public static final int POINT_READS = 20;

    public static final int PARALLELISM = 64;

    private EngineConstants() {}
}
