package dev.holdfast.model;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The actions that are allowed on a resource beyond updates of its fields.
 *
 * @param onDelete what happens when the resource is no longer desired; null: the kind's default (Retain for stateful
 *     kinds)
 * @param onReplace whether a change of an immutable field may replace the resource; null: the kind's default
 * @param id the physical id to adopt, if the name does not identify the resource; or {@code Kind/name}, the former id of
 *     the resource in this stack
 * @param ignore JSON pointers into spec that are not compared
 * @param handover the user's confirmation that CloudFormation gives the resource up
 */
public record Lifecycle(
        @Nullable OnDelete onDelete,
        @Nullable OnReplace onReplace,
        Adopt adopt,
        @Nullable String id,
        Set<String> ignore,
        boolean paused,
        boolean handover) {
    public static final Lifecycle DEFAULT = new Lifecycle(null, null, Adopt.Never, null, Set.of(), false, false);

    public enum OnDelete {
        Delete,
        Retain,
        Snapshot
    }

    public enum OnReplace {
        Allow,
        Approve,
        Never
    }

    public enum Adopt {
        Never,
        IfUnowned
    }
}
