package dev.holdfast.twin.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.applicationautoscaling.model.PredictiveScalingMaxCapacityBreachBehavior;
import software.amazon.awssdk.services.applicationautoscaling.model.PredictiveScalingMetricSpecification;
import software.amazon.awssdk.services.applicationautoscaling.model.PredictiveScalingMode;
import software.amazon.awssdk.services.applicationautoscaling.model.PredictiveScalingPolicyConfiguration;
import software.amazon.awssdk.services.applicationautoscaling.model.PutScalingPolicyRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.ServiceNamespace;

/** https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PredictiveScalingPolicyConfiguration.html */
class PredictivePoliciesTest {
    private static PutScalingPolicyRequest request(Consumer<PredictiveScalingPolicyConfiguration.Builder> more) {
        PredictiveScalingPolicyConfiguration.Builder config =
                PredictiveScalingPolicyConfiguration.builder().metricSpecifications(pair("ECSServiceCPUUtilization"));
        more.accept(config);
        return PutScalingPolicyRequest.builder()
                .serviceNamespace(ServiceNamespace.ECS)
                .predictiveScalingPolicyConfiguration(config.build())
                .build();
    }

    private static PredictiveScalingMetricSpecification pair(String type) {
        return PredictiveScalingMetricSpecification.builder()
                .targetValue(50.0)
                .predefinedMetricPairSpecification(p -> p.predefinedMetricType(type))
                .build();
    }

    private static Consumer<PredictiveScalingPolicyConfiguration.Builder> metric(
            Consumer<PredictiveScalingMetricSpecification.Builder> more) {
        PredictiveScalingMetricSpecification.Builder metric =
                PredictiveScalingMetricSpecification.builder().targetValue(50.0);
        more.accept(metric);
        return c -> c.metricSpecifications(metric.build());
    }

    @Test
    void fillsInWhatAwsDoes() {
        PredictiveScalingPolicyConfiguration whole = PredictivePolicies.checked(request(c -> {}));

        assertThat(whole.mode()).isEqualTo(PredictiveScalingMode.FORECAST_ONLY);
        assertThat(whole.schedulingBufferTime()).isEqualTo(300);
        assertThat(whole.maxCapacityBreachBehavior())
                .isEqualTo(PredictiveScalingMaxCapacityBreachBehavior.HONOR_MAX_CAPACITY);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                wrong(
                        c -> c.metricSpecifications(pair("ECSServiceCPUUtilization"), pair("ALBRequestCount")),
                        "exactly one"),
                wrong(c -> c.metricSpecifications(pair("ECSServiceAverageCPUUtilization")), "is not supported here"),
                wrong(c -> c.metricSpecifications(pair("ALBRequestCount")), "Resource label"),
                wrong(c -> c.schedulingBufferTime(3600), "less than 3600"),
                wrong(c -> c.maxCapacityBuffer(10), "IncreaseMaxCapacity"),
                wrong(
                        c -> c.maxCapacityBreachBehavior(
                                PredictiveScalingMaxCapacityBreachBehavior.INCREASE_MAX_CAPACITY),
                        "IncreaseMaxCapacity"),
                wrong(
                        metric(m -> m.predefinedScalingMetricSpecification(
                                s -> s.predefinedMetricType("ECSServiceAverageCPUUtilization"))),
                        "customized load metric"),
                wrong(
                        metric(m -> m.customizedScalingMetricSpecification(s -> s.metricDataQueries(
                                        q -> q.id("a").expression("1").metricStat(x -> {})))
                                .predefinedLoadMetricSpecification(
                                        s -> s.predefinedMetricType("ECSServiceTotalCPUUtilization"))),
                        "but not both"),
                wrong(
                        metric(m -> m.customizedScalingMetricSpecification(s -> s.metricDataQueries(
                                        q -> q.id("a").expression("1").returnData(false)))
                                .predefinedLoadMetricSpecification(
                                        s -> s.predefinedMetricType("ECSServiceTotalCPUUtilization"))),
                        "should return data"));
    }

    private static Arguments wrong(Consumer<PredictiveScalingPolicyConfiguration.Builder> config, String words) {
        return Arguments.of(config, words);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatAwsRefuses(Consumer<PredictiveScalingPolicyConfiguration.Builder> config, String words) {
        assertThatThrownBy(() -> PredictivePolicies.checked(request(config))).hasMessageContaining(words);
    }

    @Test
    void refusesWhatIsNoServiceOfEcs() {
        PutScalingPolicyRequest table = request(c -> {}).toBuilder()
                .serviceNamespace(ServiceNamespace.DYNAMODB)
                .build();

        assertThatThrownBy(() -> PredictivePolicies.checked(table)).hasMessageContaining("not supported");
    }
}
