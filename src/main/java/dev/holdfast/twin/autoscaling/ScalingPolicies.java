package dev.holdfast.twin.autoscaling;

import static dev.holdfast.twin.autoscaling.TwinAutoScaling.invalid;
import static dev.holdfast.twin.autoscaling.TwinAutoScaling.key;
import static dev.holdfast.twin.store.TwinErrors.violation;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.cloudwatch.TwinCloudWatch;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.TwinContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.applicationautoscaling.model.Alarm;
import software.amazon.awssdk.services.applicationautoscaling.model.CustomizedMetricSpecification;
import software.amazon.awssdk.services.applicationautoscaling.model.MetricType;
import software.amazon.awssdk.services.applicationautoscaling.model.PolicyType;
import software.amazon.awssdk.services.applicationautoscaling.model.PutScalingPolicyRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalingPolicy;
import software.amazon.awssdk.services.applicationautoscaling.model.TargetTrackingMetricDataQuery;
import software.amazon.awssdk.services.applicationautoscaling.model.TargetTrackingMetricStat;
import software.amazon.awssdk.services.applicationautoscaling.model.TargetTrackingScalingPolicyConfiguration;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

/** The scaling policies, and the alarms in CloudWatch that a target tracking policy owns. */
final class ScalingPolicies {
    /** AWS scales in only below 90 % of the target, so that the two alarms do not undo each other's effect. */
    private static final double LOW = 0.9;

    private final TwinContext context;
    final ResourceStore<ScalingPolicy, ScalingPolicy.Builder> store;

    ScalingPolicies(TwinContext context) {
        this.context = context;
        this.store = context.store(ScalingPolicy::builder, p -> key(p) + "/" + p.policyName())
                .type("autoscaling:scalingPolicy")
                .arn(ScalingPolicy::policyARN)
                .pages(10);
    }

    /** Also puts the alarms of a target tracking policy, and thereby restores alarms that were deleted. */
    ScalingPolicy put(PutScalingPolicyRequest r) {
        ScalingPolicy old = store.get(key(r) + "/" + checkedName(r.policyName()));
        PolicyType type =
                Objects.requireNonNullElse(r.policyType(), old == null ? PolicyType.STEP_SCALING : old.policyType());
        if (old != null && old.policyType() != type) {
            throw invalid("Policy type cannot be changed from " + old.policyTypeAsString() + " to " + type);
        }
        ScalingPolicy.Builder made = SdkShapes.copy(r, ScalingPolicy.builder())
                .policyType(type)
                .policyARN(old == null ? arn(r) : old.policyARN())
                .creationTime(old == null ? context.now() : old.creationTime())
                .alarms(List.of());
        if (type == PolicyType.TARGET_TRACKING_SCALING) {
            TargetTrackingScalingPolicyConfiguration config = checked(r.targetTrackingScalingPolicyConfiguration(), r);
            made.targetTrackingScalingPolicyConfiguration(config);
            made.alarms(putAlarms(made.build(), config, old));
        } else if (type == PolicyType.STEP_SCALING) {
            if (r.stepScalingPolicyConfiguration() == null
                    || r.stepScalingPolicyConfiguration().stepAdjustments().isEmpty()) {
                throw invalid("Step scaling policy configuration must be specified");
            }
        } else if (type == PolicyType.PREDICTIVE_SCALING) {
            made.predictiveScalingPolicyConfiguration(PredictivePolicies.checked(r));
        } else {
            throw invalid("Policy type " + type + " is not supported for this resource");
        }
        return store.put(made.build()).shape();
    }

    private String arn(PutScalingPolicyRequest r) {
        return context.arn(
                "autoscaling",
                "scalingPolicy:" + context.uuid() + ":resource/" + r.serviceNamespaceAsString() + "/" + r.resourceId()
                        + ":policyName/" + r.policyName());
    }

    private static String checkedName(@Nullable String name) {
        if (name == null || name.isEmpty() || name.length() > 256) {
            throw invalid(violation(name, "policyName", "must have length between 1 and 256"));
        }
        return name;
    }

    private TargetTrackingScalingPolicyConfiguration checked(
            @Nullable TargetTrackingScalingPolicyConfiguration config, PutScalingPolicyRequest r) {
        if (config == null || config.targetValue() == null) {
            throw invalid("Target tracking scaling policy configuration must be specified");
        }
        if ((config.predefinedMetricSpecification() == null) == (config.customizedMetricSpecification() == null)) {
            throw invalid("Exactly one of predefined metric specification and customized metric specification"
                    + " must be specified");
        }
        if (config.predefinedMetricSpecification() != null) {
            MetricType metric = config.predefinedMetricSpecification().predefinedMetricType();
            if (metric == MetricType.ALB_REQUEST_COUNT_PER_TARGET
                    && config.predefinedMetricSpecification().resourceLabel() == null) {
                throw invalid("Resource label must be specified for metric type ALBRequestCountPerTarget");
            }
        }
        if (config.customizedMetricSpecification() != null) {
            check(config.customizedMetricSpecification());
        }
        boolean twice = store.stream()
                .filter(p -> key(p).equals(key(r))
                        && !p.policyName().equals(r.policyName())
                        && p.targetTrackingScalingPolicyConfiguration() != null)
                .map(ScalingPolicy::targetTrackingScalingPolicyConfiguration)
                .anyMatch(c -> Objects.equals(c.predefinedMetricSpecification(), config.predefinedMetricSpecification())
                        && Objects.equals(c.customizedMetricSpecification(), config.customizedMetricSpecification()));
        if (twice) {
            throw invalid("Only one TargetTrackingScaling policy for a given metric specification is allowed.");
        }
        return config.toBuilder()
                .disableScaleIn(Boolean.TRUE.equals(config.disableScaleIn()))
                .build();
    }

    private static void check(CustomizedMetricSpecification custom) {
        if ((custom.metricName() == null) == custom.metrics().isEmpty()) {
            throw invalid("Exactly one of a metric name and metrics must be specified");
        }
        if (custom.metricName() != null && (custom.namespace() == null || custom.statistic() == null)) {
            throw invalid("Namespace and statistic must be specified with a metric name");
        }
        if (custom.metricName() == null && (custom.namespace() != null || custom.statistic() != null)) {
            throw invalid("Namespace and statistic cannot be specified with metrics");
        }
        if (custom.metrics().stream().anyMatch(q -> (q.expression() == null) == (q.metricStat() == null))) {
            throw invalid("Either Expression or MetricStat must be specified, but not both");
        }
        if (!custom.metrics().isEmpty()
                && custom.metrics().stream()
                                .filter(q -> !Boolean.FALSE.equals(q.returnData()))
                                .count()
                        != 1) {
            throw invalid("Exactly one element of the metrics list should return data");
        }
    }

    private List<Alarm> putAlarms(
            ScalingPolicy policy, TargetTrackingScalingPolicyConfiguration config, @Nullable ScalingPolicy old) {
        List<Alarm> alarms = new ArrayList<>();
        for (boolean high : new boolean[] {true, false}) {
            String name = nameOf(policy, high, old);
            String alarmArn = context.peer(TwinCloudWatch.class)
                    .putAwsAlarm(name, policy.policyARN(), a -> describe(a, policy, config, high));
            alarms.add(Alarm.builder().alarmName(name).alarmARN(alarmArn).build());
        }
        return alarms;
    }

    /** An existing alarm keeps its name; a deleted alarm is created again with a new name. */
    private String nameOf(ScalingPolicy policy, boolean high, @Nullable ScalingPolicy old) {
        String prefix = "TargetTracking-" + policy.resourceId() + (high ? "-AlarmHigh-" : "-AlarmLow-");
        if (old != null) {
            for (Alarm alarm : old.alarms()) {
                if (alarm.alarmName().startsWith(prefix)
                        && context.peer(TwinCloudWatch.class).alarmExists(alarm.alarmName())) {
                    return alarm.alarmName();
                }
            }
        }
        return prefix + context.uuid();
    }

    private static void describe(
            MetricAlarm.Builder alarm,
            ScalingPolicy policy,
            TargetTrackingScalingPolicyConfiguration config,
            boolean high) {
        String[] service = policy.resourceId().split("/", -1);
        alarm.alarmDescription("DO NOT EDIT OR DELETE. For TargetTrackingScaling policy " + policy.policyARN() + ".")
                .statistic(Statistic.AVERAGE)
                .period(60)
                .evaluationPeriods(high ? 3 : 15)
                .threshold(high ? config.targetValue() : config.targetValue() * LOW)
                .comparisonOperator(
                        high ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD);
        if (config.customizedMetricSpecification() != null) {
            var custom = config.customizedMetricSpecification();
            if (custom.metricName() == null) {
                alarm.statistic((Statistic) null)
                        .period(null)
                        .metrics(custom.metrics().stream()
                                .map(ScalingPolicies::query)
                                .toList());
                return;
            }
            alarm.namespace(custom.namespace())
                    .metricName(custom.metricName())
                    .dimensions(custom.dimensions().stream()
                            .map(d -> SdkShapes.copy(d, Dimension.builder()).build())
                            .toList());
            return;
        }
        MetricType metric = config.predefinedMetricSpecification().predefinedMetricType();
        if (metric == MetricType.ALB_REQUEST_COUNT_PER_TARGET) {
            String label = config.predefinedMetricSpecification().resourceLabel();
            alarm.namespace("AWS/ApplicationELB")
                    .metricName("RequestCountPerTarget")
                    .statistic(Statistic.SUM)
                    .dimensions(Dimension.builder()
                            .name("TargetGroup")
                            .value(label.substring(Math.max(0, label.indexOf("targetgroup/"))))
                            .build());
            return;
        }
        alarm.namespace("AWS/ECS")
                .metricName(
                        metric == MetricType.ECS_SERVICE_AVERAGE_MEMORY_UTILIZATION
                                ? "MemoryUtilization"
                                : "CPUUtilization")
                .dimensions(
                        Dimension.builder()
                                .name("ClusterName")
                                .value(service[service.length > 2 ? 1 : 0])
                                .build(),
                        Dimension.builder()
                                .name("ServiceName")
                                .value(service[service.length - 1])
                                .build());
    }

    private static MetricDataQuery query(TargetTrackingMetricDataQuery asked) {
        MetricDataQuery.Builder query = MetricDataQuery.builder()
                .id(asked.id())
                .expression(asked.expression())
                .label(asked.label())
                .returnData(!Boolean.FALSE.equals(asked.returnData()));
        TargetTrackingMetricStat stat = asked.metricStat();
        if (stat != null) {
            query.metricStat(s -> s.stat(stat.stat())
                    .unit(stat.unit())
                    .period(60)
                    .metric(m -> m.namespace(stat.metric().namespace())
                            .metricName(stat.metric().metricName())
                            .dimensions(stat.metric().dimensions().stream()
                                    .map(d -> SdkShapes.copy(d, Dimension.builder())
                                            .build())
                                    .toList())));
        }
        return query.build();
    }

    void removeAllOf(String target) {
        store.all().stream().filter(p -> key(p).equals(target)).forEach(p -> remove(target + "/" + p.policyName()));
    }

    /** Removes a policy and its alarms. @return whether the policy existed */
    boolean remove(String key) {
        ScalingPolicy gone = store.get(key);
        if (gone != null) {
            gone.alarms().forEach(a -> context.peer(TwinCloudWatch.class).deleteAwsAlarm(a.alarmName()));
        }
        return store.remove(key);
    }
}
