package dev.holdfast.engine;

import dev.holdfast.model.Plan;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Presence;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.plan.Verdict;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The knowledge and the decisions about every resource of a stack at one moment.
 *
 * @param verdicts of the plan's steps, in its order
 * @param retained resources that are no longer desired and are kept in AWS
 * @param unread resources that a step is writing, or that no read has shown since their last step
 * @param unused by resource, the former dependencies that no object uses any more
 * @param advice by resource, what to do if its document was renamed
 */
record Assessment(
        Map<ResourceId, ManagedResource<?>> managed,
        Map<ResourceId, ResourceAssessment> resources,
        Plan plan,
        Map<Step, Verdict> verdicts,
        Set<ResourceId> retained,
        Set<ResourceId> unread,
        Map<ResourceId, Set<ResourceId>> unused,
        Map<ResourceId, String> advice) {

    /** The steps that may begin, in the order of the plan. */
    List<Step> allowed() {
        return verdicts.entrySet().stream()
                .filter(e -> e.getValue() instanceof Verdict.Allowed)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The resources that AWS is working on or that cannot be read, and those of steps that may begin. */
    Set<ResourceId> restless() {
        Set<ResourceId> open = new HashSet<>();
        resources.forEach((id, one) -> {
            if (isRestless(one)) {
                open.add(id);
            }
        });
        allowed().forEach(step -> open.add(step.resource()));
        return open;
    }

    /** The resources of the failed steps that are due again. */
    Set<ResourceId> dueAgain(Instant now) {
        return verdicts.entrySet().stream()
                .filter(e -> e.getValue() instanceof Verdict.RetryAt later && !now.isBefore(later.at()))
                .map(e -> e.getKey().resource())
                .collect(Collectors.toSet());
    }

    /** The time at which the first step is due again; {@link Instant#MAX} if no step is. */
    Instant nextRetry() {
        return verdicts.values().stream()
                .filter(v -> v instanceof Verdict.RetryAt)
                .map(v -> ((Verdict.RetryAt) v).at())
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
    }

    /**
     * The resources of which it is not known whether they need a step, because they cannot be read. A resource that is
     * kept although it is no longer desired needs none.
     */
    Set<ResourceId> undecided() {
        return resources.values().stream()
                .filter(one -> one.presence() instanceof Presence.Unclear && !retained.contains(one.id()))
                .map(ResourceAssessment::id)
                .collect(Collectors.toSet());
    }

    /** Whether AWS agrees with the revision: every resource was read, and none needs a step. */
    boolean isEnforced() {
        return plan.isEmpty() && undecided().isEmpty();
    }

    /** The hashes of the steps that a limit holds until a person approves them. */
    Set<String> heldByLimit() {
        return verdicts.entrySet().stream()
                .filter(e -> e.getValue() instanceof Verdict.Held h && h.reason() == Reason.LimitExceeded
                        || e.getValue() instanceof Verdict.AfterReplacement follows && follows.approvable())
                .map(e -> e.getKey().hash())
                .collect(Collectors.toSet());
    }

    private static boolean isRestless(ResourceAssessment resource) {
        return switch (resource.presence()) {
            case Presence.Present p -> resource.isDesired() && !ObservationStore.settled(p.known());
            case Presence.Deleting d -> true;
            case Presence.Unclear u -> true;
            case Presence.Missing m -> false;
            case Presence.NameTaken t -> false;
        };
    }
}
