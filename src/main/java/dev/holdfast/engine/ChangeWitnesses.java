package dev.holdfast.engine;

import dev.holdfast.model.ChangeAuthor;
import dev.holdfast.model.ResourceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who changed which resource lately, as events tell it. Used by one thread. */
final class ChangeWitnesses {
    /** AWS delivers most events within seconds, and the late ones within this. */
    static final Duration LATE = Duration.ofMinutes(30);

    /** Of one resource: the last ones tell what its drift came from. */
    private static final int KEPT = 8;

    /** How far our clock and AWS's may be apart, and how long a read may take. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    /** A read may show for so long what was before a change: it does not tell that the change is undone. */
    private static final Duration STALE = EngineConstants.WRITE_VISIBLE.plus(SLACK);

    private final Map<ResourceId, Deque<ChangeAuthor>> lately = new HashMap<>();
    /** When a read last showed a resource as desired, and AWS at work on nothing of it. */
    private final Map<ResourceId, Instant> inSync = new HashMap<>();

    void inSync(ResourceId resource, Instant now) {
        inSync.put(resource, now);
    }

    void saw(ResourceId resource, ChangeAuthor by, Instant now) {
        Deque<ChangeAuthor> seen = lately.computeIfAbsent(resource, id -> new ArrayDeque<>());
        if (seen.stream().noneMatch(other -> other.eventId().equals(by.eventId()))) {
            seen.addLast(by);
        }
        if (seen.size() > KEPT) {
            seen.removeFirst();
        }
        forget(now);
    }

    /** Drift is over: who caused it has caused no later one. */
    void repaired(ResourceId resource, Instant firstSeen, @Nullable ChangeAuthor by) {
        Instant last = by != null && by.at().isAfter(firstSeen) ? by.at() : firstSeen;
        Deque<ChangeAuthor> seen = lately.get(resource);
        if (seen != null) {
            seen.removeIf(one -> !one.at().isAfter(last));
        }
    }

    /** The author of the drift that a read shows now: the last one since a read showed the resource as desired. Or null. */
    @Nullable
    ChangeAuthor authorOf(ResourceId resource) {
        Instant synced = inSync.get(resource);
        Instant since = synced == null ? Instant.MIN : synced.minus(STALE);
        Deque<ChangeAuthor> seen = lately.get(resource);
        if (seen == null) {
            return null;
        }
        ChangeAuthor latest = null;
        for (ChangeAuthor one : seen) {
            boolean counts = !one.at().isBefore(since);
            if (counts && (latest == null || !one.at().isBefore(latest.at()))) {
                latest = one;
            }
        }
        return latest;
    }

    /** Whether an event that came late may tell the author of drift that was found at this time. */
    static boolean mayExplain(ChangeAuthor by, Instant found) {
        return !by.at().isAfter(found.plus(SLACK)) && by.at().isAfter(found.minus(LATE));
    }

    private void forget(Instant now) {
        Instant horizon = now.minus(LATE);
        Iterator<Deque<ChangeAuthor>> all = lately.values().iterator();
        while (all.hasNext()) {
            Deque<ChangeAuthor> seen = all.next();
            seen.removeIf(one -> one.at().isBefore(horizon));
            if (seen.isEmpty()) {
                all.remove();
            }
        }
    }
}
