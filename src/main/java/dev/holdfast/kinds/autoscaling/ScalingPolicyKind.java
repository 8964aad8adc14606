package dev.holdfast.kinds.autoscaling;

import static dev.holdfast.kind.OwnershipForm.PARENT;
import static dev.holdfast.model.Fault.Category.ABSENT;
import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;

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
import software.amazon.awssdk.services.applicationautoscaling.model.PutScalingPolicyResponse;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalableDimension;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalingPolicy;
import software.amazon.awssdk.services.applicationautoscaling.model.ServiceNamespace;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;

/**
 * A policy by which a resource scales. It belongs to the scalable target, and owns the alarms that AWS makes for it: when one
 * of them is gone, the configuration of the policy reads as missing, so that it is put again.
 */
@Singleton
public final class ScalingPolicyKind extends DeclaredKind<ScalingPolicyKind.Spec> {
    /** DescribeScalingPolicies gives ten a page, whatever it is asked for: so many names a call, the calls in parallel. */
    private static final int NAMES = 10;
    /** As many names as DescribeAlarms takes. */
    private static final int ALARMS = 100;

    private static final Set<String> METRICS = Set.of("predefinedMetricSpecification", "customizedMetricSpecification");

    /** @see <a href="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html">PutScalingPolicy</a> */
    public record Spec(
            @Doc("The name.") @PhysicalName(max = 256) String policyName,

            @Doc("The service that the scaled resource belongs to.") @Required @Immutable
            ServiceNamespace serviceNamespace,

            @Doc("The scaled resource, as its scalable target names it.") @Required @Immutable
            String resourceId,

            @Doc("The dimension that is scaled.") @Required @Immutable
            ScalableDimension scalableDimension,

            @Doc("How the policy decides.") @Required @Immutable
            PolicyType policyType,

            @Doc("The metric and its target, for TargetTrackingScaling.")
            @OnlyWith(field = "policyType", value = "TargetTrackingScaling")
            TargetTracking targetTrackingScalingPolicyConfiguration,

            @Doc("The steps, for StepScaling; an alarm calls the policy by its ARN.")
            @OnlyWith(field = "policyType", value = "StepScaling")
            StepScaling stepScalingPolicyConfiguration,

            @Doc("The metrics and the mode, for PredictiveScaling; it scales out only, beside a policy that scales in.")
            @OnlyWith(field = "policyType", value = "PredictiveScaling")
            PredictiveScaling predictiveScalingPolicyConfiguration)
            implements OnScalableTarget {}

    /** A metric and the value that it is held at. */
    @OneOf({"predefinedMetricSpecification", "customizedMetricSpecification"})
    public record TargetTracking(
            @Doc("The value that the metric is held at.") @Required
            Double targetValue,

            @Doc("A metric that AWS knows.") @Unique PredefinedMetric predefinedMetricSpecification,

            @Doc("A metric of one's own.") @Unique CustomizedMetric customizedMetricSpecification,

            @Doc("Seconds between two scale-ins.") Integer scaleInCooldown,

            @Doc("Seconds in which a scale-out counts before the next.")
            Integer scaleOutCooldown,

            @Doc("Whether the policy never scales in.") Boolean disableScaleIn) {}

    public record PredefinedMetric(
            @Doc("ECSServiceAverageCPUUtilization, ECSServiceAverageMemoryUtilization, ALBRequestCountPerTarget, …")
            @Required
            MetricType predefinedMetricType,

            @Doc("For ALBRequestCountPerTarget: the load balancer's full name, a slash, the target group's full name.")
            String resourceLabel) {}

    /** One metric, or several and expressions over them. */
    @OneOf({"metricName", "metrics"})
    public record CustomizedMetric(
            @Doc("The metric's name.") @Needs({"namespace", "statistic"})
            String metricName,

            @Doc("Its namespace.") @Needs("metricName") String namespace,

            @Doc("Its dimensions.") @Key("name") @Needs("metricName")
            List<MetricDimension> dimensions,

            @Doc("How its values become one.") @Needs("metricName")
            MetricStatistic statistic,

            @Doc("Its unit.") @Needs("metricName") String unit,

            @Doc("Metrics and expressions over them, one of which returns data.") @Key("id")
            List<TrackedQuery> metrics) {}

    /** A metric or an expression, under a name of its own. */
    @OneOf({"metricStat", "expression"})
    public record TrackedQuery(
            @Doc("The name that expressions use; begins with a small letter.") @Required
            String id,

            @Doc("An expression over the others.") String expression,
            @Doc("What it is called in graphs.") String label,
            @Doc("A metric.") TrackedStat metricStat,

            @Doc("Whether this is what is held at the target; true if absent.")
            Boolean returnData) {
        public TrackedQuery {
            // https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingMetricDataQuery.html
            returnData = returnData == null || returnData;
        }
    }

    /** A metric and how its values become one. */
    public record TrackedStat(
            @Doc("The metric.") @Required TrackedMetric metric,

            @Doc("The statistic, Sum or p99.") @Required String stat,

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

            @Doc("Its value.") @Required String value) {}

    /** Steps that an alarm makes a resource take. */
    public record StepScaling(
            @Doc("What the steps count in.") @Required AdjustmentType adjustmentType,

            @Doc("The steps.") @Required Set<StepAdjustment> stepAdjustments,

            @Doc("The least change, for PercentChangeInCapacity.")
            Integer minAdjustmentMagnitude,

            @Doc("Seconds between two steps.") Integer cooldown,

            @Doc("How the alarm's values become one.") MetricAggregationType metricAggregationType) {}

    /** Bounds are relative to the alarm's threshold; none: without end. */
    public record StepAdjustment(
            @Doc("From where the step holds.") Double metricIntervalLowerBound,
            @Doc("To where the step holds.") Double metricIntervalUpperBound,

            @Doc("By how much it scales.") @Required Integer scalingAdjustment) {}

    private static final Listing<ApplicationAutoScalingClient, ScalingPolicy> POLICIES = Scaling.byName(
            NAMES,
            Wanted::physicalName,
            ScalingPolicyKind::recorded,
            (scaling, namespace, names) -> scaling.describeScalingPoliciesPaginator(
                            r -> r.serviceNamespace(namespace).policyNames(names))
                    .scalingPolicies());

    /** {@code …:scalingPolicy:UUID:resource/NAMESPACE/RESOURCE:policyName/NAME} */
    private static ScalingName recorded(String arn) {
        int from = arn.indexOf(":resource/") + ":resource/".length();
        return new ScalingName(
                arn.substring(from, arn.indexOf('/', from)),
                arn.substring(arn.indexOf(":policyName/") + ":policyName/".length()));
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of(
                        "ScalingPolicy",
                        Spec.class,
                        ApplicationAutoScalingClient.class,
                        PARENT,
                        "A policy by which something scales between the bounds of its scalable target.")
                .<ScalingPolicy>finds((scope, scaling) -> watched(scope, POLICIES.find(scope, scaling)))
                .id(ScalingPolicy::policyARN)
                .name(ScalingPolicy::policyName)
                .within(Spec::holds)
                .creates(
                        PutScalingPolicyRequest::builder,
                        ApplicationAutoScalingClient::putScalingPolicy,
                        PutScalingPolicyResponse::policyARN)
                .overlays(
                        PutScalingPolicyRequest::builder,
                        ScalingPolicyKind::kept,
                        ApplicationAutoScalingClient::putScalingPolicy)
                .deletesObserved((scaling, observed) ->
                        scaling.deleteScalingPolicy(Wire.fill(DeleteScalingPolicyRequest.builder(), observed.spec())
                                .build()))
                .state((known, policy) -> known.createdAt(policy.creationTime()))
                .output("arn", "The policy's ARN, which alarms call.", ScalingPolicy::policyARN)
                .output("policyName", "Its name.", ScalingPolicy::policyName)
                .info(info -> info.hangsAt("ScalableTarget", Scaling::idOf))
                .fault("ConcurrentUpdateException", CONFLICT)
                .fault("ObjectNotFoundException", "No scalable target registered", DEPENDENCY)
                .fault("ObjectNotFoundException", ABSENT)
                .permissions(Scaling.permissions(
                                "application-autoscaling:PutScalingPolicy",
                                "application-autoscaling:DeleteScalingPolicy")
                        .reads("application-autoscaling:DescribeScalingPolicies", "cloudwatch:DescribeAlarms")
                        // The alarms that a policy keeps are put with the caller's permissions:
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

    /** Takes the configuration off the policies that lack an alarm: a policy goes on naming those that somebody deleted. */
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

    /** The policy as it is now; AWS takes one metric, which is desired as a whole: then no other is kept. */
    private static @Nullable ScalingPolicy kept(ApplicationAutoScalingClient scaling, Change<Spec> change) {
        Spec there = change.observed().spec();
        ScalingPolicy now = scaling
                .describeScalingPolicies(r -> {
                    Scaling.name(r, there);
                    r.policyNames(there.policyName());
                })
                .scalingPolicies()
                .stream()
                .findFirst()
                .orElse(null);
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
