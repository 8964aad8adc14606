package dev.holdfast.aws;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The request ids of the writes that this installation has sent, by which their change events are recognised. The name
 * of the role does not suffice, because other principals may assume the role. Safe for use by many threads.
 */
public final class OwnCalls {
    /** The time for which a call is remembered. An event that arrives later is not recognised. */
    public static final Duration KEPT = Duration.ofHours(1);

    private static final int MOST = 20_000;

    private final Clock clock;
    /** The calls in the order in which they were learned. */
    private final Map<String, Instant> known = new LinkedHashMap<>();
    /** The calls that still have to be stored for other processes. While events are off, nothing takes them. */
    private final LinkedHashMap<String, Instant> fresh = new LinkedHashMap<>();

    public OwnCalls(Clock clock) {
        this.clock = clock;
    }

    /** Records a write of this process that AWS has answered. */
    synchronized void made(String requestId) {
        Instant now = clock.instant();
        fresh.put(requestId, now);
        if (fresh.size() > MOST) {
            fresh.pollFirstEntry();
        }
        learn(Map.of(requestId, now));
    }

    /** Adds writes of another process of the installation, or of this process before a restart. */
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

    /** The writes of this process since the last call of this method. */
    public synchronized Map<String, Instant> takeFresh() {
        Map<String, Instant> taken = Map.copyOf(fresh);
        fresh.clear();
        return taken;
    }
}
