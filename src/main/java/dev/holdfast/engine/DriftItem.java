package dev.holdfast.engine;

import dev.holdfast.model.ChangeAuthor;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.ResourceId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the drift report.
 *
 * @param physicalId of the resource; of an unexpected object: its own
 * @param repairedAt when a fresh read showed that it is over, or null
 * @param fields that differ, as they were read last; of a repaired item, as they were read before the repair
 * @param by who caused it, as an event tells; null: no event does
 */
public record DriftItem(
        ResourceId resource,
        @Nullable String physicalId,
        DriftType type,
        DriftState state,
        Instant firstSeen,
        @Nullable Instant repairedAt,
        List<FieldChange> fields,
        @Nullable ChangeAuthor by) {
    /** What is read back from the state without one of these is no item: reading it fails here. */
    public DriftItem {
        Objects.requireNonNull(resource);
        Objects.requireNonNull(type);
        Objects.requireNonNull(state);
        Objects.requireNonNull(firstSeen);
        fields = List.copyOf(fields);
    }

    /** Drift of which no event tells who caused it. */
    public DriftItem(
            ResourceId resource,
            @Nullable String physicalId,
            DriftType type,
            DriftState state,
            Instant firstSeen,
            @Nullable Instant repairedAt,
            List<FieldChange> fields) {
        this(resource, physicalId, type, state, firstSeen, repairedAt, fields, null);
    }

    public enum DriftType {
        Modified,
        Missing,
        Unexpected
    }

    public enum DriftState {
        Detected,
        Repairing,
        Repaired,
        AwaitingApproval,
        Contested,
        Stalled
    }

    /** Whether it is no copy of the resource but an undeclared child, which its only field names. */
    public boolean isChild() {
        return type == DriftType.Unexpected && !fields.isEmpty();
    }

    DriftItem in(DriftState now) {
        return new DriftItem(resource, physicalId, type, now, firstSeen, repairedAt, fields, by);
    }

    DriftItem repaired(Instant at) {
        return new DriftItem(resource, physicalId, type, DriftState.Repaired, firstSeen, at, fields, by);
    }

    DriftItem with(List<FieldChange> now) {
        return new DriftItem(resource, physicalId, type, state, firstSeen, repairedAt, now, by);
    }

    DriftItem by(ChangeAuthor author) {
        return new DriftItem(resource, physicalId, type, state, firstSeen, repairedAt, fields, author);
    }
}
