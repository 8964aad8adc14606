package dev.holdfast.kinds.autoscaling;

import dev.holdfast.kind.*;
import dev.holdfast.kinds.autoscaling.ScalingPolicyKind.TrackedQuery;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.applicationautoscaling.model.PredictiveScalingMaxCapacityBreachBehavior;
import software.amazon.awssdk.services.applicationautoscaling.model.PredictiveScalingMode;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalingPolicy;
import software.amazon.awssdk.services.applicationautoscaling.model.ServiceNamespace;

/**
 * The forecast that scales an ECS service ahead of its load. It only scales out: another policy scales in.
 *
 * @see <a href="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PredictiveScalingPolicyConfiguration.html">PredictiveScalingPolicyConfiguration</a>
 */
public record PredictiveScaling(
        @Doc("The metrics and the target; AWS accepts one element.") @Required
        List<ForecastMetrics> metricSpecifications,

        @Doc("The mode: ForecastOnly (AWS's default) or ForecastAndScale.")
        PredictiveScalingMode mode,

        @Doc("Seconds before the forecast hour at which the capacity is ready; AWS's default is 300.")
        @Range(min = 0, max = 3599)
        Integer schedulingBufferTime,

        @Doc("Whether a forecast above the target's maxCapacity raises the maximum; AWS's default is HonorMaxCapacity.")
        PredictiveScalingMaxCapacityBreachBehavior maxCapacityBreachBehavior,

        @Doc("The percentage above the forecast to which the maximum is raised.")
        @OnlyWith(field = "maxCapacityBreachBehavior", value = "IncreaseMaxCapacity")
        @Range(min = 0, max = 100)
        Integer maxCapacityBuffer) {

    /** A pair of metrics, or a scaling metric that is held at the target and a load metric. */
    @OneOf({
        "predefinedMetricPairSpecification",
        "predefinedScalingMetricSpecification",
        "customizedScalingMetricSpecification"
    })
    @OneOf({
        "predefinedMetricPairSpecification",
        "predefinedLoadMetricSpecification",
        "customizedLoadMetricSpecification"
    })
    public record ForecastMetrics(
            @Doc("The value at which the scaling metric is held.") @Required
            Double targetValue,

            @Doc("Both metrics together: ECSServiceCPUUtilization, ECSServiceMemoryUtilization or ALBRequestCount.")
            ForecastMetric predefinedMetricPairSpecification,

            @Doc("The metric that is held at the target: ECSServiceAverageCPUUtilization,"
                    + " ECSServiceAverageMemoryUtilization or ALBRequestCountPerTarget.")
            ForecastMetric predefinedScalingMetricSpecification,

            @Doc("The load: ECSServiceTotalCPUUtilization, ECSServiceTotalMemoryUtilization or TotalALBRequestCount.")
            ForecastMetric predefinedLoadMetricSpecification,

            @Doc("A custom metric that is held at the target.")
            ForecastQueries customizedScalingMetricSpecification,

            @Doc("A custom metric of the load.") ForecastQueries customizedLoadMetricSpecification,

            @Doc("A custom metric of the capacity, together with other custom metrics.")
            @Needs("customizedScalingMetricSpecification")
            ForecastQueries customizedCapacityMetricSpecification) {
        boolean lacksLabel() {
            return Stream.of(
                            predefinedMetricPairSpecification,
                            predefinedScalingMetricSpecification,
                            predefinedLoadMetricSpecification)
                    .anyMatch(metric -> metric != null && metric.lacksLabel());
        }
    }

    public record ForecastMetric(
            @Doc("The metric's name in Application Auto Scaling.") @Required
            String predefinedMetricType,

            @Doc("For metrics of a load balancer: its full name, a slash, the target group's full name.")
            String resourceLabel) {
        boolean lacksLabel() {
            return predefinedMetricType != null && predefinedMetricType.contains("ALB") && resourceLabel == null;
        }
    }

    public record ForecastQueries(
            @Doc("Metrics and expressions over them, one of which returns data.") @Required @Key("id")
            List<TrackedQuery> metricDataQueries) {}

    /** The observed policy, without a buffer if the maximum is honoured, because AWS rejects both together. */
    static ScalingPolicy kept(ScalingPolicy now, @Nullable PredictiveScaling desired) {
        boolean honours = desired != null
                && desired.maxCapacityBreachBehavior() == PredictiveScalingMaxCapacityBreachBehavior.HONOR_MAX_CAPACITY;
        return honours
                ? now.copy(p ->
                        p.predictiveScalingPolicyConfiguration(now.predictiveScalingPolicyConfiguration().toBuilder()
                                .maxCapacityBuffer(null)
                                .build()))
                : now;
    }

    static void check(ScalingPolicyKind.Spec spec, Findings<ScalingPolicyKind.Spec> findings) {
        PredictiveScaling predictive = spec.predictiveScalingPolicyConfiguration();
        if (predictive == null) {
            return;
        }
        if (spec.serviceNamespace() != null && spec.serviceNamespace() != ServiceNamespace.ECS) {
            findings.wrong(
                    ScalingPolicyKind.Spec::serviceNamespace,
                    "expected ecs, found " + spec.serviceNamespace() + ": AWS forecasts for services of ECS only",
                    "set policyType to TargetTrackingScaling");
        }
        if (predictive.maxCapacityBreachBehavior() == PredictiveScalingMaxCapacityBreachBehavior.INCREASE_MAX_CAPACITY
                && predictive.maxCapacityBuffer() == null) {
            findings.wrong(
                    ScalingPolicyKind.Spec::predictiveScalingPolicyConfiguration,
                    "maxCapacityBreachBehavior IncreaseMaxCapacity needs a maxCapacityBuffer",
                    "set maxCapacityBuffer to a percentage, 0 to 100; 0 raises the maximum to the forecast itself");
        }
        List<ForecastMetrics> all = predictive.metricSpecifications();
        if (all != null && all.size() != 1) {
            findings.wrong(
                    ScalingPolicyKind.Spec::predictiveScalingPolicyConfiguration,
                    "expected one element in metricSpecifications, found " + all.size(),
                    "declare a separate policy for each element");
        } else if (all != null && all.getFirst().lacksLabel()) {
            findings.wrong(
                    ScalingPolicyKind.Spec::predictiveScalingPolicyConfiguration,
                    "a metric of a load balancer needs a resourceLabel",
                    "set resourceLabel, for example to ${LoadBalancer/main.fullName}/${TargetGroup/api.fullName}");
        }
    }
}
