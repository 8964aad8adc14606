package dev.holdfast.kinds.autoscaling;

import static dev.holdfast.kind.OwnershipForm.PARENT;

import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.kinds.autoscaling.Scaling.OnScalableTarget;
import dev.holdfast.kinds.autoscaling.Scaling.ScalingName;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.applicationautoscaling.model.AdjustmentType;
import software.amazon.awssdk.services.applicationautoscaling.model.Alarm;
import software.amazon.awssdk.services.applicationautoscaling.model.DeleteScalingPolicyRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.MetricAggregationType;
import software.amazon.awssdk.services.applicationautoscaling.model.MetricStatistic;
import software.amazon.awssdk.services.applicationautoscaling.model.MetricType;
import software.amazon.awssdk.services.applicationautoscaling.model.PolicyType;
import software.amazon.awssdk.services.applicationautoscaling.model.PutScalingPolicyRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalableDimension;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalingPolicy;
import software.amazon.awssdk.services.applicationautoscaling.model.ServiceNamespace;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;

/**
 * A policy that scales a resource. It belongs to the scalable target, and owns the alarms that AWS creates for it. If
 * one of the alarms was deleted, the configuration of the policy is observed as missing, so that the policy is written
 * again.
 */
@Singleton
public final class ScalingPolicyKind extends DeclaredKind<ScalingPolicyKind.Spec> {
    /** DescribeScalingPolicies returns at most ten policies per page: calls with ten names each run in parallel. */
    private static final int NAMES = 10;
    /** DescribeAlarms accepts this many names. */
    private static final int ALARMS = 100;

    private static final Set<String> METRICS = Set.of("predefinedMetricSpecification", "customizedMetricSpecification");

    /** @see <a href="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html">PutScalingPolicy</a> */
    public record Spec(
            @Doc("The name.") @PhysicalName(max = 256) String policyName,

            @Doc("The service that the scaled resource belongs to.") @Required @Immutable
            ServiceNamespace serviceNamespace,

            @Doc("The scaled resource: the resourceId of its scalable target.") @Required @Immutable
            String resourceId,

            @Doc("The dimension that is scaled.") @Required @Immutable
            ScalableDimension scalableDimension,

            @Doc("The type of the policy.") @Required @Immutable
            PolicyType policyType,

            @Doc("The metric and its target, for TargetTrackingScaling.")
            @OnlyWith(field = "policyType", value = "TargetTrackingScaling")
            TargetTracking targetTrackingScalingPolicyConfiguration,

            @Doc("The steps, for StepScaling; an alarm calls the policy by its ARN.")
            @OnlyWith(field = "policyType", value = "StepScaling")
            StepScaling stepScalingPolicyConfiguration,

            @Doc("The metrics and the mode, for PredictiveScaling, which only scales out; add a policy that scales in.")
            @OnlyWith(field = "policyType", value = "PredictiveScaling")
            PredictiveScaling predictiveScalingPolicyConfiguration)
            implements OnScalableTarget {}

    /** A metric and the value at which it is held. */
    @OneOf({"predefinedMetricSpecification", "customizedMetricSpecification"})
    public record TargetTracking(
            @Doc("The value at which the metric is held.") @Required
            Double targetValue,

            @Doc("A metric that AWS defines.") @Unique PredefinedMetric predefinedMetricSpecification,

            @Doc("A custom metric.") @Unique CustomizedMetric customizedMetricSpecification,

            @Doc("Seconds between two scale-ins.") Integer scaleInCooldown,

            @Doc("Seconds for a scale-out to take effect before the next one.")
            Integer scaleOutCooldown,

            @Doc("Whether the policy never scales in.") Boolean disableScaleIn) {}

    public record PredefinedMetric(
            @Doc("The metric: ECSServiceAverageCPUUtilization, ECSServiceAverageMemoryUtilization,"
                    + " ALBRequestCountPerTarget, …")
            @Required
            MetricType predefinedMetricType,

            @Doc("For ALBRequestCountPerTarget: the load balancer's full name, a slash, the target group's full name.")
            String resourceLabel) {}

    /** One metric, or several metrics and expressions over them. */
    @OneOf({"metricName", "metrics"})
    public record CustomizedMetric(
            @Doc("The metric's name.") @Needs({"namespace", "statistic"})
            String metricName,

            @Doc("The metric's namespace.") @Needs("metricName")
            String namespace,

            @Doc("The metric's dimensions.") @Key("name") @Needs("metricName")
            List<MetricDimension> dimensions,

            @Doc("The statistic of the metric.") @Needs("metricName")
            MetricStatistic statistic,

            @Doc("The metric's unit.") @Needs("metricName") @EmptyIsNone
            String unit,

            @Doc("Metrics and expressions over them, one of which returns data.") @Key("id")
            List<TrackedQuery> metrics) {}

    /** A metric or an expression with its id. */
    @OneOf({"metricStat", "expression"})
    public record TrackedQuery(
            @Doc("The id that expressions use; it begins with a lower-case letter.") @Required
            String id,

            @Doc("An expression over the other queries.") String expression,
            @Doc("The label in graphs.") @EmptyIsNone String label,
            @Doc("A metric and its statistic.") TrackedStat metricStat,

            @Doc("Whether the result of this query is held at the target; true if absent.")
            Boolean returnData) {
        public TrackedQuery {
            // https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingMetricDataQuery.html
            returnData = returnData == null || returnData;
        }
    }

    /** A metric and its statistic. */
    public record TrackedStat(
            @Doc("The metric.") @Required TrackedMetric metric,

            @Doc("The statistic, for example Sum or p99.") @Required
            String stat,

            @Doc("The unit.") String unit) {}

    /** A metric by name. */
    public record TrackedMetric(
            @Doc("The namespace.") String namespace,
            @Doc("The name.") String metricName,
            @Doc("The dimensions.") @Key("name") List<MetricDimension> dimensions) {
        public TrackedMetric {
            dimensions = dimensions == null ? List.of() : dimensions;
        }
    }

    public record MetricDimension(
            @Doc("The dimension's name.") @Required String name,

            @Doc("The dimension's value.") @Required String value) {}

    /** Steps by which an alarm scales a resource. */
    public record StepScaling(
            @Doc("The unit of the steps.") @Required AdjustmentType adjustmentType,

            @Doc("The steps.") @Required Set<StepAdjustment> stepAdjustments,

            @Doc("The minimum change, for PercentChangeInCapacity.")
            Integer minAdjustmentMagnitude,

            @Doc("Seconds between two steps.") Integer cooldown,

            @Doc("The aggregation of the alarm's values.") MetricAggregationType metricAggregationType) {}

    /** A step. Its bounds are relative to the alarm's threshold; an absent bound means no limit. */
    public record StepAdjustment(
            @Doc("The lower bound of the step.") Double metricIntervalLowerBound,
            @Doc("The upper bound of the step.") Double metricIntervalUpperBound,

            @Doc("The change of the capacity.") @Required Integer scalingAdjustment) {}

    private static final Listing<ApplicationAutoScalingClient, ScalingPolicy> POLICIES = Scaling.byName(
            NAMES,
            Wanted::physicalName,
            ScalingPolicyKind::recorded,
            (scaling, namespace, names) -> scaling.describeScalingPoliciesPaginator(
                            r -> r.serviceNamespace(namespace).policyNames(names))
                    .scalingPolicies());

    /** {@code …:scalingPolicy:UUID:resource/NAMESPACE/RESOURCE:policyName/NAME} */
    private static ScalingName recorded(String arn) {
        String resource = Values.after(arn, ":resource/");
        return new ScalingName(resource.substring(0, resource.indexOf('/')), Values.after(arn, ":policyName/"));
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("ScalingPolicy", Spec.class, ApplicationAutoScalingClient.class, PARENT)
                .description("A policy that scales a resource between the bounds of its scalable target.")
                .<ScalingPolicy>finds((scope, scaling) -> watched(scope, POLICIES.find(scope, scaling)))
                .id(ScalingPolicy::policyARN)
                .name(ScalingPolicy::policyName)
                .within(Spec::holds)
                .creates(PutScalingPolicyRequest::builder, ApplicationAutoScalingClient::putScalingPolicy)
                .overlays(
                        PutScalingPolicyRequest::builder,
                        ScalingPolicyKind::kept,
                        ApplicationAutoScalingClient::putScalingPolicy)
                .deletes(DeleteScalingPolicyRequest::builder, ApplicationAutoScalingClient::deleteScalingPolicy)
                .state((known, policy) -> known.createdAt(policy.creationTime()))
                .output("arn", "The policy's ARN, which alarms call.", ScalingPolicy::policyARN)
                .output("policyName", "The policy's name.", ScalingPolicy::policyName)
                .info(Scaling::onTarget)
                .permissions(Scaling.permissions(
                                "application-autoscaling:PutScalingPolicy",
                                "application-autoscaling:DeleteScalingPolicy")
                        .reads("application-autoscaling:DescribeScalingPolicies", "cloudwatch:DescribeAlarms")
                        // AWS writes the alarms of a policy with the caller's permissions:
                        // https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission-validation.html
                        .touches(
                                "cloudwatch:PutMetricAlarm",
                                "cloudwatch:{region}:{account}:alarm:TargetTracking-{spec.resourceId}-*")
                        .touches(
                                "cloudwatch:DeleteAlarms",
                                "cloudwatch:{region}:{account}:alarm:TargetTracking-{spec.resourceId}-*"))
                .page("https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html");
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        PredictiveScaling.check(spec, findings);
    }

    /** Removes the configuration of policies that lack an alarm: a policy still names alarms that were deleted. */
    private static Collection<ScalingPolicy> watched(Scope<?> scope, Collection<ScalingPolicy> policies) {
        List<String> named = policies.stream()
                .filter(policy -> policy.policyType() == PolicyType.TARGET_TRACKING_SCALING)
                .flatMap(policy -> policy.alarms().stream())
                .map(Alarm::alarmName)
                .toList();
        CloudWatchClient cloudWatch = scope.client(CloudWatchClient.class);
        Set<String> existing = new HashSet<>();
        Listings.inBatches(
                        scope,
                        named,
                        ALARMS,
                        names -> cloudWatch
                                .describeAlarmsPaginator(r -> r.alarmNames(names)
                                        .alarmTypes(AlarmType.METRIC_ALARM)
                                        .maxRecords(ALARMS))
                                .metricAlarms())
                .forEach((MetricAlarm alarm) -> existing.add(alarm.alarmName()));
        return policies.stream()
                .map(policy -> {
                    List<String> alarms =
                            policy.alarms().stream().map(Alarm::alarmName).toList();
                    ScalingPolicy.Builder copy = policy.toBuilder();
                    if (alarms.isEmpty() || !existing.containsAll(alarms)) {
                        Wire.clear(copy, Spec.class, "targetTrackingScalingPolicyConfiguration"::equals);
                    }
                    return copy.build();
                })
                .toList();
    }

    /** Reads the policy, without its metric if another metric is desired, because AWS accepts only one. */
    private static @Nullable ScalingPolicy kept(ApplicationAutoScalingClient scaling, Change<Spec> change) {
        Spec there = change.observed().spec();
        ScalingPolicy now = Values.first(scaling.describeScalingPolicies(r -> {
                    Scaling.name(r, there);
                    r.policyNames(there.policyName());
                })
                .scalingPolicies());
        if (now != null && now.predictiveScalingPolicyConfiguration() != null) {
            return PredictiveScaling.kept(now, change.spec().predictiveScalingPolicyConfiguration());
        }
        TargetTracking desired = change.spec().targetTrackingScalingPolicyConfiguration();
        var tracking = now == null ? null : now.targetTrackingScalingPolicyConfiguration();
        boolean sameMetric = desired == null
                || (desired.predefinedMetricSpecification() == null && desired.customizedMetricSpecification() == null);
        if (now == null || tracking == null || sameMetric) {
            return now;
        }
        var withoutMetric = tracking.toBuilder();
        Wire.clear(withoutMetric, TargetTracking.class, METRICS::contains);
        return now.copy(p -> p.targetTrackingScalingPolicyConfiguration(withoutMetric.build()));
    }
}
