package dev.holdfast.engine;

import dev.holdfast.kind.Observation.Known;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last calls towards gone: the same call is not repeated before it can have shown what it did. */
final class Deletions {
    private record Sent(Known<?> before, Instant at) {}

    private final Map<String, Sent> sent = new HashMap<>();

    /** @return whether the next call may be sent, which then counts as sent */
    synchronized boolean mayGoOn(String physicalId, Known<?> now, Instant at) {
        @Nullable Sent last = sent.get(physicalId);
        if (last != null && last.before().equals(now) && at.isBefore(last.at().plus(Tunings.WRITE_VISIBLE))) {
            return false;
        }
        sent.values().removeIf(s -> !at.isBefore(s.at().plus(Tunings.WRITE_VISIBLE)));
        sent.put(physicalId, new Sent(now, at));
        return true;
    }
}
