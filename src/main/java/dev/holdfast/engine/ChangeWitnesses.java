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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The recent changes of resources and their authors, as change events report them. Used by one thread. */
final class ChangeWitnesses {
    /** AWS delivers most events within seconds, and late events within this time. */
    static final Duration LATE = Duration.ofMinutes(30);

    /** How many changes of one resource are kept: its drift comes from the last ones. */
    private static final int KEPT = 8;

    /** The allowance for the difference between our clock and AWS's, and for the duration of a read. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    /** For this long, a read may show the state before a change: that does not prove that the change is undone. */
    private static final Duration STALE = EngineConstants.WRITE_VISIBLE.plus(SLACK);

    private final Map<ResourceId, Deque<ChangeAuthor>> lately = new HashMap<>();
    /** The time at which a read last showed a resource as desired, while AWS was not working on it. */
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

    /** Forgets the changes that led to the repaired drift, because they cannot explain later drift. */
    void repaired(ResourceId resource, Instant firstSeen, @Nullable ChangeAuthor by) {
        Instant last = by != null && by.at().isAfter(firstSeen) ? by.at() : firstSeen;
        Deque<ChangeAuthor> seen = lately.get(resource);
        if (seen != null) {
            seen.removeIf(one -> !one.at().isAfter(last));
        }
    }

    /** The author of the drift that a read shows now: the last one since the resource was in sync, or null. */
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

    /** Whether a late event may name the author of drift that was found at this time. */
    static boolean mayExplain(ChangeAuthor by, Instant found) {
        return !by.at().isAfter(found.plus(SLACK)) && by.at().isAfter(found.minus(LATE));
    }

    /** Forgets the resources that are no longer managed. */
    void retain(Set<ResourceId> managed) {
        lately.keySet().retainAll(managed);
        inSync.keySet().retainAll(managed);
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
