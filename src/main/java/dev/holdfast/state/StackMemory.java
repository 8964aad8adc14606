package dev.holdfast.state;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a stack as a whole.
 *
 * @param version of the operator that made the last complete pass
 * @param revision that was enforced then
 * @param approvals step hash → when it expires
 * @param pauses {@code Kind/name}, or {@code *} for the whole stack
 * @param drift the items of the drift report, as it shows them
 * @param lastEvent the id of the last event, so that ids go on rising
 */
public record StackMemory(
        @Nullable String version,
        @Nullable String revision,
        Map<String, Instant> approvals,
        Map<String, Pause> pauses,
        @Nullable JsonNode drift,
        long lastEvent) {
    public static final StackMemory NONE = new StackMemory(null, null, Map.of(), Map.of(), null, 0);

    /** @param until it ends by itself then */
    public record Pause(Instant since, Instant until, String reason) {}

    public StackMemory passed(String byVersion, String ofRevision) {
        return new StackMemory(byVersion, ofRevision, approvals, pauses, drift, lastEvent);
    }

    public StackMemory approvals(Map<String, Instant> now) {
        return new StackMemory(version, revision, Map.copyOf(now), pauses, drift, lastEvent);
    }

    public StackMemory pauses(Map<String, Pause> now) {
        return new StackMemory(version, revision, approvals, Map.copyOf(now), drift, lastEvent);
    }

    public StackMemory drift(JsonNode now) {
        return new StackMemory(version, revision, approvals, pauses, now, lastEvent);
    }

    public StackMemory lastEvent(long id) {
        return new StackMemory(version, revision, approvals, pauses, drift, id);
    }
}
