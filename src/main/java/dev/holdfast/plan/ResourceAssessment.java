package dev.holdfast.plan;

import dev.holdfast.kind.KindInfo;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.ResourceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One resource as the planner sees it, which is desired, recorded or found to be ours.
 *
 * @param desired null if the resource is no longer desired
 * @param spec the desired spec in its normal form, without unknown values; null if the resource is no longer desired
 * @param unresolved the components that depend on outputs which are not known yet
 * @param references the resources that each component refers to, without the deferred ones
 * @param newUses the resources among them whose output the observed component does not use yet
 * @param deferred the resources that it refers to through fields that impose no order
 * @param attachers by component, the resources that attach the referenced resources and have to do so first
 * @param diff the differences that may be written now
 * @param whole all differences, including those that a failed rollout holds
 * @param following the changes that would be planned if the resources that these components refer to were replaced
 * @param history the resource's history in the state
 * @param order the order in which a replacement would delete and create
 * @param owners the other controllers that write the resource, or may write it
 * @param approved the changes that need an approval of their own
 */
public record ResourceAssessment(
        ResourceId id,
        KindInfo<?> info,
        @Nullable DesiredResource desired,
        @Nullable Record spec,
        Set<String> unresolved,
        Map<String, Set<ResourceId>> references,
        Map<String, Set<ResourceId>> newUses,
        Set<ResourceId> deferred,
        Map<String, Set<ResourceId>> attachers,
        Presence presence,
        Diff diff,
        Diff whole,
        Function<Set<String>, List<FieldChange>> following,
        ResourceHistory history,
        ReplacementOrder order,
        @Nullable String rolloutKey,
        Owners owners,
        ApprovedWork approved) {

    /**
     * The part of a resource's record that planning needs.
     *
     * @param completed whether the resource was in sync at least once since it was created
     * @param physicalId the recorded physical id
     * @param onDelete the last value in its document
     * @param dependsOn the resources that it depended on when it was last applied
     * @param deposed the physical ids of replaced objects that still exist, oldest first
     * @param copies the physical ids of further objects that carry its ownership without explanation
     * @param rolloutFailed the key of a rollout that failed and is held, or null
     * @param stuck physical ids of objects that several deletions have not removed
     * @param again whether a retry of the held rollout was requested
     * @param region the region in which it was last applied; null: that of the stack
     */
    public record ResourceHistory(
            boolean completed,
            @Nullable String physicalId,
            Lifecycle.@Nullable OnDelete onDelete,
            Set<ResourceId> dependsOn,
            List<String> deposed,
            List<String> copies,
            @Nullable String rolloutFailed,
            Set<String> stuck,
            boolean again,
            RepairHistory repairs,
            @Nullable String region) {
        public static final ResourceHistory NONE = new ResourceHistory(
                false, null, null, Set.of(), List.of(), List.of(), null, Set.of(), false, RepairHistory.NONE, null);

        /** The same history with further dependencies that the observed spec shows. */
        public ResourceHistory referringTo(Set<ResourceId> observed) {
            Set<ResourceId> all = new TreeSet<>(dependsOn);
            all.addAll(observed);
            return new ResourceHistory(
                    completed,
                    physicalId,
                    onDelete,
                    all,
                    deposed,
                    copies,
                    rolloutFailed,
                    stuck,
                    again,
                    repairs,
                    region);
        }

        /** The same history with a requested retry. */
        public ResourceHistory tryingAgain() {
            return new ResourceHistory(
                    completed,
                    physicalId,
                    onDelete,
                    dependsOn,
                    deposed,
                    copies,
                    rolloutFailed,
                    stuck,
                    true,
                    repairs,
                    region);
        }
    }

    /**
     * The past repairs of the same difference.
     *
     * @param ineffective the number of successive writes after which a fresh read was unchanged
     * @param contested whether effective repairs were undone repeatedly
     * @param notBefore the earliest time of the next write; null if it may begin at once
     */
    public record RepairHistory(
            int ineffective, boolean contested, @Nullable Instant notBefore) {
        public static final RepairHistory NONE = new RepairHistory(0, false, null);
    }

    /** The same assessment for a step that writes only this part of the difference. */
    public ResourceAssessment writing(Diff part) {
        return with(part, whole, owners);
    }

    public ResourceAssessment owners(Owners value) {
        return with(diff, whole, value);
    }

    /** The same assessment without some differences that are not ours to repair. */
    public ResourceAssessment without(Predicate<FieldChange> left) {
        return with(diff.without(left), whole.without(left), owners);
    }

    private ResourceAssessment with(Diff open, Diff all, Owners value) {
        return new ResourceAssessment(
                id,
                info,
                desired,
                spec,
                unresolved,
                references,
                newUses,
                deferred,
                attachers,
                presence,
                open,
                all,
                following,
                history,
                order,
                rolloutKey,
                value,
                approved);
    }

    public boolean isDesired() {
        return desired != null;
    }

    public Lifecycle lifecycle() {
        return desired == null ? Lifecycle.DEFAULT : desired.lifecycle();
    }

    /** The message about an observed version that is newer than the desired one, or null. */
    public @Nullable String newerVersion() {
        return spec != null && presence instanceof Presence.Present there
                ? NewerVersions.message(spec, there.known().spec(), lifecycle().ignore())
                : null;
    }

    /** All resources that this one refers to or is declared to depend on: a new set, which the caller may change. */
    public Set<ResourceId> dependencies() {
        Set<ResourceId> all = new java.util.TreeSet<>();
        if (desired != null) {
            all.addAll(desired.dependsOn());
        }
        references.values().forEach(all::addAll);
        attachers.values().forEach(all::addAll);
        all.remove(id);
        return all;
    }

    public Lifecycle.OnDelete onDelete() {
        Lifecycle.OnDelete said = desired != null ? desired.lifecycle().onDelete() : history.onDelete();
        return said != null ? said : info.stateful() ? Lifecycle.OnDelete.Retain : Lifecycle.OnDelete.Delete;
    }
}
