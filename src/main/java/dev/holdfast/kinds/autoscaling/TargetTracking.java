package dev.holdfast.kinds.autoscaling;

import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Key;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Unique;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.applicationautoscaling.model.TargetTrackingScalingPolicyConfiguration;

/**
 * A metric and the value that it is held at.
 *
 * @see <a href="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingScalingPolicyConfiguration.html">TargetTrackingScalingPolicyConfiguration</a>
 */
public record TargetTracking(
        @Doc("The value that the metric is held at.") @Required @Nullable
        Double targetValue,

        @Doc("A metric that AWS knows.") @Unique @Nullable PredefinedMetric predefinedMetricSpecification,
        @Doc("A metric of one's own.") @Unique @Nullable CustomizedMetric customizedMetricSpecification,
        @Doc("Seconds between two scale-ins.") @Nullable Integer scaleInCooldown,

        @Doc("Seconds in which a scale-out counts before the next.") @Nullable
        Integer scaleOutCooldown,

        @Doc("Whether the policy never scales in.") @Nullable
        Boolean disableScaleIn) {

    public record PredefinedMetric(
            @Doc("ECSServiceAverageCPUUtilization, ECSServiceAverageMemoryUtilization, ALBRequestCountPerTarget, …")
            @Required
            @Nullable
            String predefinedMetricType,

            @Doc("For ALBRequestCountPerTarget: the load balancer's full name, a slash, the target group's full name.")
            @Nullable
            String resourceLabel) {}

    public record CustomizedMetric(
            @Doc("The metric's name.") @Required @Nullable String metricName,
            @Doc("Its namespace.") @Required @Nullable String namespace,

            @Doc("Its dimensions.") @Key("name") @Nullable List<MetricDimension> dimensions,

            @Doc("Average, Minimum, Maximum, SampleCount or Sum.") @Required @Nullable
            String statistic,

            @Doc("Its unit.") @Nullable String unit) {}

    public record MetricDimension(
            @Doc("The dimension's name.") @Required @Nullable
            String name,

            @Doc("Its value.") @Required @Nullable String value) {}

    static @Nullable TargetTracking observed(@Nullable TargetTrackingScalingPolicyConfiguration c) {
        if (c == null) {
            return null;
        }
        var predefined = c.predefinedMetricSpecification();
        var custom = c.customizedMetricSpecification();
        return new TargetTracking(
                c.targetValue(),
                predefined == null
                        ? null
                        : new PredefinedMetric(predefined.predefinedMetricTypeAsString(), predefined.resourceLabel()),
                custom == null
                        ? null
                        : new CustomizedMetric(
                                custom.metricName(),
                                custom.namespace(),
                                custom.dimensions().stream()
                                        .map(d -> new MetricDimension(d.name(), d.value()))
                                        .toList(),
                                custom.statisticAsString(),
                                custom.unit()),
                c.scaleInCooldown(),
                c.scaleOutCooldown(),
                c.disableScaleIn());
    }

    /** In AWS's form; what is not desired is kept from what is there, as the call replaces the whole. */
    TargetTrackingScalingPolicyConfiguration requested(@Nullable TargetTracking there) {
        var request = TargetTrackingScalingPolicyConfiguration.builder()
                .targetValue(targetValue())
                .scaleInCooldown(Scaling.kept(scaleInCooldown(), there == null ? null : there.scaleInCooldown()))
                .scaleOutCooldown(Scaling.kept(scaleOutCooldown(), there == null ? null : there.scaleOutCooldown()))
                .disableScaleIn(Scaling.kept(disableScaleIn(), there == null ? null : there.disableScaleIn()));
        PredefinedMetric predefined = predefinedMetricSpecification();
        if (predefined != null) {
            request.predefinedMetricSpecification(m -> m.predefinedMetricType(predefined.predefinedMetricType())
                    .resourceLabel(predefined.resourceLabel()));
        }
        CustomizedMetric custom = customizedMetricSpecification();
        if (custom != null) {
            List<MetricDimension> dimensions = custom.dimensions() == null ? List.of() : custom.dimensions();
            request.customizedMetricSpecification(m -> m.metricName(custom.metricName())
                    .namespace(custom.namespace())
                    .statistic(custom.statistic())
                    .unit(custom.unit())
                    .dimensions(dimensions.stream()
                            .map(d ->
                                    software.amazon.awssdk.services.applicationautoscaling.model.MetricDimension
                                            .builder()
                                            .name(d.name())
                                            .value(d.value())
                                            .build())
                            .toList()));
        }
        return request.build();
    }
}
