package dev.holdfast.model;

import dev.holdfast.model.Guardrails.AllowedScope;
import dev.holdfast.model.Guardrails.GuardrailsState;
import java.util.Set;

/** Guardrails that an installation has read. */
public final class TestGuardrails {
    private TestGuardrails() {}

    public static GuardrailsState active(Guardrails guardrails) {
        return new GuardrailsState.ActiveGuardrails("s3://ours/guardrails.json", guardrails);
    }

    /** @param classes the classes of changes that need an approval */
    public static GuardrailsState requiring(Set<GuardedChange> classes, PolicySet policies) {
        return active(new Guardrails(AllowedScope.ANYTHING, null, null, null, classes, policies));
    }

    /** Guardrails that restrict only the publishers. */
    public static GuardrailsState publishing(PublishingRules rules) {
        return active(new Guardrails(AllowedScope.ANYTHING, null, null, null, Set.of(), PolicySet.NONE, rules));
    }
}
