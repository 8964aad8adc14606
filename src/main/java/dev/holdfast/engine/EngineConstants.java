package dev.holdfast.engine;

import java.time.Duration;

/** The engine's constants: the same in the demo, in tests and in production; only the clock is driven. */
public final class EngineConstants {
    /** How long an unseen create may still appear. */
    public static final Duration CREATE_GRACE = Duration.ofMinutes(5);
    /** How long our own write may take to show in a read. */
    public static final Duration WRITE_VISIBLE = Duration.ofSeconds(15);
    /** No slow facet is older than this. */
    public static final Duration SLOW_FACET_AGE = Duration.ofMinutes(10);

    /** The same while change events report every change. */
    public static final Duration SLOW_FACET_AGE_WITH_EVENTS = Duration.ofHours(1);

    /** How old the dates of AWS's calendar may be, and how long AWS may work on a change. */
    static final Duration DAILY = Duration.ofDays(1);
    /** Between two searches for orphans over all kinds. */
    public static final Duration SWEEP = Duration.ofHours(1);
    /** Until the failed part of a search is searched again. */
    public static final Duration SWEEP_AGAIN = Duration.ofMinutes(5);
    /** Until the first look at a resource on which AWS is still working. */
    public static final Duration LOOK_FIRST = Duration.ofSeconds(2);
    /** The longest pause between two looks at a resource on which AWS is still working. */
    public static final Duration LOOK_MOST = Duration.ofSeconds(15);

    public static final Duration BUSY = Duration.ofSeconds(15);
    public static final Duration DENIED = Duration.ofMinutes(5);
    public static final Duration BACKOFF_FIRST = Duration.ofSeconds(2);
    public static final Duration BACKOFF_MOST = Duration.ofMinutes(5);
    /** A repair that is undone within this time is contested. */
    public static final Duration CONTESTED_WITHIN = Duration.ofMinutes(30);
    /** Repairs of one thing that go without a pause. */
    public static final int CONTESTED_FREE = 3;

    public static final Duration APPROVAL = Duration.ofHours(24);
    /** How long a repaired item stays in the drift report. */
    public static final Duration REPAIRED_SHOWN = Duration.ofHours(24);
    /** A failed rollout is tried once more by itself if a dependency changed within this. */
    public static final Duration ROLLOUT_SECOND_TRY = Duration.ofMinutes(10);
    /** A pass ends after this at the latest, and the next one goes on with what is in flight. */
    public static final Duration PASS_MOST = Duration.ofMinutes(5);
    /** If no pass has ended for this long, the process is not well. */
    public static final Duration PASS_MISSING = Duration.ofMinutes(10);
    /** How often one pass begins a step of one resource at most; more than any resource needs. */
    public static final int STEPS_PER_PASS = 60;
    /** Steps of one kind in flight at most: few enough that a changed mind counts soon, more than a quota admits meanwhile. */
    public static final int IN_FLIGHT_PER_KIND = 16;
    /** Looks at resources of one kind under way at most: a slow one does not hold up the rest, and what follows is read together. */
    public static final int LOOKS_PER_KIND = 2;
    /** How old a read may be on which a write relies. */
    public static final Duration READ_IS_FRESH = Duration.ofSeconds(15);

    /** Resources that change events name together and that are asked for one by one, at most. */
    public static final int POINT_READS = 20;

    public static final int PARALLELISM = 64;

    private EngineConstants() {}
}
