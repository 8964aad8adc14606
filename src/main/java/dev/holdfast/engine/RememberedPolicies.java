package dev.holdfast.engine;

import dev.holdfast.model.PolicyFinding;
import dev.holdfast.model.PolicySet;
import dev.holdfast.model.PolicySubject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Evaluates policies once per subject, although a plan checks each step twice and a plan is made after each result. The
 * findings depend only on the subject. Not safe for use by several threads.
 */
final class RememberedPolicies {
    private PolicySet policies = PolicySet.NONE;
    private Map<PolicySubject, List<PolicyFinding>> former = Map.of();
    private Map<PolicySubject, List<PolicyFinding>> findings = new HashMap<>();

    /** The policies for one plan. Findings that a plan does not use are forgotten with the next plan. */
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
