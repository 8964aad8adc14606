package dev.holdfast.kinds.autoscaling;

import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Required;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.applicationautoscaling.model.StepScalingPolicyConfiguration;

/**
 * Steps that an alarm makes something take.
 *
 * @see <a href="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepScalingPolicyConfiguration.html">StepScalingPolicyConfiguration</a>
 */
public record StepScaling(
        @Doc("ChangeInCapacity, PercentChangeInCapacity or ExactCapacity.") @Required @Nullable
        String adjustmentType,

        @Doc("The steps.") @Required @Nullable Set<StepAdjustment> stepAdjustments,

        @Doc("The least change, for PercentChangeInCapacity.") @Nullable
        Integer minAdjustmentMagnitude,

        @Doc("Seconds between two steps.") @Nullable Integer cooldown,
        @Doc("Average, Minimum or Maximum.") @Nullable String metricAggregationType) {

    /** Bounds are relative to the alarm's threshold; none: without end. */
    public record StepAdjustment(
            @Doc("From where the step holds.") @Nullable Double metricIntervalLowerBound,
            @Doc("To where the step holds.") @Nullable Double metricIntervalUpperBound,

            @Doc("By how much it scales.") @Required @Nullable
            Integer scalingAdjustment) {}

    static @Nullable StepScaling observed(@Nullable StepScalingPolicyConfiguration c) {
        return c == null
                ? null
                : new StepScaling(
                        c.adjustmentTypeAsString(),
                        c.stepAdjustments().stream()
                                .map(s -> new StepAdjustment(
                                        s.metricIntervalLowerBound(),
                                        s.metricIntervalUpperBound(),
                                        s.scalingAdjustment()))
                                .collect(Collectors.toUnmodifiableSet()),
                        c.minAdjustmentMagnitude(),
                        c.cooldown(),
                        c.metricAggregationTypeAsString());
    }

    /** In AWS's form; what is not desired is kept from what is there, as the call replaces the whole. */
    StepScalingPolicyConfiguration requested(@Nullable StepScaling there) {
        Set<StepAdjustment> steps = stepAdjustments == null ? Set.of() : stepAdjustments;
        return StepScalingPolicyConfiguration.builder()
                .adjustmentType(adjustmentType())
                .minAdjustmentMagnitude(
                        Scaling.kept(minAdjustmentMagnitude(), there == null ? null : there.minAdjustmentMagnitude()))
                .cooldown(Scaling.kept(cooldown(), there == null ? null : there.cooldown()))
                .metricAggregationType(
                        Scaling.kept(metricAggregationType(), there == null ? null : there.metricAggregationType()))
                .stepAdjustments(steps.stream()
                        .map(s -> software.amazon.awssdk.services.applicationautoscaling.model.StepAdjustment.builder()
                                .metricIntervalLowerBound(s.metricIntervalLowerBound())
                                .metricIntervalUpperBound(s.metricIntervalUpperBound())
                                .scalingAdjustment(s.scalingAdjustment())
                                .build())
                        .toList())
                .build();
    }
}
