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
 * The forecast by which a service of ECS is scaled ahead of its load. It only scales out: another policy scales in.
 *
 * @see <a href="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PredictiveScalingPolicyConfiguration.html">PredictiveScalingPolicyConfiguration</a>
 */
public record PredictiveScaling(
        @Doc("The metrics and the target; AWS takes one element.") @Required
        List<ForecastMetrics> metricSpecifications,

        @Doc("ForecastOnly, AWS's default, or ForecastAndScale.")
        PredictiveScalingMode mode,

        @Doc("How many seconds before its hour the forecast capacity is there; AWS's default is 300.")
        @Range(min = 0, max = 3599)
        Integer schedulingBufferTime,

        @Doc("Whether a forecast above the target's maxCapacity raises the maximum; AWS's default is HonorMaxCapacity.")
        PredictiveScalingMaxCapacityBreachBehavior maxCapacityBreachBehavior,

        @Doc("Per cent above the forecast to which the maximum is raised.")
        @OnlyWith(field = "maxCapacityBreachBehavior", value = "IncreaseMaxCapacity")
        @Range(min = 0, max = 100)
        Integer maxCapacityBuffer) {

    /** A pair of metrics, or one that is held at the target and one that tells the load. */
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
            @Doc("The value that the scaling metric is held at.") @Required
            Double targetValue,

            @Doc("Both metrics together: ECSServiceCPUUtilization, ECSServiceMemoryUtilization or ALBRequestCount.")
            ForecastMetric predefinedMetricPairSpecification,

            @Doc("The metric that is held at the target: ECSServiceAverageCPUUtilization,"
                    + " ECSServiceAverageMemoryUtilization or ALBRequestCountPerTarget.")
            ForecastMetric predefinedScalingMetricSpecification,

            @Doc("The load: ECSServiceTotalCPUUtilization, ECSServiceTotalMemoryUtilization or TotalALBRequestCount.")
            ForecastMetric predefinedLoadMetricSpecification,

            @Doc("The metric that is held at the target, of one's own.")
            ForecastQueries customizedScalingMetricSpecification,

            @Doc("The load, of one's own.") ForecastQueries customizedLoadMetricSpecification,

            @Doc("The capacity, of one's own; with customized metrics.") @Needs("customizedScalingMetricSpecification")
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

            @Doc("For the metrics of a load balancer: its full name, a slash, the target group's full name.")
            String resourceLabel) {
        boolean lacksLabel() {
            return predefinedMetricType != null && predefinedMetricType.contains("ALB") && resourceLabel == null;
        }
    }

    public record ForecastQueries(
            @Doc("Metrics and expressions over them, one of which returns data.") @Required @Key("id")
            List<TrackedQuery> metricDataQueries) {}

    /** The policy as it is now; AWS refuses a buffer beside a maximum that is honoured. */
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
                    "use TargetTrackingScaling");
        }
        if (predictive.maxCapacityBreachBehavior() == PredictiveScalingMaxCapacityBreachBehavior.INCREASE_MAX_CAPACITY
                && predictive.maxCapacityBuffer() == null) {
            findings.wrong(
                    ScalingPolicyKind.Spec::predictiveScalingPolicyConfiguration,
                    "maxCapacityBreachBehavior IncreaseMaxCapacity needs a maxCapacityBuffer",
                    "say the per cent, 0 to 100; 0 raises the maximum to the forecast itself");
        }
        List<ForecastMetrics> all = predictive.metricSpecifications();
        if (all != null && all.size() != 1) {
            findings.wrong(
                    ScalingPolicyKind.Spec::predictiveScalingPolicyConfiguration,
                    "expected one element in metricSpecifications, found " + all.size(),
                    "declare a policy for each");
        } else if (all != null && all.getFirst().lacksLabel()) {
            findings.wrong(
                    ScalingPolicyKind.Spec::predictiveScalingPolicyConfiguration,
                    "a metric of a load balancer needs a resourceLabel",
                    "as in ${LoadBalancer/main.fullName}/${TargetGroup/api.fullName}");
        }
    }
}
