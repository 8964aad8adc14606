package dev.holdfast.model;

import java.util.List;

/** The policies of the guardrails, ready for evaluation. Safe for use by many threads. */
@FunctionalInterface
public interface PolicySet {
    PolicySet NONE = subject -> List.of();

    /** @return the policies that the subject violates, in the order of the policies */
    List<PolicyFinding> check(PolicySubject subject);
}
