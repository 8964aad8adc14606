package dev.holdfast.kinds.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kinds.KindHarness;
import dev.holdfast.twin.cloudwatch.TwinCloudWatch;
import org.junit.jupiter.api.Test;

class DashboardKindTest {
    private static final String NAME = "dev-it-0a1b2c3d";
    private static final String FULL = """
        {'dashboardBody':{'widgets':[{'type':'metric','width':6,'properties':{'stat':'p99.9','yAxis':{'left':{'max':0.50}}}}]}}\
        """;

    private final KindHarness<DashboardKind.Spec> harness =
            new KindHarness<>(new DashboardKind(), "dashboardName").untagged();
    private final TwinCloudWatch cloudWatch = harness.twin.service("eu-west-2", TwinCloudWatch.class);

    @Test
    void createsAndThenWritesNothing() {
        harness.desire(FULL).converge();
        harness.converge();

        assertThat(harness.writes()).containsExactly("putDashboard");
        assertThat(harness.confirmed()).isEqualTo(harness.known());
    }

    @Test
    void theSameBodyInOtherWordsIsNoDifference() {
        harness.desire(FULL).converge();
        cloudWatch.putDashboard(r -> r.dashboardName(NAME)
                .dashboardBody("{\"widgets\": [{\"width\": 6.0, \"type\": \"metric\", \"properties\": {\"yAxis\":"
                        + " {\"left\": {\"max\": 5e-1}}, \"stat\": \"p99.9\"}}]}"));

        assertThat(harness.diff().isEmpty()).isTrue();
    }

    @Test
    void repairsWhatSomebodyElseChanged() {
        harness.desire(FULL).converge();
        cloudWatch.putDashboard(r -> r.dashboardName(NAME).dashboardBody("{\"widgets\":[]}"));
        assertThat(harness.diff().changed()).containsExactly("dashboardBody");

        harness.converge();
    }

    @Test
    void isOursOnlyByItsRecord() {
        harness.desire(FULL).converge();
        assertThat(harness.known().identity().resource()).isEqualTo(harness.id);

        harness.forgetPhysicalId();

        assertThat(harness.known().identity().resource()).isNull();
        assertThat(harness.known().identity().name()).isEqualTo(NAME);
    }
}
