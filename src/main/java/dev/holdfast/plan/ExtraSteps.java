package dev.holdfast.plan;

import dev.holdfast.kind.Specs;
import dev.holdfast.model.Action;
import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Rollout;
import dev.holdfast.model.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Plans the restart that a resource needs, and the deletion of its further objects: replaced objects and copies. Pure.
 */
final class ExtraSteps {
    private final String revision;
    private final boolean prune;
    private final Collection<ResourceAssessment> assessments;

    ExtraSteps(String revision, boolean prune, Collection<ResourceAssessment> assessments) {
        this.revision = revision;
        this.prune = prune;
        this.assessments = assessments;
    }

    /** @param dependents the resources that depend on this one */
    List<Step> of(ResourceAssessment assessment, Set<ResourceId> dependents) {
        List<Step> steps = new ArrayList<>(restart(assessment));
        List<String> old = assessment.history().deposed();
        int keep = assessment.isDesired() ? assessment.info().keepVersions() : 0;
        for (String physicalId : old.subList(0, Math.max(0, old.size() - keep))) {
            Set<ResourceId> after =
                    keep > 0 ? users(assessment, dependents, physicalId) : referrers(assessment, dependents);
            steps.add(step(assessment, physicalId, after, false, "was replaced"));
        }
        if (mayDeleteCopies(assessment)) {
            for (String physicalId : assessment.history().copies()) {
                steps.add(step(assessment, physicalId, Set.of(), true, "carries the ownership of the resource"));
            }
        }
        return steps;
    }

    private List<Step> restart(ResourceAssessment assessment) {
        String why = assessment.approved().restart();
        if (why == null || !(assessment.presence() instanceof Presence.Present present)) {
            return List.of();
        }
        String id = present.known().identity().physicalId();
        String hash = StepHash.of(revision, assessment.id(), Action.Restart, id, List.of(), why);
        return List.of(new Step(
                assessment.id(), Action.Restart, id, List.of(), Set.of(), false, true, false, false, why, hash));
    }

    /** The resource itself, and all resources that refer to it. */
    private Set<ResourceId> referrers(ResourceAssessment assessment, Set<ResourceId> dependents) {
        Set<ResourceId> all = new TreeSet<>(dependents);
        all.add(assessment.id());
        assessments.stream()
                .filter(s -> s.isDesired() && s.deferred().contains(assessment.id()))
                .forEach(s -> all.add(s.id()));
        return all;
    }

    /**
     * The resources that may use this version. The deletion of an unused version waits for no resource, not even a
     * stalled one, because otherwise versions would accumulate.
     */
    private Set<ResourceId> users(ResourceAssessment assessment, Set<ResourceId> dependents, String version) {
        Set<ResourceId> referrers = referrers(assessment, dependents);
        Set<ResourceId> users = new TreeSet<>();
        assessments.stream()
                .filter(s -> referrers.contains(s.id()) && !s.id().equals(assessment.id()) && mayUse(s, version))
                .forEach(s -> users.add(s.id()));
        return users;
    }

    private static boolean mayUse(ResourceAssessment referrer, String version) {
        return switch (referrer.presence()) {
            case Presence.Present present -> {
                Rollout rollout = present.known().rollout();
                // A rollout may be rolled back to the former version.
                boolean settled = rollout == null || rollout.state() == Rollout.RolloutState.Completed;
                yield !settled
                        || Specs.canonicalText(Specs.json(present.known().spec()))
                                .contains('"' + version + '"');
            }
            case Presence.Missing missing -> false;
            case Presence.Deleting deleting -> true;
            case Presence.NameTaken taken -> true;
            case Presence.Unclear unclear -> true;
        };
    }

    /** Copies of stateful resources are kept, because a copy may hold data that the original does not hold. */
    private boolean mayDeleteCopies(ResourceAssessment assessment) {
        return prune
                && !assessment.info().stateful()
                && assessment.onDelete() != Lifecycle.OnDelete.Retain
                && assessment.presence() instanceof Presence.Present;
    }

    private Step step(
            ResourceAssessment assessment, String physicalId, Set<ResourceId> after, boolean risky, String reason) {
        return new Step(
                assessment.id(),
                Action.Delete,
                physicalId,
                List.of(),
                Set.copyOf(after),
                false,
                risky,
                false,
                true,
                reason,
                StepHash.of(revision, assessment.id(), Action.Delete, physicalId, List.of(), reason));
    }
}
