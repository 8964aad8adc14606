package dev.holdfast.composites;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.desired.CompiledStack;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.ResourceId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The alarm for a service without running tasks. */
class ServiceScalingAndAlarmsTest {
    private static final String DOCUMENTS = """
        [{"apiVersion":"holdfast.dev/v1","kind":"Network","metadata":{"name":"main"},
          "spec":{"cidrBlock":"10.0.0.0/16","zones":["a","b"]}},
         {"apiVersion":"holdfast.dev/v1","kind":"Ingress","metadata":{"name":"main"},"spec":{}},
         {"apiVersion":"holdfast.dev/v1","kind":"EcsCluster","metadata":{"name":"main"},"spec":{}},
         {"apiVersion":"holdfast.dev/v1","kind":"Service","metadata":{"name":"api"},
          "spec":{"image":"public.ecr.aws/x/api:1"%s}}]
        """;
    private static final String EXPOSED = ",\"paths\":[\"/api/*\"],\"priority\":1";

    /** @param more fields of the service, each after a comma */
    private static @Nullable DesiredResource down(String more) {
        return CompiledStack.of(DOCUMENTS.formatted(more)).resources().get(new ResourceId("Alarm", "api-down"));
    }

    private static JsonNode spec(String more) {
        DesiredResource alarm = down(more);
        assertThat(alarm).isNotNull();
        return alarm.spec();
    }

    private static List<String> dimensions(JsonNode spec) {
        return spec.path("dimensions").findValuesAsText("name");
    }

    /** A zone without a healthy task or a period without data must not mislead the alarm. */
    @Test
    void behindTheLoadBalancerItIsOnHealthyTargets() {
        JsonNode alarm = spec(EXPOSED);

        assertThat(alarm.path("namespace").asText()).isEqualTo("AWS/ApplicationELB");
        assertThat(alarm.path("metricName").asText()).isEqualTo("HealthyHostCount");
        assertThat(dimensions(alarm)).containsExactly("LoadBalancer", "TargetGroup");
        assertThat(alarm.path("statistic").asText()).isEqualTo("Maximum");
    }

    @Test
    void apartFromItItIsOnTasksThatRun() {
        JsonNode alarm = spec("");

        assertThat(alarm.path("namespace").asText()).isEqualTo("AWS/ECS");
        assertThat(alarm.path("metricName").asText()).isEqualTo("CPUUtilization");
        assertThat(dimensions(alarm)).containsExactly("ClusterName", "ServiceName");
        assertThat(alarm.path("statistic").asText()).isEqualTo("SampleCount");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", EXPOSED})
    void lessThanOneIsDownAndSoIsSilence(String more) {
        JsonNode alarm = spec(more);

        assertThat(alarm.path("comparisonOperator").asText()).isEqualTo("LessThanThreshold");
        assertThat(alarm.path("threshold").asInt()).isEqualTo(1);
        assertThat(alarm.path("treatMissingData").asText()).isEqualTo("breaching");
        assertThat(alarm.path("evaluationPeriods").asInt()
                        * alarm.path("period").asInt())
                .isEqualTo(180);
    }

    @Test
    void itTellsWhomTheOthersTellAfterAsManyMinutesAsIsSaid() {
        JsonNode alarm = spec(
                ",\"alarms\":{\"downMinutes\":10,\"actions\":[\"arn:aws:sns:eu-west-2:123456789012:alerts\"]},\"tags\":{\"Team\":\"a\"}");

        assertThat(alarm.path("evaluationPeriods").asInt()).isEqualTo(10);
        assertThat(alarm.path("alarmActions").path(0).asText()).endsWith(":alerts");
        assertThat(alarm.path("okActions").path(0).asText()).endsWith(":alerts");
        assertThat(alarm.path("tags").path("Team").asText()).isEqualTo("a");
    }

    /** The alarm must not fire during the first rollout of a service, which may take any time. */
    @Test
    void itComesAfterTheService() {
        assertThat(down(EXPOSED))
                .isNotNull()
                .satisfies(a -> assertThat(a.dependsOn()).contains(new ResourceId("EcsService", "api")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"scaling\":{\"min\":0} | false",
                "\"scaling\":{\"min\":2} | true",
                "\"scaling\":false,\"desiredCount\":0 | false",
                "\"scaling\":false,\"desiredCount\":2 | true",
                "\"scaling\":{\"min\":1},\"desiredCount\":0 | true",
                "\"alarms\":false | false",
                "\"without\":[\"Alarm/api-down\"] | false"
            })
    void oneThatMayHaveNoTasksHasNone(String fields, boolean has) {
        assertThat(down("," + fields + EXPOSED) != null).isEqualTo(has);
    }

    @Test
    void itIsChangedAsAnyPart() {
        JsonNode alarm = spec(",\"overrides\":{\"Alarm/api-down\":{\"treatMissingData\":\"missing\"}}");

        assertThat(alarm.path("treatMissingData").asText()).isEqualTo("missing");
    }
}
