package dev.holdfast.model;

import java.util.List;

/** The policies of the guardrails, ready to be asked. Safe for use by many threads. */
@FunctionalInterface
public interface PolicySet {
    PolicySet NONE = subject -> List.of();

    /** @return what the subject does not comply with, in the order of the policies */
    List<PolicyFinding> check(PolicySubject subject);
}
