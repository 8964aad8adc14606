package dev.holdfast.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The subject of a policy: a step of a plan, or a resource of a revision for which no plan was made yet.
 *
 * @param step null: no plan was made, so that policies which need a plan are left out
 * @param desired the spec in its normal form, without secrets; empty if the resource is no longer desired
 * @param unknown JSON pointers to the desired values that depend on outputs which do not exist yet
 * @param observed the observed spec; empty if the object does not exist or is unknown
 */
public record PolicySubject(
        ResourceId resource,
        @Nullable ResourceId composite,
        @Nullable PolicyStep step,
        ObjectNode desired,
        Set<String> unknown,
        ObjectNode observed,
        StackSettings stack,
        RevisionAuthor author) {

    /**
     * A step as policies see it.
     *
     * @param changed the top-level fields of the spec that the step changes; empty for a creation or a deletion
     * @param risks the classes of guarded changes that the step contains
     * @param waits whether the step cannot begin before all its values are known
     */
    public record PolicyStep(Action action, Set<String> changed, Set<GuardedChange> risks, boolean waits) {}
}
