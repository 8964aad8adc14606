package dev.holdfast.twin.xray;

import static dev.holdfast.twin.TwinRefusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Instant;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.xray.model.GetGroupsResponse;
import software.amazon.awssdk.services.xray.model.GroupSummary;
import software.amazon.awssdk.services.xray.model.SamplingRule;

class TwinXrayTest {
    private static final SamplingRule RULE = SamplingRule.builder()
            .ruleName("api")
            .priority(10)
            .fixedRate(0.1)
            .reservoirSize(1)
            .serviceName("api")
            .serviceType("*")
            .host("*")
            .httpMethod("*")
            .urlPath("*")
            .resourceARN("*")
            .version(1)
            .build();

    private final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final TwinXray xray =
            new TwinAccount("123456789012", clock, new TwinSettings(), 1).service("eu-west-2", TwinXray.class);

    private static void invalid(String message, ThrowingCallable call) {
        refused("InvalidRequestException", message, call);
    }

    private void create(SamplingRule rule) {
        xray.createSamplingRule(r -> r.samplingRule(rule));
    }

    @Test
    void hasADefaultRuleOfWhichOnlyRateAndReservoirChange() {
        SamplingRule own =
                xray.getSamplingRules(r -> {}).samplingRuleRecords().getFirst().samplingRule();
        assertThat(own.ruleName()).isEqualTo("Default");
        assertThat(own.priority()).isEqualTo(10000);

        xray.updateSamplingRule(
                r -> r.samplingRuleUpdate(u -> u.ruleName("Default").fixedRate(0.5)));

        assertThat(xray.getSamplingRules(r -> {})
                        .samplingRuleRecords()
                        .getFirst()
                        .samplingRule()
                        .fixedRate())
                .isEqualTo(0.5);
        invalid(
                "Only FixedRate and ReservoirSize",
                () -> xray.updateSamplingRule(
                        r -> r.samplingRuleUpdate(u -> u.ruleName("Default").host("a.example"))));
        invalid("cannot be deleted", () -> xray.deleteSamplingRule(r -> r.ruleName("Default")));
        assertThat(xray.inventory()).isEmpty();
    }

    @Test
    void refusesRulesThatXrayRefuses() {
        create(RULE);

        invalid("already exists", () -> create(RULE));
        invalid(
                "required",
                () -> create(RULE.toBuilder().ruleName("b").host(null).build()));
        invalid(
                "Version",
                () -> create(RULE.toBuilder().ruleName("b").version(2).build()));
        invalid(
                "Priority",
                () -> create(RULE.toBuilder().ruleName("b").priority(10000).build()));
        invalid(
                "FixedRate",
                () -> create(RULE.toBuilder().ruleName("b").fixedRate(1.5).build()));
        invalid(
                "at most 5 attributes",
                () -> create(RULE.toBuilder()
                        .ruleName("b")
                        .attributes(Map.of("a", "", "b", "", "c", "", "d", "", "e", "", "f", ""))
                        .build()));
        invalid("either name or ARN", () -> xray.updateSamplingRule(r -> r.samplingRuleUpdate(u -> u.priority(3))));
        invalid("does not exist", () -> xray.deleteSamplingRule(r -> r.ruleName("b")));
    }

    @Test
    void hasATwentySixthRuleNever() {
        for (int i = 0; i < 25; i++) {
            create(RULE.toBuilder().ruleName("rule-" + i).build());
        }

        refused("RuleLimitExceededException", "exceeds the limit", () -> create(RULE));
    }

    @Test
    void changesOnlyWhatTheUpdateSays() {
        create(RULE.toBuilder().attributes(Map.of("a", "1")).build());

        xray.updateSamplingRule(
                r -> r.samplingRuleUpdate(u -> u.ruleARN("arn:aws:xray:eu-west-2:123456789012:sampling-rule/api")
                        .priority(20)));

        SamplingRule changed =
                xray.getSamplingRules(r -> {}).samplingRuleRecords().getLast().samplingRule();
        assertThat(changed.priority()).isEqualTo(20);
        assertThat(changed.fixedRate()).isEqualTo(0.1);
        assertThat(changed.attributes()).containsEntry("a", "1");
    }

    @Test
    void keepsGroupsByNameWithAnIdInTheArn() {
        String arn = xray.createGroup(
                        r -> r.groupName("api").tags(t -> t.key("k").value("v")))
                .group()
                .groupARN();

        assertThat(arn).matches("arn:aws:xray:eu-west-2:123456789012:group/api/[0-9A-F]+");
        assertThat(xray.getGroup(r -> r.groupARN(arn))
                        .group()
                        .insightsConfiguration()
                        .insightsEnabled())
                .isFalse();
        assertThat(xray.listTagsForResource(r -> r.resourceARN(arn)).tags())
                .extracting(t -> t.key() + "=" + t.value())
                .containsExactly("k=v");
        assertThat(xray.getGroups(r -> {}))
                .extracting(GetGroupsResponse::groups)
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.list(GroupSummary.class))
                .extracting(GroupSummary::groupName)
                .containsExactly("api");
    }

    @Test
    void refusesGroupsThatXrayRefuses() {
        xray.createGroup(r -> r.groupName("api"));

        invalid("already exists", () -> xray.createGroup(r -> r.groupName("api")));
        invalid("reserved", () -> xray.createGroup(r -> r.groupName("Default")));
        invalid(
                "insights enabled",
                () -> xray.createGroup(r -> r.groupName("b").insightsConfiguration(i -> i.notificationsEnabled(true))));
        invalid("Group not found", () -> xray.getGroup(r -> r.groupName("API")));
        invalid(
                "either name or ARN",
                () -> xray.deleteGroup(r -> r.groupName("api").groupARN("arn")));
        refused(
                "ResourceNotFoundException",
                "not found",
                () -> xray.listTagsForResource(
                        r -> r.resourceARN("arn:aws:xray:eu-west-2:123456789012:sampling-rule/b")));
    }
}
