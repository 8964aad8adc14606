package dev.holdfast.aws;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The request ids of the writes that this installation has sent, so that change events of them are recognised. A role's name
 * would not do: others may assume the role. Safe for use by many threads.
 */
public final class OwnCalls {
    /** An event that comes later than this is not waited for. */
    public static final Duration KEPT = Duration.ofHours(1);

    private static final int MOST = 20_000;

    private final Clock clock;
    /** In the order in which they were learned. */
    private final Map<String, Instant> known = new LinkedHashMap<>();
    /** Those that were not handed out yet, to be kept for other processes. Nobody takes them while events are off. */
    private final LinkedHashMap<String, Instant> fresh = new LinkedHashMap<>();

    public OwnCalls(Clock clock) {
        this.clock = clock;
    }

    /** A write of this process was answered. */
    synchronized void made(String requestId) {
        Instant now = clock.instant();
        fresh.put(requestId, now);
        if (fresh.size() > MOST) {
            fresh.pollFirstEntry();
        }
        learn(Map.of(requestId, now));
    }

    /** Writes that another process of the installation has sent, or this one before a restart. */
    public synchronized void learn(Map<String, Instant> calls) {
        Instant horizon = clock.instant().minus(KEPT);
        calls.forEach((id, at) -> {
            if (at.isAfter(horizon)) {
                known.putIfAbsent(id, at);
            }
        });
        Iterator<Instant> oldest = known.values().iterator();
        while (oldest.hasNext()) {
            boolean old = oldest.next().isBefore(horizon);
            if (!old && known.size() <= MOST) {
                break;
            }
            oldest.remove();
        }
    }

    public synchronized boolean contains(String requestId) {
        return known.containsKey(requestId);
    }

    /** Those that were learned from this process's own answers since the last call. */
    public synchronized Map<String, Instant> takeFresh() {
        Map<String, Instant> taken = Map.copyOf(fresh);
        fresh.clear();
        return taken;
    }
}
