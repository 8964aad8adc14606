package dev.holdfast.twin.autoscaling;

import dev.holdfast.twin.ecs.TwinEcs;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinErrors;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.applicationautoscaling.model.DeleteScalingPolicyRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.DeleteScalingPolicyResponse;
import software.amazon.awssdk.services.applicationautoscaling.model.DeleteScheduledActionRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.DeleteScheduledActionResponse;
import software.amazon.awssdk.services.applicationautoscaling.model.DeregisterScalableTargetRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.DeregisterScalableTargetResponse;
import software.amazon.awssdk.services.applicationautoscaling.model.DescribeScalableTargetsRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.DescribeScalableTargetsResponse;
import software.amazon.awssdk.services.applicationautoscaling.model.DescribeScalingPoliciesRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.DescribeScalingPoliciesResponse;
import software.amazon.awssdk.services.applicationautoscaling.model.DescribeScheduledActionsRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.DescribeScheduledActionsResponse;
import software.amazon.awssdk.services.applicationautoscaling.model.ObjectNotFoundException;
import software.amazon.awssdk.services.applicationautoscaling.model.PutScalingPolicyRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.PutScalingPolicyResponse;
import software.amazon.awssdk.services.applicationautoscaling.model.PutScheduledActionRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.PutScheduledActionResponse;
import software.amazon.awssdk.services.applicationautoscaling.model.RegisterScalableTargetRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.RegisterScalableTargetResponse;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalableTarget;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalingPolicy;
import software.amazon.awssdk.services.applicationautoscaling.model.ScheduledAction;
import software.amazon.awssdk.services.applicationautoscaling.model.ServiceNamespace;
import software.amazon.awssdk.services.applicationautoscaling.model.SuspendedState;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;

/** The twin of Application Auto Scaling, as far as the kinds need it: it keeps targets and policies, and scales nothing. */
public final class TwinAutoScaling implements ApplicationAutoScalingClient, TwinService {
    private static final int TARGETS_A_PAGE = 50;
    private static final int POLICIES_A_PAGE = 10;
    private static final String LINKED_ROLE =
            ":role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService";

    private final TwinContext context;
    private final TwinTable<ScalableTarget> targets;
    private final TwinPolicies policies;
    private final TwinSchedules schedules;

    public TwinAutoScaling(TwinContext context) {
        this.context = context;
        this.targets = new TwinTable<>(context);
        this.policies = new TwinPolicies(context);
        this.schedules = new TwinSchedules(context);
    }

    /**
     * Lets go of a resource that its service has deleted, with its policies and their alarms, as AWS does for an ECS service
     * (https://github.com/eagletmt/hako/pull/69).
     *
     * @param resourceId {@code service/cluster/name}
     */
    public void forgetResource(ServiceNamespace namespace, String resourceId) {
        for (ScalableTarget t : targets.all()) {
            if (t.serviceNamespace() == namespace && t.resourceId().equals(resourceId)) {
                remove(t);
            }
        }
    }

    /** The bounds of an ECS service as {@code service/cluster/name}, or null where nothing is registered. */
    public @Nullable ScalableTarget target(ServiceNamespace namespace, String resourceId) {
        return targets.all().stream()
                .filter(t -> t.serviceNamespace() == namespace && t.resourceId().equals(resourceId))
                .findFirst()
                .orElse(null);
    }

    @Override
    public RegisterScalableTargetResponse registerScalableTarget(RegisterScalableTargetRequest r) {
        String key = key(r.serviceNamespaceAsString(), r.resourceId(), r.scalableDimensionAsString());
        ScalableTarget old = targets.get(key);
        Integer min = r.minCapacity() == null && old != null ? old.minCapacity() : r.minCapacity();
        Integer max = r.maxCapacity() == null && old != null ? old.maxCapacity() : r.maxCapacity();
        if (min == null || max == null) {
            throw invalid("Minimum capacity and maximum capacity must be specified for a new scalable target");
        }
        if (min < 0 || max < 0) {
            throw invalid("Minimum capacity and maximum capacity must not be negative");
        }
        if (min > max) {
            throw invalid("Maximum capacity cannot be less than minimum capacity");
        }
        checkResource(r.serviceNamespace(), r.resourceId());
        ScalableTarget made = ScalableTarget.builder()
                .serviceNamespace(r.serviceNamespaceAsString())
                .resourceId(r.resourceId())
                .scalableDimension(r.scalableDimensionAsString())
                .minCapacity(min)
                .maxCapacity(max)
                .roleARN("arn:aws:iam::" + context.account() + LINKED_ROLE)
                .creationTime(old == null ? context.now() : old.creationTime())
                .suspendedState(suspended(old == null ? null : old.suspendedState(), r.suspendedState()))
                .scalableTargetARN(
                        old == null
                                ? context.arn("application-autoscaling", "scalable-target/" + context.hex(32))
                                : old.scalableTargetARN())
                .build();
        targets.put(key, made);
        return RegisterScalableTargetResponse.builder()
                .scalableTargetARN(made.scalableTargetARN())
                .build();
    }

    private void checkResource(@Nullable ServiceNamespace namespace, String resourceId) {
        if (namespace != ServiceNamespace.ECS) {
            return;
        }
        String[] parts = resourceId.split("/", -1);
        if (parts.length != 3 || !parts[0].equals("service")) {
            throw invalid("Unsupported service namespace, resource type or scalable dimension");
        }
        // The code and the words: https://github.com/spinnaker/spinnaker/issues/4371
        if (!ecsServiceExists(parts[1], parts[2])) {
            throw invalid("ECS service doesn't exist: " + resourceId);
        }
    }

    private boolean ecsServiceExists(String cluster, String name) {
        try {
            return context
                    .peer(TwinEcs.class)
                    .describeServices(d -> d.cluster(cluster).services(name))
                    .services()
                    .stream()
                    .anyMatch(s -> !"INACTIVE".equals(s.status()));
        } catch (ClusterNotFoundException e) {
            return false;
        }
    }

    private static SuspendedState suspended(@Nullable SuspendedState old, @Nullable SuspendedState asked) {
        SuspendedState before = old == null
                ? SuspendedState.builder()
                        .dynamicScalingInSuspended(false)
                        .dynamicScalingOutSuspended(false)
                        .scheduledScalingSuspended(false)
                        .build()
                : old;
        if (asked == null) {
            return before;
        }
        return SuspendedState.builder()
                .dynamicScalingInSuspended(or(asked.dynamicScalingInSuspended(), before.dynamicScalingInSuspended()))
                .dynamicScalingOutSuspended(or(asked.dynamicScalingOutSuspended(), before.dynamicScalingOutSuspended()))
                .scheduledScalingSuspended(or(asked.scheduledScalingSuspended(), before.scheduledScalingSuspended()))
                .build();
    }

    private static Boolean or(@Nullable Boolean value, Boolean otherwise) {
        return value == null ? otherwise : value;
    }

    @Override
    public DescribeScalableTargetsResponse describeScalableTargets(DescribeScalableTargetsRequest r) {
        need(r.serviceNamespaceAsString(), "serviceNamespace");
        if (r.resourceIds().size() > TARGETS_A_PAGE) {
            throw invalid("At most " + TARGETS_A_PAGE + " resource IDs may be given");
        }
        List<ScalableTarget> wanted = targets.visible().stream()
                .filter(t -> t.serviceNamespaceAsString().equals(r.serviceNamespaceAsString()))
                .filter(t -> r.resourceIds().isEmpty() || r.resourceIds().contains(t.resourceId()))
                .filter(t -> r.scalableDimension() == null || r.scalableDimension() == t.scalableDimension())
                .toList();
        TwinContext.Page<ScalableTarget> page = context.page(wanted, r.nextToken(), TARGETS_A_PAGE, r.maxResults());
        return DescribeScalableTargetsResponse.builder()
                .scalableTargets(page.items())
                .nextToken(page.next())
                .build();
    }

    @Override
    public DeregisterScalableTargetResponse deregisterScalableTarget(DeregisterScalableTargetRequest r) {
        ScalableTarget target =
                targets.get(key(r.serviceNamespaceAsString(), r.resourceId(), r.scalableDimensionAsString()));
        if (target == null) {
            throw absent("No scalable target found for "
                    + words(r.serviceNamespaceAsString(), r.resourceId(), r.scalableDimensionAsString()));
        }
        remove(target);
        return DeregisterScalableTargetResponse.builder().build();
    }

    private void remove(ScalableTarget t) {
        policies.removeAllOf(t);
        schedules.removeAllOf(t);
        targets.remove(key(t.serviceNamespaceAsString(), t.resourceId(), t.scalableDimensionAsString()));
    }

    @Override
    public PutScalingPolicyResponse putScalingPolicy(PutScalingPolicyRequest r) {
        ScalableTarget target =
                targets.get(key(r.serviceNamespaceAsString(), r.resourceId(), r.scalableDimensionAsString()));
        if (target == null) {
            throw absent("No scalable target registered for "
                    + words(r.serviceNamespaceAsString(), r.resourceId(), r.scalableDimensionAsString()));
        }
        ScalingPolicy made = policies.put(r);
        return PutScalingPolicyResponse.builder()
                .policyARN(made.policyARN())
                .alarms(made.alarms())
                .build();
    }

    @Override
    public DescribeScalingPoliciesResponse describeScalingPolicies(DescribeScalingPoliciesRequest r) {
        need(r.serviceNamespaceAsString(), "serviceNamespace");
        List<ScalingPolicy> wanted = policies.visible().stream()
                .filter(p -> p.serviceNamespaceAsString().equals(r.serviceNamespaceAsString()))
                .filter(p -> r.policyNames().isEmpty() || r.policyNames().contains(p.policyName()))
                .filter(p -> r.resourceId() == null || r.resourceId().equals(p.resourceId()))
                .filter(p -> r.scalableDimension() == null || r.scalableDimension() == p.scalableDimension())
                .toList();
        TwinContext.Page<ScalingPolicy> page = context.page(wanted, r.nextToken(), POLICIES_A_PAGE, r.maxResults());
        return DescribeScalingPoliciesResponse.builder()
                .scalingPolicies(page.items())
                .nextToken(page.next())
                .build();
    }

    @Override
    public DeleteScalingPolicyResponse deleteScalingPolicy(DeleteScalingPolicyRequest r) {
        if (!policies.remove(
                r.serviceNamespaceAsString(), r.resourceId(), r.scalableDimensionAsString(), r.policyName())) {
            throw absent("No scaling policy found for "
                    + words(r.serviceNamespaceAsString(), r.resourceId(), r.scalableDimensionAsString())
                    + ", policy name: "
                    + r.policyName());
        }
        return DeleteScalingPolicyResponse.builder().build();
    }

    @Override
    public PutScheduledActionResponse putScheduledAction(PutScheduledActionRequest r) {
        if (targets.get(key(r.serviceNamespaceAsString(), r.resourceId(), r.scalableDimensionAsString())) == null) {
            throw absent("No scalable target registered for "
                    + words(r.serviceNamespaceAsString(), r.resourceId(), r.scalableDimensionAsString()));
        }
        schedules.put(r);
        return PutScheduledActionResponse.builder().build();
    }

    @Override
    public DescribeScheduledActionsResponse describeScheduledActions(DescribeScheduledActionsRequest r) {
        need(r.serviceNamespaceAsString(), "serviceNamespace");
        List<ScheduledAction> wanted = schedules.visible().stream()
                .filter(a -> a.serviceNamespaceAsString().equals(r.serviceNamespaceAsString()))
                .filter(a -> r.scheduledActionNames().isEmpty()
                        || r.scheduledActionNames().contains(a.scheduledActionName()))
                .filter(a -> r.resourceId() == null || r.resourceId().equals(a.resourceId()))
                .filter(a -> r.scalableDimension() == null || r.scalableDimension() == a.scalableDimension())
                .toList();
        TwinContext.Page<ScheduledAction> page = context.page(wanted, r.nextToken(), TARGETS_A_PAGE, r.maxResults());
        return DescribeScheduledActionsResponse.builder()
                .scheduledActions(page.items())
                .nextToken(page.next())
                .build();
    }

    @Override
    public DeleteScheduledActionResponse deleteScheduledAction(DeleteScheduledActionRequest r) {
        if (!schedules.remove(
                r.serviceNamespaceAsString(), r.resourceId(), r.scalableDimensionAsString(), r.scheduledActionName())) {
            throw absent("No scheduled action found for "
                    + words(r.serviceNamespaceAsString(), r.resourceId(), r.scalableDimensionAsString())
                    + ", scheduled action name: " + r.scheduledActionName());
        }
        return DeleteScheduledActionResponse.builder().build();
    }

    static AwsServiceException invalid(String message) {
        return TwinErrors.error(400, "ValidationException", message);
    }

    private static AwsServiceException absent(String message) {
        return TwinErrors.error(ObjectNotFoundException.builder(), 400, "ObjectNotFoundException", message);
    }

    private static void need(@Nullable String value, String member) {
        if (value == null) {
            throw invalid("1 validation error detected: Value null at '" + member
                    + "' failed to satisfy constraint: Member must not be null");
        }
    }

    private static String words(String namespace, String resourceId, String dimension) {
        return "service namespace: " + namespace + ", resource ID: " + resourceId + ", scalable dimension: "
                + dimension;
    }

    static String key(@Nullable String namespace, @Nullable String resourceId, @Nullable String dimension) {
        need(namespace, "serviceNamespace");
        need(resourceId, "resourceId");
        need(dimension, "scalableDimension");
        return namespace + "/" + resourceId + "/" + dimension;
    }

    @Override
    public List<TwinItem> inventory() {
        List<TwinItem> items = new ArrayList<>();
        targets.all()
                .forEach(t -> items.add(new TwinItem(
                        "application-autoscaling:scalable-target",
                        key(t.serviceNamespaceAsString(), t.resourceId(), t.scalableDimensionAsString()),
                        t.scalableTargetARN(),
                        Map.of(),
                        t.toString())));
        policies.all()
                .forEach(p -> items.add(new TwinItem(
                        "autoscaling:scalingPolicy", p.policyName(), p.policyARN(), Map.of(), p.toString())));
        schedules
                .all()
                .forEach(a -> items.add(new TwinItem(
                        "autoscaling:scheduledAction",
                        a.scheduledActionName(),
                        a.scheduledActionARN(),
                        Map.of(),
                        a.toString())));
        return items;
    }
}
