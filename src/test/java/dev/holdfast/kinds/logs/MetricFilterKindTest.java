package dev.holdfast.kinds.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kinds.KindHarness;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.MetricFilter;
import software.amazon.awssdk.services.cloudwatchlogs.model.StandardUnit;

class MetricFilterKindTest {
    private static final String NAME = "dev-it-0a1b2c3d";
    private static final String ERRORS = """
        {'logGroupName':'/app','filterPattern':'ERROR','metricTransformations':[
          {'metricName':'errors','metricNamespace':'App','metricValue':'1'}]}\
        """;
    private static final String BY_SERVICE = """
        {'filterPattern':'{ $.level = * }','metricTransformations':[
          {'metricName':'errors','metricNamespace':'App','metricValue':'1','dimensions':{'Service':'$.service'}}]}\
        """;

    private final KindHarness<MetricFilterKind.Spec> harness =
            new KindHarness<>(new MetricFilterKind(), "filterName").untagged();
    private final CloudWatchLogsClient logs = harness.twin.service("eu-west-2", CloudWatchLogsClient.class);

    @BeforeEach
    void groups() {
        logs.createLogGroup(r -> r.logGroupName("/app"));
    }

    private MetricFilter filter() {
        return logs.describeMetricFilters(r -> r.logGroupName("/app"))
                .metricFilters()
                .getFirst();
    }

    private void putByHand(String group, Double defaultValue, Map<String, String> dimensions) {
        logs.putMetricFilter(r -> r.logGroupName(group)
                .filterName(NAME)
                .filterPattern(dimensions.isEmpty() ? "ERROR" : "{ $.a = * }")
                .metricTransformations(m -> m.metricName("errors")
                        .metricNamespace("App")
                        .metricValue("1")
                        .defaultValue(defaultValue)
                        .dimensions(dimensions)));
    }

    @Test
    void createsAndThenWritesNothing() {
        harness.desire(ERRORS).converge();
        assertThat(harness.writes()).containsExactly("putMetricFilter");

        harness.calls.clear();
        harness.converge();

        assertThat(harness.writes()).isEmpty();
        assertThat(harness.known().outputs())
                .containsEntry("filterName", NAME)
                .containsEntry("metricName", "errors")
                .containsEntry("metricNamespace", "App");
        assertThat(harness.confirmed()).isEqualTo(harness.known());
    }

    @Test
    void isFoundWithoutItsRecordAmongThoseOfItsLogGroupOnly() {
        logs.createLogGroup(r -> r.logGroupName("/other"));
        putByHand("/other", null, Map.of());
        harness.desire(ERRORS);
        assertThat(harness.known()).isNull();

        putByHand("/app", null, Map.of());

        assertThat(harness.known().identity().physicalId()).isEqualTo("/app:" + NAME);
    }

    @Test
    void putsBackDimensionsAndUnitsThatNobodyDeclared() {
        harness.desire(ERRORS).converge();

        putByHand("/app", null, Map.of("Service", "$.service"));
        assertThat(harness.diff().changed()).containsExactlyInAnyOrder("filterPattern", "metricTransformations");
        harness.converge();

        assertThat(filter().metricTransformations().getFirst().dimensions()).isEmpty();
        assertThat(filter().metricTransformations().getFirst().unit()).isEqualTo(StandardUnit.NONE);
    }

    @Test
    void aDefaultValueThatNobodyDeclaredStaysButMakesWayForDimensions() {
        putByHand("/app", 0.0, Map.of());

        harness.desire(ERRORS, "{'filterPattern':'FATAL'}").converge();
        assertThat(filter().metricTransformations().getFirst().defaultValue()).isZero();

        harness.desire(ERRORS, BY_SERVICE).converge();
        assertThat(filter().metricTransformations().getFirst().defaultValue()).isNull();
    }

    @Test
    void goesWithItsLogGroup() {
        harness.desire(ERRORS).converge();

        logs.deleteLogGroup(r -> r.logGroupName("/app"));

        assertThat(harness.known()).isNull();
        assertThat(logs.describeMetricFilters(r -> {}).metricFilters()).isEmpty();
    }

    @Test
    void isDeleted() {
        harness.desire(ERRORS).converge();

        assertThat(harness.delete()).isEqualTo(1);
    }
}
