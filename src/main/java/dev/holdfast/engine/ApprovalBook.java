package dev.holdfast.engine;

import dev.holdfast.model.Action;
import dev.holdfast.model.Event;
import dev.holdfast.model.Plan;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Guard;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.state.HeldStep;
import dev.holdfast.state.StackMemory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The approvals of a stack, and the steps that wait for one. An approval is valid for one step, once. A resource that
 * cannot be read has no step in the plan: its approvals and its holds stay until a read decides. Used by one thread.
 */
final class ApprovalBook {
    private final SessionContext context;
    /** The resources of the steps that this pass or the last one has planned, by the hashes of the steps. */
    private Map<String, ResourceId> planned = new HashMap<>();

    private List<HeldStep> held;
    private Set<String> overLimit = Set.of();

    ApprovalBook(SessionContext context) {
        this.context = context;
        this.held = context.state().held();
        held.forEach(step -> planned.put(step.hash(), step.resource()));
    }

    /** The hashes of the steps that are approved now. */
    Set<String> valid() {
        Set<String> approved = new HashSet<>();
        Instant now = context.now();
        context.state().memory().approvals().forEach((hash, until) -> {
            if (now.isBefore(until)) {
                approved.add(hash);
            }
        });
        return approved;
    }

    /**
     * Takes note of a plan while there are approvals. An approval that was given before all values of a step were known
     * stays valid for limits once they are known.
     */
    void planned(Plan plan, Map<ResourceId, ResourceAssessment> resources) {
        if (context.state().memory().approvals().isEmpty()) {
            return;
        }
        planned.putAll(byHash(plan));
        Set<ResourceId> replaced = plan.steps().stream()
                .filter(s -> s.action() == Action.Replace)
                .map(Step::resource)
                .collect(Collectors.toSet());
        context.state().update(memory -> {
            Map<String, Instant> approvals = new HashMap<>(memory.approvals());
            for (Step step : plan.steps()) {
                Instant until = memory.approvals().get(step.hash());
                ResourceAssessment resource = resources.get(step.resource());
                boolean grows = resource != null
                        && resource.references().values().stream()
                                .flatMap(Set::stream)
                                .anyMatch(replaced::contains);
                if (until != null && grows) {
                    approvals.putIfAbsent(Guard.foretold(plan, step), until);
                }
            }
            return memory.approvals(approvals);
        });
    }

    /**
     * Takes over the plan at the end of a pass, and reports approvals without effect.
     *
     * @param begun the resources of which this pass has begun steps
     */
    void endPass(Assessment assessment, Revision revision, Set<ResourceId> begun) {
        Set<ResourceId> undecided = assessment.undecided();
        Map<String, ResourceId> now = byHash(assessment.plan());
        StackMemory memory = context.state().memory();
        boolean same = memory.revision() == null || memory.revision().equals(revision.sha256());
        Map<String, ResourceId> waiting = new HashMap<>();
        if (same) {
            planned.forEach((hash, id) -> {
                if (undecided.contains(id) && !begun.contains(id)) {
                    waiting.put(hash, id);
                }
            });
        }
        waiting.putAll(now);
        report(memory, waiting.keySet(), hash -> isUseless(planned.get(hash), begun, undecided, same), same);
        held = held(assessment, undecided, waiting.keySet());
        overLimit = overLimit(assessment, memory, same && !undecided.isEmpty() ? memory.overLimit() : now.keySet());
        planned = waiting;
        context.state().keepHeld(held);
    }

    /** The memory with the approvals that are still of use, and the holds. */
    StackMemory rememberIn(StackMemory memory) {
        Instant now = context.now();
        Map<String, Instant> approvals = new HashMap<>(memory.approvals());
        approvals.keySet().retainAll(planned.keySet());
        approvals.values().removeIf(until -> !now.isBefore(until));
        return memory.approvals(approvals).overLimit(overLimit);
    }

    private List<HeldStep> held(Assessment assessment, Set<ResourceId> undecided, Set<String> waiting) {
        List<HeldStep> all = new ArrayList<>(NeededApprovals.of(assessment.verdicts()));
        held.stream()
                .filter(step -> undecided.contains(step.resource()) && waiting.contains(step.hash()))
                .forEach(all::add);
        return all;
    }

    private static Set<String> overLimit(Assessment assessment, StackMemory memory, Set<String> kept) {
        Set<String> all = new HashSet<>(memory.overLimit());
        all.retainAll(kept);
        all.addAll(assessment.heldByLimit());
        return all;
    }

    private static Map<String, ResourceId> byHash(Plan plan) {
        Map<String, ResourceId> all = new HashMap<>();
        for (Step step : plan.steps()) {
            all.put(step.hash(), step.resource());
            all.put(Guard.foretold(plan, step), step.resource());
            all.put(Guard.withdrawnNow(step), step.resource());
        }
        return all;
    }

    /**
     * Whether an approval of a step that is not in the plan had no effect. If the step was begun, it has used up the
     * approval.
     *
     * @param id the resource of the step; null if only a former process has planned the step
     */
    private static boolean isUseless(
            @Nullable ResourceId id, Set<ResourceId> begun, Set<ResourceId> undecided, boolean same) {
        return !same || (id == null ? !undecided.isEmpty() : !begun.contains(id));
    }

    /** Reports approvals without effect: expired ones, and those of steps that do not exist any more. */
    private void report(StackMemory memory, Set<String> waiting, Predicate<String> useless, boolean same) {
        Set<String> expired = new TreeSet<>();
        Set<String> dropped = new TreeSet<>();
        memory.approvals().forEach((hash, until) -> {
            if (!waiting.contains(hash)) {
                if (useless.test(hash)) {
                    dropped.add(Guard.approvedStep(hash));
                }
            } else if (!context.now().isBefore(until)) {
                expired.add(Guard.approvedStep(hash));
            }
        });
        if (!expired.isEmpty()) {
            report("ApprovalExpired", "approvals have expired before their steps could begin: ", expired);
        }
        if (!dropped.isEmpty()) {
            report(
                    "ApprovalDropped",
                    same
                            ? "approvals were given to steps that are not needed any more: "
                            : "approvals were given to steps that do not exist in the plan of the new revision: ",
                    dropped);
        }
    }

    private void report(String reason, String message, Set<String> hashes) {
        context.events().add(null, Event.Severity.Warning, reason, message + String.join(", ", hashes));
    }
}
