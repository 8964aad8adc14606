package dev.holdfast.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What policies are asked about: a step of a plan, or a resource of a revision for which no plan was made yet.
 *
 * @param step null: no plan was made, so that policies which need one are left out
 * @param desired the spec in its normal form, without secrets; empty if the resource is no longer desired
 * @param unknown JSON pointers to the values in it that depend on outputs which do not exist yet
 * @param observed the spec as AWS has it; empty if there is no such object, or nobody knows
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
     * @param changed the top-level fields of the spec that it changes; empty for a creation or a deletion
     * @param risks the classes of guarded changes that it contains
     * @param waits whether it cannot begin before all its values are known
     */
    public record PolicyStep(Action action, Set<String> changed, Set<GuardedChange> risks, boolean waits) {}
}
