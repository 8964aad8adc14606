package dev.holdfast.twin.autoscaling;

import static dev.holdfast.twin.autoscaling.TwinAutoScaling.invalid;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.applicationautoscaling.model.PredictiveScalingCustomizedMetricSpecification;
import software.amazon.awssdk.services.applicationautoscaling.model.PredictiveScalingMaxCapacityBreachBehavior;
import software.amazon.awssdk.services.applicationautoscaling.model.PredictiveScalingMetricDataQuery;
import software.amazon.awssdk.services.applicationautoscaling.model.PredictiveScalingMetricSpecification;
import software.amazon.awssdk.services.applicationautoscaling.model.PredictiveScalingMode;
import software.amazon.awssdk.services.applicationautoscaling.model.PredictiveScalingPolicyConfiguration;
import software.amazon.awssdk.services.applicationautoscaling.model.PutScalingPolicyRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.ServiceNamespace;

/**
 * AWS's rules for predictive scaling policies, and their defaults. The twin computes no forecasts, and the policy has
 * no alarms.
 *
 * @see <a href="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PredictiveScalingPolicyConfiguration.html">PredictiveScalingPolicyConfiguration</a>
 * @see <a href="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PredictiveScalingPredefinedMetricPairSpecification.html">the predefined metrics</a>
 */
final class PredictivePolicies {
    private static final Set<String> PAIRS =
            Set.of("ECSServiceCPUUtilization", "ECSServiceMemoryUtilization", "ALBRequestCount");
    private static final Set<String> SCALING =
            Set.of("ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization", "ALBRequestCountPerTarget");
    private static final Set<String> LOAD =
            Set.of("ECSServiceTotalCPUUtilization", "ECSServiceTotalMemoryUtilization", "TotalALBRequestCount");

    /** AWS computes a forecast for each hour. */
    private static final int HOUR = 3600;

    private PredictivePolicies() {}

    static PredictiveScalingPolicyConfiguration checked(PutScalingPolicyRequest r) {
        PredictiveScalingPolicyConfiguration config = r.predictiveScalingPolicyConfiguration();
        if (r.serviceNamespace() != ServiceNamespace.ECS) {
            throw invalid("Policy type PredictiveScaling is not supported for this resource");
        }
        if (config == null || config.metricSpecifications().size() != 1) {
            throw invalid("Predictive scaling policy configuration must have exactly one metric specification");
        }
        metrics(config.metricSpecifications().getFirst());
        if (config.schedulingBufferTime() != null
                && (config.schedulingBufferTime() < 0 || config.schedulingBufferTime() >= HOUR)) {
            throw invalid("SchedulingBufferTime must be at least 0 and less than 3600");
        }
        boolean increases =
                config.maxCapacityBreachBehavior() == PredictiveScalingMaxCapacityBreachBehavior.INCREASE_MAX_CAPACITY;
        if ((config.maxCapacityBuffer() != null) != increases) {
            throw invalid("MaxCapacityBuffer must be specified with, and only with, the behavior IncreaseMaxCapacity");
        }
        return config.toBuilder()
                .mode(Objects.requireNonNullElse(config.mode(), PredictiveScalingMode.FORECAST_ONLY))
                .schedulingBufferTime(Objects.requireNonNullElse(config.schedulingBufferTime(), 300))
                .maxCapacityBreachBehavior(Objects.requireNonNullElse(
                        config.maxCapacityBreachBehavior(),
                        PredictiveScalingMaxCapacityBreachBehavior.HONOR_MAX_CAPACITY))
                .build();
    }

    private static void metrics(PredictiveScalingMetricSpecification m) {
        if (m.targetValue() == null) {
            throw invalid("TargetValue must be specified");
        }
        var pair = m.predefinedMetricPairSpecification();
        var scaling = m.predefinedScalingMetricSpecification();
        var load = m.predefinedLoadMetricSpecification();
        one(pair, scaling, m.customizedScalingMetricSpecification(), "scaling");
        one(pair, load, m.customizedLoadMetricSpecification(), "load");
        if (pair != null) {
            predefined(pair.predefinedMetricType(), pair.resourceLabel(), PAIRS);
        }
        if (scaling != null) {
            predefined(scaling.predefinedMetricType(), scaling.resourceLabel(), SCALING);
        }
        if (load != null) {
            predefined(load.predefinedMetricType(), load.resourceLabel(), LOAD);
        }
        if (m.customizedCapacityMetricSpecification() != null && m.customizedScalingMetricSpecification() == null) {
            throw invalid("A customized capacity metric needs a customized scaling metric");
        }
        Stream.of(
                        m.customizedScalingMetricSpecification(),
                        m.customizedLoadMetricSpecification(),
                        m.customizedCapacityMetricSpecification())
                .filter(Objects::nonNull)
                .forEach(PredictivePolicies::customized);
    }

    private static void one(@Nullable Object pair, @Nullable Object predefined, @Nullable Object own, String what) {
        if (Stream.of(pair, predefined, own).filter(Objects::nonNull).count() != 1) {
            throw invalid("Exactly one of a metric pair, a predefined and a customized " + what
                    + " metric specification must be specified");
        }
    }

    private static void predefined(@Nullable String type, @Nullable String label, Set<String> types) {
        if (type == null || !types.contains(type)) {
            throw invalid("PredefinedMetricType " + type + " is not supported here");
        }
        if (type.contains("ALB") && label == null) {
            throw invalid("Resource label must be specified for metric type " + type);
        }
    }

    private static void customized(PredictiveScalingCustomizedMetricSpecification own) {
        List<PredictiveScalingMetricDataQuery> queries = own.metricDataQueries();
        if (queries.stream().anyMatch(q -> (q.expression() == null) == (q.metricStat() == null))) {
            throw invalid("Either Expression or MetricStat must be specified, but not both");
        }
        if (queries.stream().filter(q -> !Boolean.FALSE.equals(q.returnData())).count() != 1) {
            throw invalid("Exactly one element of the metric data queries should return data");
        }
    }
}
