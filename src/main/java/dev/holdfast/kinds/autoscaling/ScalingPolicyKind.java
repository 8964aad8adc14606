package dev.holdfast.kinds.autoscaling;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.aws.FaultRule;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kinds.autoscaling.Scaling.ScalableDimension;
import dev.holdfast.kinds.autoscaling.Scaling.ServiceNamespace;
import dev.holdfast.model.Fault;
import dev.holdfast.model.ResourceId;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.applicationautoscaling.model.Alarm;
import software.amazon.awssdk.services.applicationautoscaling.model.PutScalingPolicyRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalingPolicy;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;

/**
 * A policy by which something scales. It belongs to the scalable target, and owns the alarms that AWS makes for it: when one of
 * them is gone, what the policy is configured to do reads as missing, so that it is put again.
 */
@Singleton
public final class ScalingPolicyKind implements Kind<ScalingPolicyKind.Spec> {
    /** DescribeScalingPolicies gives ten a page, whatever it is asked for: so many names a call, the calls in parallel. */
    private static final int NAMES = 10;
    /** As many names as DescribeAlarms takes. */
    private static final int ALARMS = 100;

    /** @see <a href="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html">PutScalingPolicy</a> */
    public record Spec(
            @Doc("The name.") @PhysicalName(max = 256) @Nullable
            String policyName,

            @Doc("The service that the scaled resource belongs to.") @Required @Immutable @Nullable
            ServiceNamespace serviceNamespace,

            @Doc("The scaled resource, as its scalable target names it.") @Required @Immutable @Nullable
            String resourceId,

            @Doc("What of it is scaled.") @Required @Immutable @Nullable
            ScalableDimension scalableDimension,

            @Doc("By what the policy goes.") @Required @Immutable @Nullable
            PolicyType policyType,

            @Doc("The metric and its target, for TargetTrackingScaling.") @Nullable
            TargetTracking targetTrackingScalingPolicyConfiguration,

            @Doc("The steps, for StepScaling; an alarm calls the policy by its ARN.") @Nullable
            StepScaling stepScalingPolicyConfiguration) {}

    public enum PolicyType {
        TARGET_TRACKING_SCALING("TargetTrackingScaling"),
        STEP_SCALING("StepScaling");
        private final String wire;

        PolicyType(String wire) {
            this.wire = wire;
        }

        @JsonValue
        @Override
        public String toString() {
            return wire;
        }
    }

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("ScalingPolicy", Spec.class, OwnershipForm.PARENT)
                .description("A policy by which something scales between the bounds of its scalable target.")
                .output("arn", "The policy's ARN, which alarms call.")
                .output("policyName", "Its name.")
                .page("https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html")
                .leavesOut("PredictiveScalingPolicyConfiguration", "predictive scaling is not managed here")
                .leavesOut(
                        "TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification.Metrics",
                        "metric math is not managed here")
                .fault(FaultRule.of("ConcurrentUpdateException", Fault.Category.CONFLICT))
                .fault(FaultRule.of(
                        "ObjectNotFoundException", "No scalable target registered", Fault.Category.DEPENDENCY))
                .fault(FaultRule.of("ObjectNotFoundException", Fault.Category.ABSENT))
                .permissions(Permissions.on("application-autoscaling:{region}:{account}:scalable-target/*")
                        .reads("application-autoscaling:DescribeScalingPolicies", "cloudwatch:DescribeAlarms")
                        // The alarms that a policy keeps are put with the caller's permissions:
                        // https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission-validation.html
                        .touches("cloudwatch:PutMetricAlarm", "cloudwatch:{region}:{account}:alarm:TargetTracking-*")
                        .touches("cloudwatch:DeleteAlarms", "cloudwatch:{region}:{account}:alarm:TargetTracking-*")
                        .touches(
                                "application-autoscaling:PutScalingPolicy",
                                "application-autoscaling:{region}:{account}:scalable-target/*")
                        .touches(
                                "application-autoscaling:DeleteScalingPolicy",
                                "application-autoscaling:{region}:{account}:scalable-target/*"))
                .build();
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        OnTarget<Spec, ScalingPolicy> onTarget = new OnTarget<>(
                scope.wanted(),
                spec -> new OnTarget.Place(spec.serviceNamespace(), spec.resourceId(), spec.scalableDimension()),
                p -> new OnTarget.Found(
                        p.policyARN(),
                        p.policyName(),
                        p.serviceNamespaceAsString(),
                        p.resourceId(),
                        p.scalableDimensionAsString()));
        Map<ScalingPolicy, ResourceId> owners = onTarget.owners(
                scope.parallel(onTarget.batches(NAMES, ScalingPolicyKind::named), batch -> read(scope, batch)).stream()
                        .flatMap(Collection::stream)
                        .toList());
        Set<String> alarms = alarms(scope, owners.keySet());
        return scope.each(
                owners.keySet(),
                p -> Identity.of(p.policyARN()).named(p.policyName()).belongingTo(owners.get(p)),
                (p, identity) -> observed(p, identity, alarms));
    }

    /** {@code …:scalingPolicy:UUID:resource/NAMESPACE/RESOURCE:policyName/NAME} */
    private static OnTarget.Named named(String arn) {
        int from = arn.indexOf(":resource/") + ":resource/".length();
        return new OnTarget.Named(
                arn.substring(from, arn.indexOf('/', from)),
                arn.substring(arn.indexOf(":policyName/") + ":policyName/".length()));
    }

    private static List<ScalingPolicy> read(Scope<Spec> scope, OnTarget.Batch batch) {
        return scope
                .client(ApplicationAutoScalingClient.class)
                .describeScalingPoliciesPaginator(
                        r -> r.serviceNamespace(batch.namespace()).policyNames(batch.names()))
                .scalingPolicies()
                .stream()
                .toList();
    }

    /** Names of the policies' alarms that exist; a policy goes on naming those that somebody deleted. */
    private static Set<String> alarms(Scope<Spec> scope, Collection<ScalingPolicy> policies) {
        List<List<String>> batches = policies.stream()
                .filter(p -> PolicyType.TARGET_TRACKING_SCALING.toString().equals(p.policyTypeAsString()))
                .flatMap(p -> p.alarms().stream())
                .map(Alarm::alarmName)
                .gather(Gatherers.windowFixed(ALARMS))
                .toList();
        CloudWatchClient cloudWatch = scope.client(CloudWatchClient.class);
        return scope
                .parallel(
                        batches,
                        names -> cloudWatch
                                .describeAlarmsPaginator(r -> r.alarmNames(names)
                                        .alarmTypes(AlarmType.METRIC_ALARM)
                                        .maxRecords(ALARMS))
                                .metricAlarms()
                                .stream()
                                .map(MetricAlarm::alarmName)
                                .toList())
                .stream()
                .flatMap(Collection::stream)
                .collect(Collectors.toSet());
    }

    private static Known<Spec> observed(ScalingPolicy p, Identity identity, Set<String> alarms) {
        boolean watched = !p.alarms().isEmpty()
                && p.alarms().stream().map(Alarm::alarmName).allMatch(alarms::contains);
        Spec spec = new Spec(
                p.policyName(),
                Scaling.constant(ServiceNamespace.class, p.serviceNamespaceAsString()),
                p.resourceId(),
                Scaling.constant(ScalableDimension.class, p.scalableDimensionAsString()),
                Scaling.constant(PolicyType.class, p.policyTypeAsString()),
                watched ? TargetTracking.observed(p.targetTrackingScalingPolicyConfiguration()) : null,
                StepScaling.observed(p.stepScalingPolicyConfiguration()));
        return Known.of(identity, spec)
                .output("arn", p.policyARN())
                .output("policyName", p.policyName())
                .createdAt(p.creationTime());
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        return desired.client(ApplicationAutoScalingClient.class)
                .putScalingPolicy(r -> put(r, desired.spec(), null))
                .policyARN();
    }

    /** The same call creates and updates, as a whole. */
    @Override
    public void update(Change<Spec> change) {
        change.client(ApplicationAutoScalingClient.class)
                .putScalingPolicy(r -> put(r, change.spec(), change.observed().spec()));
    }

    private static void put(PutScalingPolicyRequest.Builder request, Spec spec, @Nullable Spec observed) {
        request.policyName(spec.policyName())
                .serviceNamespace(Scaling.wire(spec.serviceNamespace()))
                .resourceId(spec.resourceId())
                .scalableDimension(Scaling.wire(spec.scalableDimension()))
                .policyType(Scaling.wire(spec.policyType()));
        TargetTracking tracking = spec.targetTrackingScalingPolicyConfiguration();
        if (tracking != null) {
            TargetTracking there = observed == null ? null : observed.targetTrackingScalingPolicyConfiguration();
            request.targetTrackingScalingPolicyConfiguration(tracking.requested(there));
        }
        StepScaling steps = spec.stepScalingPolicyConfiguration();
        if (steps != null) {
            StepScaling there = observed == null ? null : observed.stepScalingPolicyConfiguration();
            request.stepScalingPolicyConfiguration(steps.requested(there));
        }
    }

    @Override
    public void delete(Observed<Spec> observed) {
        Spec spec = observed.spec();
        observed.client(ApplicationAutoScalingClient.class)
                .deleteScalingPolicy(r -> r.policyName(spec.policyName())
                        .serviceNamespace(Scaling.wire(spec.serviceNamespace()))
                        .resourceId(spec.resourceId())
                        .scalableDimension(Scaling.wire(spec.scalableDimension())));
    }
}
