package dev.holdfast.state;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.model.ResourceId;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the state records of a stack as a whole.
 *
 * @param version of the operator that made the last complete pass
 * @param revision that was enforced then
 * @param approvals step hash → when it expires
 * @param pauses {@code Kind/name}, or {@code *} for the whole stack
 * @param drift the items of the drift report
 * @param lastEvent the id of the last event, so that ids go on rising
 * @param suspects stateful resources that were missing when the state was found lost: they may have held data
 * @param undecided why it cannot be told yet whether the state was lost, or null
 * @param overLimit hashes of steps that a limit has held and nobody has approved
 * @param answers to requests that were carried out and may still be in the inbox, by the id of the request: written
 *     together with what the request changes, so that none is carried out twice
 * @param delegated {@code Kind/name} → which other controller writes it, where an event has told so
 */
public record StackMemory(
        @Nullable String version,
        @Nullable String revision,
        Map<String, Instant> approvals,
        Map<String, Pause> pauses,
        @Nullable JsonNode drift,
        long lastEvent,
        Set<ResourceId> suspects,
        @Nullable String undecided,
        Set<String> overLimit,
        Map<String, RequestAnswer> answers,
        Map<String, String> delegated) {
    public static final StackMemory NONE =
            new StackMemory(null, null, Map.of(), Map.of(), null, 0, Set.of(), null, Set.of(), Map.of(), Map.of());

    /** An object that an older version wrote has fewer members. */
    @SuppressWarnings("NullAway")
    public StackMemory {
        suspects = suspects == null ? Set.of() : Set.copyOf(suspects);
        overLimit = overLimit == null ? Set.of() : Set.copyOf(overLimit);
        answers = answers == null ? Map.of() : Map.copyOf(answers);
        delegated = delegated == null ? Map.of() : Map.copyOf(delegated);
    }

    /**
     * @param until when the pause ends by itself
     * @param by who made it, or null if an older version recorded it
     */
    public record Pause(
            Instant since,
            Instant until,
            String reason,
            @Nullable String by) {}

    public StackMemory passed(String byVersion, String ofRevision) {
        return new StackMemory(
                byVersion, ofRevision, approvals, pauses, drift, lastEvent, suspects, undecided, overLimit, answers, delegated);
    }

    public StackMemory approvals(Map<String, Instant> now) {
        return new StackMemory(
                version, revision, Map.copyOf(now), pauses, drift, lastEvent, suspects, undecided, overLimit, answers, delegated);
    }

    public StackMemory pauses(Map<String, Pause> now) {
        return new StackMemory(
                version,
                revision,
                approvals,
                Map.copyOf(now),
                drift,
                lastEvent,
                suspects,
                undecided,
                overLimit,
                answers, delegated);
    }

    public StackMemory drift(JsonNode now) {
        return new StackMemory(
                version, revision, approvals, pauses, now, lastEvent, suspects, undecided, overLimit, answers, delegated);
    }

    public StackMemory lastEvent(long id) {
        return new StackMemory(
                version, revision, approvals, pauses, drift, id, suspects, undecided, overLimit, answers, delegated);
    }

    public StackMemory suspects(Set<ResourceId> now) {
        return new StackMemory(
                version, revision, approvals, pauses, drift, lastEvent, now, undecided, overLimit, answers, delegated);
    }

    public StackMemory undecided(@Nullable String why) {
        return new StackMemory(
                version, revision, approvals, pauses, drift, lastEvent, suspects, why, overLimit, answers, delegated);
    }

    public StackMemory overLimit(Set<String> now) {
        return new StackMemory(
                version, revision, approvals, pauses, drift, lastEvent, suspects, undecided, now, answers, delegated);
    }

    public StackMemory answers(Map<String, RequestAnswer> now) {
        return new StackMemory(
                version, revision, approvals, pauses, drift, lastEvent, suspects, undecided, overLimit, now, delegated);
    }

    public StackMemory delegated(Map<String, String> now) {
        return new StackMemory(
                version, revision, approvals, pauses, drift, lastEvent, suspects, undecided, overLimit, answers, now);
    }
}
