package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.holdfast.model.PolicyAction;
import dev.holdfast.model.PolicyFinding;
import dev.holdfast.model.PolicySet;
import dev.holdfast.model.PolicySubject;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.RevisionAuthor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Policies are evaluated once for a subject, and again when the subject or the policies change. */
class RememberedPoliciesTest {
    private final List<PolicySubject> asked = new ArrayList<>();
    private final PolicySet policies = subject -> {
        asked.add(subject);
        return List.of(new PolicyFinding("p", PolicyAction.warn, "asked " + asked.size() + " times"));
    };
    private final RememberedPolicies remembered = new RememberedPolicies();

    private static PolicySubject threshold(int value) {
        return new PolicySubject(
                ResourceId.parse("Alarm/a"),
                null,
                null,
                JsonNodeFactory.instance.objectNode().put("threshold", value),
                Set.of(),
                JsonNodeFactory.instance.objectNode(),
                null,
                RevisionAuthor.UNKNOWN);
    }

    @Test
    void asksOnceInAPlanAndInTheNextOne() {
        PolicySet first = remembered.ofPlan(policies);
        List<PolicyFinding> findings = first.check(threshold(1));

        assertThat(first.check(threshold(1))).isEqualTo(findings);
        assertThat(remembered.ofPlan(policies).check(threshold(1))).isEqualTo(findings);
        assertThat(asked).hasSize(1);
    }

    @Test
    void asksAgainAboutAnotherSubjectAndWithOtherPolicies() {
        remembered.ofPlan(policies).check(threshold(1));
        remembered.ofPlan(policies).check(threshold(2));
        assertThat(asked).hasSize(2);

        assertThat(remembered.ofPlan(subject -> List.of()).check(threshold(2))).isEmpty();
    }

    @Test
    void forgetsWhatAPlanDidNotAskFor() {
        remembered.ofPlan(policies).check(threshold(1));
        remembered.ofPlan(policies).check(threshold(2));

        remembered.ofPlan(policies).check(threshold(1));

        assertThat(asked).hasSize(3);
    }
}
