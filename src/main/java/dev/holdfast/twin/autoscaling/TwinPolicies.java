package dev.holdfast.twin.autoscaling;

import static dev.holdfast.twin.autoscaling.TwinAutoScaling.invalid;

import dev.holdfast.twin.cloudwatch.TwinCloudWatch;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.applicationautoscaling.model.Alarm;
import software.amazon.awssdk.services.applicationautoscaling.model.MetricType;
import software.amazon.awssdk.services.applicationautoscaling.model.PolicyType;
import software.amazon.awssdk.services.applicationautoscaling.model.PutScalingPolicyRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalableTarget;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalingPolicy;
import software.amazon.awssdk.services.applicationautoscaling.model.TargetTrackingScalingPolicyConfiguration;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

/** The scaling policies, and the alarms in CloudWatch that a target tracking policy owns. */
final class TwinPolicies {
    /** AWS scales in only below nine tenths of the target: the two alarms must not chase each other. */
    private static final double LOW = 0.9;

    private final TwinContext context;
    private final TwinTable<ScalingPolicy> policies;

    TwinPolicies(TwinContext context) {
        this.context = context;
        this.policies = new TwinTable<>(context);
    }

    List<ScalingPolicy> all() {
        return policies.all();
    }

    List<ScalingPolicy> visible() {
        return policies.visible();
    }

    /** Puts the alarms of a target tracking policy too, those that somebody deleted again. */
    ScalingPolicy put(PutScalingPolicyRequest r) {
        String key = key(
                r.serviceNamespaceAsString(),
                r.resourceId(),
                r.scalableDimensionAsString(),
                checkedName(r.policyName()));
        ScalingPolicy old = policies.get(key);
        PolicyType type =
                r.policyType() != null ? r.policyType() : old == null ? PolicyType.STEP_SCALING : old.policyType();
        if (old != null && old.policyType() != type) {
            throw invalid("Policy type cannot be changed from " + old.policyTypeAsString() + " to " + type);
        }
        ScalingPolicy.Builder made = ScalingPolicy.builder()
                .policyName(r.policyName())
                .serviceNamespace(r.serviceNamespaceAsString())
                .resourceId(r.resourceId())
                .scalableDimension(r.scalableDimensionAsString())
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
            made.stepScalingPolicyConfiguration(r.stepScalingPolicyConfiguration());
        } else {
            throw invalid("Policy type " + type + " is not supported for this resource");
        }
        ScalingPolicy policy = made.build();
        policies.put(key, policy);
        return policy;
    }

    private String arn(PutScalingPolicyRequest r) {
        return context.arn(
                "autoscaling",
                "scalingPolicy:" + uuid() + ":resource/" + r.serviceNamespaceAsString() + "/" + r.resourceId()
                        + ":policyName/" + r.policyName());
    }

    private static String checkedName(@Nullable String name) {
        if (name == null || name.isEmpty() || name.length() > 256) {
            throw invalid("1 validation error detected: Value '" + name
                    + "' at 'policyName' failed to satisfy constraint: Member must have length between 1 and 256");
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
        boolean twice = policies.all().stream()
                .filter(p -> p.serviceNamespace() == r.serviceNamespace()
                        && p.resourceId().equals(r.resourceId())
                        && p.scalableDimension() == r.scalableDimension()
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

    /** An alarm that is there keeps its name; one that is gone comes back under a new one. */
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
        return prefix + uuid();
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
            alarm.namespace(custom.namespace())
                    .metricName(custom.metricName())
                    .dimensions(custom.dimensions().stream()
                            .map(d -> Dimension.builder()
                                    .name(d.name())
                                    .value(d.value())
                                    .build())
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

    void removeAllOf(ScalableTarget t) {
        for (ScalingPolicy p : policies.all()) {
            if (p.serviceNamespace() == t.serviceNamespace()
                    && p.resourceId().equals(t.resourceId())
                    && p.scalableDimension() == t.scalableDimension()) {
                remove(p.serviceNamespaceAsString(), p.resourceId(), p.scalableDimensionAsString(), p.policyName());
            }
        }
    }

    /** @return whether it was there; its alarms go with it */
    boolean remove(String namespace, String resourceId, String dimension, String name) {
        ScalingPolicy gone = policies.remove(key(namespace, resourceId, dimension, name));
        if (gone == null) {
            return false;
        }
        gone.alarms().forEach(a -> context.peer(TwinCloudWatch.class).deleteAwsAlarm(a.alarmName()));
        return true;
    }

    private static String key(
            @Nullable String namespace, @Nullable String resourceId, @Nullable String dimension, String name) {
        return TwinAutoScaling.key(namespace, resourceId, dimension) + "/" + name;
    }

    private String uuid() {
        return String.join("-", context.hex(8), context.hex(4), context.hex(4), context.hex(4), context.hex(12));
    }
}
