package dev.holdfast.state;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.StackSettings;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The data that the state records of a stack as a whole.
 *
 * @param version the version of the operator that made the last complete pass
 * @param revision the revision that was enforced in that pass
 * @param approvals step hash → when the approval expires
 * @param pauses the pauses by {@code Kind/name}, or {@code *} for the whole stack
 * @param drift the items of the drift report
 * @param lastEvent the id of the last event, so that ids keep rising
 * @param suspects stateful resources that were missing when the state was found lost: they may have held data
 * @param undecided why Holdfast cannot decide yet whether the state was lost, or null
 * @param overLimit hashes of steps that a limit has held and that are not approved
 * @param answers the answers to requests that were carried out and may still be in the inbox, by the id of the request.
 *     They are written together with the changes of the request, so that no request is carried out twice
 * @param delegated {@code Kind/name} → the other controller that writes it, if an event has named one
 * @param newer {@code Kind/name} → the version that AWS has and that is newer than the desired one, if an event has named
 *     one
 * @param limits the limits of the revision that was last enforced as a whole; null before the first
 * @param unread the resources that the last pass could not read, so that their part of the revision may not be enforced
 * @param upgraded the resources that the operator has not read since its version changed
 * @param formerIds former {@code Kind/name} of renamed resources → their present one
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
        Map<String, String> delegated,
        Map<String, String> newer,
        StackSettings.@Nullable Limits limits,
        Set<ResourceId> unread,
        Set<ResourceId> upgraded,
        Map<String, String> formerIds) {
    public static final StackMemory NONE = new StackMemory(
            null, null, Map.of(), Map.of(), null, 0, Set.of(), null, Set.of(), Map.of(), Map.of(), Map.of(), null,
            Set.of(), Set.of(), Map.of());

    /** An object that an older version wrote has fewer members. */
    @SuppressWarnings("NullAway")
    public StackMemory {
        suspects = suspects == null ? Set.of() : Set.copyOf(suspects);
        overLimit = overLimit == null ? Set.of() : Set.copyOf(overLimit);
        answers = answers == null ? Map.of() : Map.copyOf(answers);
        delegated = delegated == null ? Map.of() : Map.copyOf(delegated);
        newer = newer == null ? Map.of() : Map.copyOf(newer);
        unread = unread == null ? Set.of() : Set.copyOf(unread);
        upgraded = upgraded == null ? Set.of() : Set.copyOf(upgraded);
        formerIds = formerIds == null ? Map.of() : Map.copyOf(formerIds);
    }

    /**
     * @param until when the pause ends by itself
     * @param by the person who made the pause; null if an older version recorded it
     */
    public record Pause(
            Instant since,
            Instant until,
            String reason,
            @Nullable String by) {}

    public StackMemory passed(String byVersion, String ofRevision) {
        return with(m -> {
            m.version = byVersion;
            m.revision = ofRevision;
        });
    }

    public StackMemory approvals(Map<String, Instant> now) {
        return with(m -> m.approvals = Map.copyOf(now));
    }

    public StackMemory pauses(Map<String, Pause> now) {
        return with(m -> m.pauses = Map.copyOf(now));
    }

    public StackMemory drift(JsonNode now) {
        return with(m -> m.drift = now);
    }

    public StackMemory lastEvent(long id) {
        return with(m -> m.lastEvent = id);
    }

    public StackMemory suspects(Set<ResourceId> now) {
        return with(m -> m.suspects = now);
    }

    public StackMemory undecided(@Nullable String why) {
        return with(m -> m.undecided = why);
    }

    public StackMemory overLimit(Set<String> now) {
        return with(m -> m.overLimit = now);
    }

    public StackMemory answers(Map<String, RequestAnswer> now) {
        return with(m -> m.answers = now);
    }

    public StackMemory delegated(Map<String, String> now) {
        return with(m -> m.delegated = now);
    }

    public StackMemory newer(Map<String, String> now) {
        return with(m -> m.newer = now);
    }

    public StackMemory limits(StackSettings.Limits now) {
        return with(m -> m.limits = now);
    }

    public StackMemory unread(Set<ResourceId> now) {
        return with(m -> m.unread = now);
    }

    public StackMemory upgraded(Set<ResourceId> now) {
        return with(m -> m.upgraded = now);
    }

    public StackMemory formerIds(Map<String, String> now) {
        return with(m -> m.formerIds = now);
    }

    private StackMemory with(Consumer<Builder> change) {
        Builder changed = new Builder(this);
        change.accept(changed);
        return changed.build();
    }

    private static final class Builder {
        private @Nullable String version;
        private @Nullable String revision;
        private Map<String, Instant> approvals;
        private Map<String, Pause> pauses;
        private @Nullable JsonNode drift;
        private long lastEvent;
        private Set<ResourceId> suspects;
        private @Nullable String undecided;
        private Set<String> overLimit;
        private Map<String, RequestAnswer> answers;
        private Map<String, String> delegated;
        private Map<String, String> newer;
        private StackSettings.@Nullable Limits limits;
        private Set<ResourceId> unread;
        private Set<ResourceId> upgraded;
        private Map<String, String> formerIds;

        Builder(StackMemory old) {
            version = old.version;
            revision = old.revision;
            approvals = old.approvals;
            pauses = old.pauses;
            drift = old.drift;
            lastEvent = old.lastEvent;
            suspects = old.suspects;
            undecided = old.undecided;
            overLimit = old.overLimit;
            answers = old.answers;
            delegated = old.delegated;
            newer = old.newer;
            limits = old.limits;
            unread = old.unread;
            upgraded = old.upgraded;
            formerIds = old.formerIds;
        }

        StackMemory build() {
            return new StackMemory(
                    version, revision, approvals, pauses, drift, lastEvent, suspects, undecided, overLimit, answers,
                    delegated, newer, limits, unread, upgraded, formerIds);
        }
    }
}
