package dev.holdfast.kinds.xray;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kinds.KindHarness;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.xray.XRayClient;
import software.amazon.awssdk.services.xray.model.Group;

class TraceGroupKindTest {
    private static final String SPEC = "{'filterExpression':'responsetime > 5','tags':{'a':'b'}}";

    private final KindHarness<TraceGroupKind.Spec> harness = new KindHarness<>(new TraceGroupKind(), "groupName");
    private final XRayClient xray = harness.twin.service("eu-west-2", XRayClient.class);

    private Group group() {
        return xray.getGroup(r -> r.groupName(harness.known().identity().name()))
                .group();
    }

    @Test
    void isCreatedInOneCallAndThenLeftAlone() {
        harness.isCreatedByAndThenLeftAlone(SPEC, "createGroup");

        assertThat(harness.known().outputs()).containsEntry("arn", group().groupARN());
    }

    /** The list of groups has no tags, and the index knows groups by an ARN that ends with an id of AWS. */
    @Test
    void isFoundByItsTagsInTheIndex() {
        harness.desire(SPEC).converge();
        harness.indexed = true;

        assertThat(harness.known().spec().tags()).containsEntry("a", "b");
    }

    @Test
    void ignoresWhiteSpaceAroundTheFilter() {
        harness.desire("{'filterExpression':' responsetime > 5 '}").converge();

        assertThat(harness.diff().changed()).isEmpty();
        assertThat(group().filterExpression()).isEqualTo("responsetime > 5");
    }

    @Test
    void turnsNotificationsOffWithTheInsights() {
        harness.desire(SPEC, "{'insightsConfiguration':{'insightsEnabled':true,'notificationsEnabled':true}}")
                .converge();

        harness.desire(SPEC, "{'insightsConfiguration':{'insightsEnabled':false}}")
                .converge();

        assertThat(group().insightsConfiguration().insightsEnabled()).isFalse();
        assertThat(group().insightsConfiguration().notificationsEnabled()).isFalse();
    }

    @Test
    void putsBackAFilterThatSomebodyChanged() {
        harness.desire(SPEC).converge();
        xray.updateGroup(r -> r.groupARN(group().groupARN()).filterExpression("fault"));

        assertThat(harness.diff().changed()).containsExactly("filterExpression");
        harness.converge();

        assertThat(group().filterExpression()).isEqualTo("responsetime > 5");
    }

    @Test
    void takesOffTagsThatWereOurs() {
        harness.takesOffTagsThatWereOurs(SPEC);
    }
}
