package dev.holdfast.model;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What may be done to a resource beyond keeping its fields.
 *
 * @param onDelete what happens when it is no longer desired; null: the kind's default (Retain for stateful ones)
 * @param onReplace whether an immutable change may replace it; null: the kind's default
 * @param id the physical id to adopt, where a name does not tell
 * @param ignore JSON pointers into spec that are not compared
 * @param handover the user's word that CloudFormation lets go of what it tagged
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
