package dev.holdfast.kinds.xray;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kinds.KindHarness;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.xray.XRayClient;
import software.amazon.awssdk.services.xray.model.SamplingRule;
import software.amazon.awssdk.services.xray.model.SamplingRuleRecord;

class SamplingRuleKindTest {
    private static final String SPEC = """
        {'priority':100,'fixedRate':0.05,'reservoirSize':1,'serviceName':'api','serviceType':'*','host':'*',
         'httpMethod':'*','urlPath':'*','resourceARN':'*','attributes':{'tenant':'a'},'tags':{'a':'b'}}\
        """;

    private final KindHarness<SamplingRuleKind.Spec> harness = new KindHarness<>(new SamplingRuleKind(), "ruleName");
    private final XRayClient xray = harness.twin.service("eu-west-2", XRayClient.class);

    private SamplingRule rule(String name) {
        return xray.getSamplingRules(r -> {}).samplingRuleRecords().stream()
                .map(SamplingRuleRecord::samplingRule)
                .filter(rule -> rule.ruleName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void isCreatedInOneCallAndThenLeftAlone() {
        harness.isCreatedByAndThenLeftAlone(SPEC, "createSamplingRule");

        assertThat(harness.known().outputs())
                .containsEntry(
                        "arn",
                        "arn:aws:xray:eu-west-2:123456789012:sampling-rule/"
                                + harness.known().identity().name());
    }

    @Test
    void sendsOnlyWhatDiffersAndOneCallForIt() {
        harness.takesCalls(
                SPEC, "{'fixedRate':0.5,'attributes':{},'tags':{'a':'c'}}", "updateSamplingRule", "tagResource");
    }

    @Test
    void putsBackARateThatSomebodyChangedAndLeavesABoostThatNoDocumentDeclares() {
        harness.desire(SPEC).converge();
        String name = harness.known().identity().name();
        xray.updateSamplingRule(r -> r.samplingRuleUpdate(u -> u.ruleName(name)
                .fixedRate(1.0)
                .samplingRateBoost(b -> b.maxRate(0.5).cooldownWindowMinutes(5))));

        assertThat(harness.diff().changed()).containsExactly("fixedRate");
        harness.converge();

        assertThat(rule(name).fixedRate()).isEqualTo(0.05);
        assertThat(rule(name).samplingRateBoost().maxRate()).isEqualTo(0.5);
    }

    @Test
    void takesAllAttributesOff() {
        harness.desire(SPEC).converge();

        harness.desire(SPEC, "{'attributes':{}}").converge();

        assertThat(rule(harness.known().identity().name()).attributes()).isEmpty();
        assertThat(harness.diff().changed()).isEmpty();
    }

    /** AWS's own rule is in the list of every account, and has no owner. */
    @Test
    void leavesTheDefaultRuleAlone() {
        SamplingRule before = rule("Default");

        harness.desire(SPEC).converge();

        assertThat(rule("Default")).isEqualTo(before);
        assertThat(before.attributes()).isEqualTo(Map.of());
    }

    @Test
    void takesOffTagsThatWereOurs() {
        harness.takesOffTagsThatWereOurs(SPEC);
    }
}
