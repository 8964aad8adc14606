package dev.holdfast.composites;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The scaling policies and the alarms of a service. */
record ServiceScalingAndAlarms(ServiceComposite.Spec spec, Expansion into, CompositePart service) {
    private static final int PERIOD = 60;
    private static final int PERIODS = 5;

    void scaling() {
        ServiceComposite.ServiceScaling scaling = spec.scaling();
        if (!scaling.enabled()) {
            return;
        }
        if (scaling.min() > scaling.max()) {
            into.mistake(
                    "/scaling",
                    "expected min to be at most max, found " + scaling.min() + " and " + scaling.max(),
                    "lower min or raise max; the defaults are 1 and 4");
        }
        CompositePart target = scaled(into.part("ScalableTarget"), service.ref("resourceId"))
                .set("minCapacity", scaling.min(), "/scaling/min")
                .set("maxCapacity", scaling.max(), "/scaling/max")
                .set(
                        "suspendedState",
                        JsonFields.of(
                                "dynamicScalingInSuspended", false,
                                "dynamicScalingOutSuspended", false,
                                "scheduledScalingSuspended", false));
        tracking(target, "cpu", scaling.cpu(), "ECSServiceAverageCPUUtilization");
        tracking(target, "memory", scaling.memory(), "ECSServiceAverageMemoryUtilization");
    }

    private static CompositePart scaled(CompositePart part, String resourceId) {
        return part.set("serviceNamespace", "ecs")
                .set("resourceId", resourceId)
                .set("scalableDimension", "ecs:service:DesiredCount");
    }

    private void tracking(CompositePart target, String name, int value, String metric) {
        Object configuration = JsonFields.of(
                "targetValue",
                value,
                "predefinedMetricSpecification",
                JsonFields.of("predefinedMetricType", metric),
                "scaleInCooldown",
                300,
                "scaleOutCooldown",
                60);
        scaled(into.part("ScalingPolicy", name), target.ref("resourceId"))
                .set("policyType", "TargetTrackingScaling")
                .set("targetTrackingScalingPolicyConfiguration", configuration)
                .from("/targetTrackingScalingPolicyConfiguration", "/scaling/" + name);
    }

    void alarms(@Nullable CompositePart group) {
        ServiceComposite.ServiceAlarms alarms = spec.alarms();
        if (!alarms.enabled()) {
            return;
        }
        utilization("cpu", "CPU", "CPUUtilization", alarms.cpu());
        utilization("memory", "memory", "MemoryUtilization", alarms.memory());
        if (group != null) {
            errors(group, alarms.errorRate());
        }
        if (spec.tasks() > 0) {
            down(group, alarms.downMinutes());
        }
    }

    /**
     * An alarm for a service without running tasks. The other alarms cannot see this case, because without tasks there
     * are no metrics.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html">HealthyHostCount</a>
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html">metrics of
     *     services with running tasks only</a>
     */
    private void down(@Nullable CompositePart group, int minutes) {
        // The other alarms refer to the service and therefore follow its first rollout. Without this dependency, this
        // alarm would fire during that rollout.
        CompositePart alarm = watched(
                        "down", "None of the tasks of " + into.name() + (group == null ? " runs" : " is healthy"))
                .set("evaluationPeriods", minutes, "/alarms/downMinutes")
                .set("threshold", 1)
                .set("comparisonOperator", "LessThanThreshold")
                .set("period", PERIOD)
                .set("treatMissingData", "breaching")
                .after(service.id().toString(), "/alarms");
        if (group == null) {
            alarm.set("namespace", "AWS/ECS")
                    .set("metricName", "CPUUtilization")
                    .set("dimensions", ofService())
                    .set("statistic", "SampleCount");
        } else {
            // Each node of the load balancer reports its own count. If the highest count is zero, no node sees a
            // healthy task.
            alarm.set("namespace", "AWS/ApplicationELB")
                    .set("metricName", "HealthyHostCount")
                    .set("dimensions", ofTargets(group))
                    .from("/dimensions", "/ingress")
                    .set("statistic", "Maximum");
        }
    }

    private List<Map<String, Object>> ofService() {
        return List.of(
                dimension("ClusterName", service.ref("clusterName")), dimension("ServiceName", service.ref("name")));
    }

    private List<Map<String, Object>> ofTargets(CompositePart group) {
        return List.of(
                dimension("LoadBalancer", "${Ingress/" + spec.ingress() + ".fullName}"),
                dimension("TargetGroup", group.ref("fullName")));
    }

    private void utilization(String name, String words, String metric, int threshold) {
        alarm(name + "-high", "The tasks of " + into.name() + " are short of " + words, threshold, "/alarms/" + name)
                .set("namespace", "AWS/ECS")
                .set("metricName", metric)
                .set("dimensions", ofService())
                .set("statistic", "Average")
                .set("period", PERIOD)
                .set("treatMissingData", "missing");
    }

    private void errors(CompositePart group, int threshold) {
        List<Map<String, Object>> dimensions = ofTargets(group);
        Object rate = JsonFields.of(
                "id", "rate",
                "expression", "IF(requests > 0, 100 * errors / requests, 0)",
                "label", "5XX rate in percent",
                "returnData", true);
        List<Object> metrics = List.of(
                rate,
                sum("errors", "HTTPCode_Target_5XX_Count", dimensions),
                sum("requests", "RequestCount", dimensions));
        alarm(
                        "5xx",
                        "More than " + threshold + " % of the requests to " + into.name() + " fail",
                        threshold,
                        "/alarms/errorRate")
                .set("metrics", metrics)
                .from("/metrics", "/ingress")
                .set("datapointsToAlarm", 3)
                .set("treatMissingData", "notBreaching");
    }

    private static Map<String, Object> sum(String id, String metricName, List<Map<String, Object>> dimensions) {
        Object metric =
                JsonFields.of("namespace", "AWS/ApplicationELB", "metricName", metricName, "dimensions", dimensions);
        return JsonFields.of(
                "id",
                id,
                "metricStat",
                JsonFields.of("metric", metric, "period", PERIOD, "stat", "Sum"),
                "returnData",
                false);
    }

    private CompositePart alarm(String name, String description, int threshold, String source) {
        return watched(name, description)
                .set("evaluationPeriods", PERIODS)
                .set("threshold", threshold, source)
                .set("comparisonOperator", "GreaterThanThreshold");
    }

    private CompositePart watched(String name, String description) {
        return into.part("Alarm", name)
                .set("alarmDescription", description)
                .reportsTo(spec.alarms().actions())
                .tags(spec.tags());
    }

    private static Map<String, Object> dimension(String name, String value) {
        return JsonFields.of("name", name, "value", value);
    }
}
