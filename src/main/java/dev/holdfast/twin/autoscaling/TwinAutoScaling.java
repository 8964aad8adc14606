package dev.holdfast.twin.autoscaling;

import static dev.holdfast.twin.store.TwinErrors.named;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.ScalableResources;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinTags;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.applicationautoscaling.model.*;

/**
 * The twin of Application Auto Scaling, with the calls that the kinds need. It stores targets, policies and schedules,
 * and scales nothing.
 */
public final class TwinAutoScaling implements ApplicationAutoScalingClient, TwinService {
    private static final int TARGETS_A_PAGE = 50;
    private static final String LINKED_ROLE =
            ":role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService";

    private final TwinContext context;
    private final ResourceStore<ScalableTarget, ScalableTarget.Builder> targets;
    private final ScalingPolicies policies;
    private final ScheduledActions actions;

    public TwinAutoScaling(TwinContext context) {
        this.context = context;
        this.targets = context.store(ScalableTarget::builder, TwinAutoScaling::key)
                .type("application-autoscaling:scalable-target")
                .arn(ScalableTarget::scalableTargetARN)
                .pages(TARGETS_A_PAGE);
        this.policies = new ScalingPolicies(context);
        this.actions = new ScheduledActions(context);
    }

    /**
     * Removes the scaling target, the policies and their alarms of a resource that its service has deleted, as AWS does
     * for an ECS service (https://github.com/eagletmt/hako/pull/69).
     *
     * @param resourceId such as {@code service/cluster/name}
     */
    public void forgetResource(ServiceNamespace namespace, String resourceId) {
        ScalableTarget target = target(namespace, resourceId);
        if (target != null) {
            remove(target);
        }
    }

    /**
     * @param resourceId an ECS service as {@code service/cluster/name}
     * @return its bounds, or null if no target is registered
     */
    public @Nullable ScalableTarget target(ServiceNamespace namespace, String resourceId) {
        return targets.stream()
                .filter(t -> t.serviceNamespace() == namespace && t.resourceId().equals(resourceId))
                .findFirst()
                .orElse(null);
    }

    @Override
    public RegisterScalableTargetResponse registerScalableTarget(RegisterScalableTargetRequest r) {
        ScalableTarget old = targets.get(key(r));
        ScalableTarget asked = SdkShapes.copy(r, (old == null ? fresh() : old).toBuilder())
                .suspendedState(suspended(old, r.suspendedState()))
                .build();
        Integer min = asked.minCapacity();
        Integer max = asked.maxCapacity();
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
        if (old == null) {
            targets.add(asked, TwinTags.in(r));
        } else if (TwinTags.in(r).isEmpty()) {
            targets.put(asked);
        } else {
            throw invalid("Tags can be specified only when a scalable target is registered for the first time");
        }
        return RegisterScalableTargetResponse.builder()
                .scalableTargetARN(asked.scalableTargetARN())
                .build();
    }

    private ScalableTarget fresh() {
        return ScalableTarget.builder()
                .roleARN("arn:aws:iam::" + context.account() + LINKED_ROLE)
                .creationTime(context.now())
                .scalableTargetARN(context.arn("application-autoscaling", "scalable-target/" + context.hex(32)))
                .build();
    }

    private void checkResource(@Nullable ServiceNamespace namespace, String resourceId) {
        if (namespace != ServiceNamespace.ECS) {
            return;
        }
        if (!resourceId.matches("service/[^/]*/[^/]*")) {
            throw invalid("Unsupported service namespace, resource type or scalable dimension");
        }
        // The code and the text of the error: https://github.com/spinnaker/spinnaker/issues/4371
        if (!context.peer(ScalableResources.class).isScalable(resourceId)) {
            throw invalid("ECS service doesn't exist: " + resourceId);
        }
    }

    private static SuspendedState suspended(@Nullable ScalableTarget old, @Nullable SuspendedState asked) {
        SuspendedState before = old != null
                ? old.suspendedState()
                : SuspendedState.builder()
                        .dynamicScalingInSuspended(false)
                        .dynamicScalingOutSuspended(false)
                        .scheduledScalingSuspended(false)
                        .build();
        return asked == null
                ? before
                : SdkShapes.copy(asked, before.toBuilder()).build();
    }

    @Override
    public DescribeScalableTargetsResponse describeScalableTargets(DescribeScalableTargetsRequest r) {
        need(r, "serviceNamespace");
        if (r.resourceIds().size() > TARGETS_A_PAGE) {
            throw invalid("At most " + TARGETS_A_PAGE + " resource IDs may be given");
        }
        Stream<ScalableTarget> wanted = targets.matching(r)
                .filter(t -> r.resourceIds().isEmpty() || r.resourceIds().contains(t.resourceId()));
        return targets.page(r, DescribeScalableTargetsResponse.builder(), wanted);
    }

    @Override
    public DeregisterScalableTargetResponse deregisterScalableTarget(DeregisterScalableTargetRequest r) {
        ScalableTarget target = targets.get(key(r));
        if (target == null) {
            throw absent("No scalable target found for " + words(r));
        }
        remove(target);
        return DeregisterScalableTargetResponse.builder().build();
    }

    private void remove(ScalableTarget target) {
        policies.removeAllOf(key(target));
        actions.removeAllOf(key(target));
        targets.remove(key(target));
    }

    private void needTarget(SdkPojo r) {
        if (!targets.has(key(r))) {
            throw absent("No scalable target registered for " + words(r));
        }
    }

    @Override
    public PutScalingPolicyResponse putScalingPolicy(PutScalingPolicyRequest r) {
        needTarget(r);
        ScalingPolicy made = policies.put(r);
        return PutScalingPolicyResponse.builder()
                .policyARN(made.policyARN())
                .alarms(made.alarms())
                .build();
    }

    @Override
    public DescribeScalingPoliciesResponse describeScalingPolicies(DescribeScalingPoliciesRequest r) {
        need(r, "serviceNamespace");
        Stream<ScalingPolicy> wanted = policies.store
                .matching(r)
                .filter(p -> r.policyNames().isEmpty() || r.policyNames().contains(p.policyName()));
        return policies.store.page(r, DescribeScalingPoliciesResponse.builder(), wanted);
    }

    @Override
    public DeleteScalingPolicyResponse deleteScalingPolicy(DeleteScalingPolicyRequest r) {
        if (!policies.remove(key(r) + "/" + r.policyName())) {
            throw absent("No scaling policy found for " + words(r) + ", policy name: " + r.policyName());
        }
        return DeleteScalingPolicyResponse.builder().build();
    }

    @Override
    public PutScheduledActionResponse putScheduledAction(PutScheduledActionRequest r) {
        needTarget(r);
        actions.put(r);
        return PutScheduledActionResponse.builder().build();
    }

    @Override
    public DescribeScheduledActionsResponse describeScheduledActions(DescribeScheduledActionsRequest r) {
        need(r, "serviceNamespace");
        Stream<ScheduledAction> wanted = actions.store
                .matching(r)
                .filter(a -> r.scheduledActionNames().isEmpty()
                        || r.scheduledActionNames().contains(a.scheduledActionName()));
        return actions.store.page(r, DescribeScheduledActionsResponse.builder(), wanted);
    }

    @Override
    public DeleteScheduledActionResponse deleteScheduledAction(DeleteScheduledActionRequest r) {
        if (!actions.store.remove(key(r) + "/" + r.scheduledActionName())) {
            throw absent("No scheduled action found for " + words(r) + ", scheduled action name: "
                    + r.scheduledActionName());
        }
        return DeleteScheduledActionResponse.builder().build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest r) {
        return tagged(r.resourceARN()).showTags(ListTagsForResourceResponse.builder());
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest r) {
        return tagged(r.resourceARN()).tag(r, TagResourceResponse.builder());
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest r) {
        return tagged(r.resourceARN()).untag(r.tagKeys(), UntagResourceResponse.builder());
    }

    private StoredResource<?> tagged(@Nullable String arn) {
        return ResourceStore.seenWithArn(
                arn, () -> named(ResourceNotFoundException.builder(), "Resource not found: " + arn), targets);
    }

    static AwsServiceException invalid(String message) {
        return refused("ValidationException", message);
    }

    private static AwsServiceException absent(String message) {
        return named(ObjectNotFoundException.builder(), message);
    }

    private static String need(SdkPojo request, String member) {
        Object value = SdkShapes.get(request, member);
        if (value == null) {
            throw invalid("1 validation error detected: Value null at '" + member
                    + "' failed to satisfy constraint: Member must not be null");
        }
        return value.toString();
    }

    private static String words(SdkPojo r) {
        return "service namespace: " + need(r, "serviceNamespace") + ", resource ID: " + need(r, "resourceId")
                + ", scalable dimension: " + need(r, "scalableDimension");
    }

    /** The members that identify a scalable target in requests and shapes. */
    static String key(SdkPojo shape) {
        return need(shape, "serviceNamespace") + "/" + need(shape, "resourceId") + "/"
                + need(shape, "scalableDimension");
    }

    @Override
    public List<TwinItem> inventory() {
        return ResourceStore.items(targets, policies.store, actions.store);
    }
}
