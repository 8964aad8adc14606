package dev.holdfast.desired;

import static dev.holdfast.engine.PolicyFixtures.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.PolicyFixtures;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A mistake in a policy refuses the guardrails, and the message contains its location. */
class PoliciesReaderTest {
    private static String mistake(String... policies) {
        List<Problem> problems = new ArrayList<>();
        assertThat(PolicyFixtures.read(problems, policies)).isNull();
        return String.join("\n", problems.stream().map(Problem::toString).toList());
    }

    @Test
    void theTypesOfAnExpressionAreThoseOfTheKind() {
        String database = "'kinds':['DbInstance']";
        assertThat(mistake(policy("p", database, "deny", "desired.storageEncripted")))
                .contains(
                        "guardrails.json:2:",
                        "/spec/policies/0/expression",
                        "policy p",
                        "column 8",
                        "storageEncripted");
        assertThat(mistake(policy("p", database, "deny", "desired.backupRetentionPeriod > `7`")))
                .contains("no matching overload", "int, string");
        assertThat(mistake(policy("p", database, "deny", "desired.backupRetentionPeriod")))
                .contains("bool", "int");
        assertThat(mistake(policy("p", "", "deny", "step.actions == `Delete`"))).contains("actions");
        assertThat(mistake(policy("p", "", "deny", "1 +"))).contains("line 1, column 4");
    }

    @Test
    void everythingElseIsCheckedToo() {
        String fine = policy("p", "", "deny", "true");
        assertThat(mistake(fine, fine)).contains("guardrails.json:3:", "two policies are named p");
        assertThat(mistake(fine.replace("deny", "refuse"))).contains("/spec/policies/0/action", "deny");
        assertThat(mistake(policy("p", "'kinds':['Service']", "deny", "true")))
                .contains("/match/kinds", "no resource kind is named Service", "composites");
        assertThat(mistake(policy("p", "'actions':['Forget']", "deny", "true"))).contains("/match/actions");
        assertThat(mistake(policy("p", "", "deny", "true").replace("no p", " ")))
                .contains("/message");
        assertThat(mistake(policy("p", "", "deny", "true" + " && true".repeat(1000))))
                .contains("4096");
        String nested = "[1].all(a, [1].all(b, [1].all(c, [1].all(d, [1].all(e, true)))))";
        assertThat(mistake(policy("p", "", "deny", nested))).contains("nested");
        assertThat(mistake(policy("p", "", "deny", "(".repeat(100) + "true" + ")".repeat(100))))
                .contains("/expression");
    }
}
