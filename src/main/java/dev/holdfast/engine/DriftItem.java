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
 * @param physicalId the id of the resource, or of the unexpected object
 * @param repairedAt the time at which a fresh read no longer showed the drift, or null
 * @param fields the differing fields as last read; for a repaired item, as read before the repair
 * @param by the author of the drift according to an event; null: no event names an author
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
    /** Rejects an item from the state that lacks one of these fields. */
    public DriftItem {
        Objects.requireNonNull(resource, "resource is missing");
        Objects.requireNonNull(type, "type is missing");
        Objects.requireNonNull(state, "state is missing");
        Objects.requireNonNull(firstSeen, "firstSeen is missing");
        fields = List.copyOf(Objects.requireNonNull(fields, "fields is missing"));
    }

    /** Drift that is not repaired yet, and whose author no event names. */
    public static DriftItem open(
            ResourceId resource,
            @Nullable String physicalId,
            DriftType type,
            DriftState state,
            Instant firstSeen,
            List<FieldChange> fields) {
        return new DriftItem(resource, physicalId, type, state, firstSeen, null, fields, null);
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

    /**
     * Whether the unexpected object is an undeclared child, which the only field names, and not a copy of the resource.
     */
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
