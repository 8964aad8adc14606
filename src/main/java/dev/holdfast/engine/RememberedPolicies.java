package dev.holdfast.engine;

import dev.holdfast.model.PolicyFinding;
import dev.holdfast.model.PolicySet;
import dev.holdfast.model.PolicySubject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks policies once about a subject, although each step is looked at twice in a plan, and a plan is made after each result.
 * Policies see nothing but the subject, so that the same subject has the same findings. Not safe for use by several threads.
 */
final class RememberedPolicies {
    private PolicySet policies = PolicySet.NONE;
    private Map<PolicySubject, List<PolicyFinding>> former = Map.of();
    private Map<PolicySubject, List<PolicyFinding>> findings = new HashMap<>();

    /** The policies for one plan: the findings that no plan after this one asks for are forgotten with the next. */
    PolicySet ofPlan(PolicySet policiesNow) {
        former = policiesNow == policies ? findings : Map.of();
        findings = new HashMap<>();
        policies = policiesNow;
        return policiesNow == PolicySet.NONE ? PolicySet.NONE : this::check;
    }

    private List<PolicyFinding> check(PolicySubject subject) {
        List<PolicyFinding> known = findings.get(subject);
        if (known == null) {
            List<PolicyFinding> before = former.get(subject);
            known = before == null ? policies.check(subject) : before;
            findings.put(subject, known);
        }
        return known;
    }
}
