package dev.holdfast.plan;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.PolicyAction;
import dev.holdfast.model.PolicyFinding;
import dev.holdfast.model.PolicySet;
import dev.holdfast.model.PolicySubject;
import dev.holdfast.model.PolicySubject.PolicyStep;
import dev.holdfast.model.Step;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The findings of the guardrails' policies for a step. An update that only repairs drift complies, because the policies
 * were evaluated when the values were applied. Pure.
 */
public record PolicyFindings(List<PolicyFinding> all) {
    private static final PolicyFindings NONE = new PolicyFindings(List.of());

    public static PolicyFindings of(Step step, ResourceAssessment assessment, GuardInput input) {
        PolicySet policies = input.guarded().policies();
        if (policies == PolicySet.NONE
                || step.action() == Action.NoOp
                || step.action() == Action.Forget
                || isRepair(step)) {
            return NONE;
        }
        return new PolicyFindings(policies.check(subject(step, assessment, input)));
    }

    private static boolean isRepair(Step step) {
        return step.action() == Action.Update
                && !step.changes().isEmpty()
                && step.changes().stream().allMatch(FieldChange::isDrift);
    }

    /**
     * Whether the step has unknown values. Such a step is blocked, and the policies are evaluated again once the values
     * are known.
     */
    private static boolean waits(Step step, ResourceAssessment assessment) {
        return (step.action() == Action.Create && !assessment.unresolved().isEmpty())
                || step.changes().stream().anyMatch(FieldChange::knownAfterApply);
    }

    private static PolicySubject subject(Step step, ResourceAssessment assessment, GuardInput input) {
        boolean leaves = step.action() == Action.Delete;
        Set<String> changed = new TreeSet<>();
        step.changes().forEach(change -> changed.add(change.component()));
        return new PolicySubject(
                step.resource(),
                assessment.desired() == null ? null : assessment.desired().owner(),
                new PolicyStep(step.action(), changed, GuardedChanges.of(step, assessment), waits(step, assessment)),
                leaves ? nothing() : json(assessment.spec()),
                leaves ? Set.of() : pointers(assessment.unresolved()),
                json(observed(assessment.presence())),
                input.settings(),
                input.guarded().author());
    }

    private static Set<String> pointers(Set<String> components) {
        return components.stream().map(component -> "/" + component).collect(Collectors.toUnmodifiableSet());
    }

    private static @Nullable Record observed(Presence presence) {
        return switch (presence) {
            case Presence.Present present -> present.known().spec();
            case Presence.NameTaken taken -> taken.known().spec();
            case Presence.Missing missing -> null;
            case Presence.Deleting deleting -> null;
            case Presence.Unclear unclear -> null;
        };
    }

    private static ObjectNode json(@Nullable Record spec) {
        return spec == null ? nothing() : (ObjectNode) Masks.shown(spec);
    }

    private static ObjectNode nothing() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The reason why the step is not applied; null if no policy denies it. */
    @Nullable
    String denied() {
        return words(PolicyAction.deny);
    }

    /** The reason why the step waits for an approval; null if no policy holds it. */
    @Nullable
    String held() {
        return words(PolicyAction.hold);
    }

    private @Nullable String words(PolicyAction action) {
        String words = all.stream()
                .filter(finding -> finding.action() == action)
                .map(PolicyFinding::words)
                .collect(Collectors.joining("; "));
        return words.isEmpty() ? null : words;
    }

    /** The warnings that users receive about the step. */
    public List<String> warnings() {
        return all.stream()
                .filter(finding -> finding.action() == PolicyAction.warn)
                .map(PolicyFinding::words)
                .toList();
    }
}
