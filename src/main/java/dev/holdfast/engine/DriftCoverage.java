package dev.holdfast.engine;

import dev.holdfast.model.ResourceId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The share of a stack's drift that change events reported. While they report all drift, slow facets need not be read
 * as often. Safe for use by many threads.
 */
public final class DriftCoverage {
    /** For this long, events must have reported all drift before the engine relies on them. */
    static final Duration PROVEN = Duration.ofDays(1);

    private @Nullable Instant readableSince;
    private @Nullable Instant missedAt;
    /** Drift that a pass found and that no event has reported yet. */
    private final Map<ResourceId, Instant> unreported = new HashMap<>();

    private long found;
    private long reported;
    private long repairs;
    private Duration untilRepaired = Duration.ZERO;

    /**
     * The counts for a monitoring system.
     *
     * @param found items of drift that were found while events were readable
     * @param reported the items among them that an event reported, before or after the pass found them
     * @param repairs of drift whose author, and therefore whose time, is known
     * @param untilRepaired the sum of the times from the change until a read showed the repair
     */
    public record CoverageCounts(long found, long reported, long repairs, Duration untilRepaired) {}

    /** Records whether the queue of events can be read now. */
    public synchronized void readable(boolean yes, Instant now) {
        if (!yes) {
            readableSince = null;
        } else if (readableSince == null) {
            readableSince = now;
        }
    }

    synchronized void found(ResourceId resource, boolean byEvent, Instant now) {
        if (readableSince == null) {
            return;
        }
        found++;
        if (byEvent) {
            reported++;
        } else {
            unreported.put(resource, now);
            missedAt = now;
        }
    }

    /** An event has arrived after a pass found the drift that the event reports. */
    synchronized void explained(ResourceId resource) {
        if (unreported.remove(resource) != null) {
            reported++;
            missedAt = unreported.values().stream().max(Instant::compareTo).orElse(null);
        }
    }

    synchronized void repaired(DriftItem item, Instant now) {
        if (item.by() != null) {
            repairs++;
            untilRepaired = untilRepaired.plus(Duration.between(item.by().at(), now));
        }
    }

    /** The permitted age of a slow facet. It is higher while events are known to report every change. */
    Duration slowFacetAge(Instant now) {
        return reportsAll(now) ? EngineConstants.SLOW_FACET_AGE_WITH_EVENTS : EngineConstants.SLOW_FACET_AGE;
    }

    /**
     * The permitted age of the tagging API's answers. The API is read in each pass unless events are known to report
     * every change.
     */
    Duration indexAge(Instant now) {
        return reportsAll(now) ? EngineConstants.SLOW_FACET_AGE_WITH_EVENTS : Duration.ZERO;
    }

    private synchronized boolean reportsAll(Instant now) {
        Instant proven = now.minus(PROVEN);
        unreported.values().removeIf(at -> at.isBefore(proven));
        return readableSince != null
                && !readableSince.isAfter(proven)
                && (missedAt == null || missedAt.isBefore(proven));
    }

    public synchronized CoverageCounts counts() {
        return new CoverageCounts(found, reported, repairs, untilRepaired);
    }
}
