package dev.holdfast.engine;

import static dev.holdfast.engine.PolicyFixtures.guardrails;
import static dev.holdfast.engine.PolicyFixtures.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ApiModel;
import dev.holdfast.model.Guardrails.GuardrailsState.ActiveGuardrails;
import dev.holdfast.model.Reason;
import dev.holdfast.model.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

/** Policies in CEL: a denied change is not applied, a held change waits, and all other changes are applied. */
class PoliciesTest {
    private static final Duration A_WHILE = Duration.ofMinutes(5);
    private static final String CLOSED = policy(
            "closed",
            "'kinds':['SecurityGroup']",
            "deny",
            "!has(desired.ingress) || !desired.ingress.exists(r, has(r.cidrIpv4) && r.cidrIpv4 == `0.0.0.0/0`)");

    private static String rule(String source) {
        return "{'protocol':'tcp','fromPort':22,'toPort':22,'cidrIpv4':'" + source + "'}";
    }

    private static SecurityGroup observed(World world) {
        return world.somebody(Ec2Client.class).describeSecurityGroups().securityGroups().stream()
                .filter(g -> g.description().equals("x"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aDeniedStepIsNotAppliedAndTheStatusSaysWhichPolicy() {
        try (World world = new World()) {
            world.guardrails = guardrails(CLOSED);
            world.desire(Docs.of(Docs.groupInVpc(rule("10.1.0.0/16")))).converged();
            Map<String, Long> written = world.writes();

            world.desire(Docs.of(Docs.groupInVpc(rule("0.0.0.0/0")))).run(A_WHILE);

            ResourceView resource = world.resource("SecurityGroup/api");
            assertThat(resource.status()).as(world.describe()).isEqualTo(Status.Stalled);
            assertThat(resource.reason()).isEqualTo(Reason.PolicyDenied);
            assertThat(resource.message()).isEqualTo("policy closed: no closed");
            assertThat(resource.conditions())
                    .anyMatch(c -> c.reason().equals("PolicyDenied")
                            && String.valueOf(c.message()).contains("no closed"));
            assertThat(world.view().heldSteps().count()).isEqualTo(1);
            assertThat(world.writes()).isEqualTo(written);

            // An approval does not lift a denial, but another desired state does.
            world.view().verdicts().keySet().forEach(step -> world.approve(step.hash()));
            world.run(A_WHILE);
            assertThat(world.writes()).isEqualTo(written);
            world.desire(Docs.of(Docs.groupInVpc(rule("10.2.0.0/16")))).converged();
            assertThat(world.writes()).isNotEqualTo(written);
        }
    }

    @Test
    void aCreationIsDeniedAndTheRestIsMade() {
        try (World world = new World()) {
            world.guardrails = guardrails(CLOSED);
            world.desire(Docs.of(Docs.groupInVpc(rule("0.0.0.0/0")))).run(A_WHILE);

            assertThat(world.resource("Vpc/main").status()).as(world.describe()).isEqualTo(Status.Synced);
            assertThat(world.resource("SecurityGroup/api").reason()).isEqualTo(Reason.PolicyDenied);
            assertThat(world.writes()).doesNotContainKey("ec2:CreateSecurityGroup");
        }
    }

    @Test
    void whatSomebodyOpensIsClosedWhateverPoliciesSay() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.groupInVpc(rule("0.0.0.0/0")))).converged();
            world.guardrails = guardrails(CLOSED);
            world.somebody(Ec2Client.class)
                    .authorizeSecurityGroupIngress(
                            r -> r.groupId(observed(world).groupId())
                                    .ipPermissions(IpPermission.builder()
                                            .ipProtocol("tcp")
                                            .fromPort(3306)
                                            .toPort(3306)
                                            .ipRanges(i -> i.cidrIp("203.0.113.0/24"))
                                            .build()));

            world.run(A_WHILE);

            assertThat(observed(world).ipPermissions()).as(world.describe()).hasSize(1);
        }
    }

    @Test
    void aHeldStepWaitsForItsApproval() {
        try (World world = new World()) {
            world.guardrails = guardrails(policy("frozen", "'kinds':['Alarm']", "hold", "step.action != `Update`"));
            world.desire(Docs.of(Docs.alarm("a", 1))).converged();
            Map<String, Long> written = world.writes();

            world.desire(Docs.of(Docs.alarm("a", 2))).run(A_WHILE);

            assertThat(world.resource("Alarm/a").status()).as(world.describe()).isEqualTo(Status.AwaitingApproval);
            assertThat(world.resource("Alarm/a").reason()).isEqualTo(Reason.PolicyNeedsApproval);
            assertThat(world.resource("Alarm/a").message()).isEqualTo("policy frozen: no frozen");
            assertThat(world.writes()).isEqualTo(written);
            world.approveHeld();
            world.converged();
            assertThat(world.writes()).isNotEqualTo(written);
        }
    }

    @Test
    void aWarningIsToldOnceAndStopsNothing() {
        try (World world = new World()) {
            world.guardrails = guardrails(policy("low", "'kinds':['Alarm']", "warn", "desired.threshold > 5.0"));
            world.desire(Docs.of(Docs.alarm("a", 1), Docs.alarm("b", 9)));
            world.reconciler().plan();
            assertThat(ApiModel.plan(world.view()).steps())
                    .extracting(ApiModel.PlanStepJson::warnings)
                    .containsExactly(List.of("policy low: no low"), List.of());

            world.converged();

            assertThat(world.events.stream().filter(e -> e.reason().equals("PolicyWarning")))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.message()).isEqualTo("policy low: no low");
                        assertThat(event.resource()).hasToString("Alarm/a");
                    });
        }
    }

    @Test
    void guardrailsThatCannotBeReadAnyMoreStayInForceAndPeopleAreTold() {
        try (World world = new World()) {
            world.guardrails = ((ActiveGuardrails) guardrails(CLOSED)).outdated("AccessDenied");
            world.desire(Docs.of(Docs.groupInVpc(rule("0.0.0.0/0")))).run(A_WHILE);

            assertThat(world.resource("SecurityGroup/api").reason()).isEqualTo(Reason.PolicyDenied);
            assertThat(world.view().guardrails().words()).contains("as they were read last", "AccessDenied");
            assertThat(world.view().conditions())
                    .anyMatch(c -> c.reason().equals("GuardrailsOutdated")
                            && String.valueOf(c.message()).contains("AccessDenied"));
        }
    }

    @Test
    void aDeletionIsAskedAboutWherePoliciesNameIt() {
        try (World world = new World()) {
            world.guardrails = guardrails(policy("keep", "'actions':['Delete']", "deny", "observed.threshold < 5.0"));
            world.desire(Docs.of(Docs.alarm("a", 9) + "," + Docs.alarm("b", 2) + "," + Docs.alarm("c", 2)))
                    .converged();

            world.desire(Docs.of(Docs.alarm("c", 2)), Docs.UNLIMITED).run(A_WHILE);

            assertThat(world.resource("Alarm/a").reason()).as(world.describe()).isEqualTo(Reason.PolicyDenied);
            assertThat(world.view().resources()).hasSize(2);
        }
    }

    @Test
    void whatCannotBeEvaluatedIsDenied() {
        try (World world = new World()) {
            world.guardrails =
                    guardrails(policy("described", "'kinds':['Alarm']", "hold", "desired.alarmDescription != ``"));

            world.desire(Docs.of(Docs.alarm("a", 1))).run(A_WHILE);

            assertThat(world.resource("Alarm/a").reason()).as(world.describe()).isEqualTo(Reason.PolicyDenied);
            assertThat(world.resource("Alarm/a").message())
                    .contains("policy described: its expression cannot be evaluated for Alarm/a", "absent", "has()");
        }
    }
}
