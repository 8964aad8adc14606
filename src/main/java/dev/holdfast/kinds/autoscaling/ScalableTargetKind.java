package dev.holdfast.kinds.autoscaling;

import static dev.holdfast.kind.OwnershipForm.PARENT;
import static dev.holdfast.model.Fault.Category.ABSENT;
import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;

import dev.holdfast.kind.*;
import dev.holdfast.kinds.autoscaling.Scaling.ScalingName;
import jakarta.inject.Singleton;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.applicationautoscaling.model.DeregisterScalableTargetRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.RegisterScalableTargetRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalableDimension;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalableTarget;
import software.amazon.awssdk.services.applicationautoscaling.model.ServiceNamespace;

/** The bounds between which a resource scales. The physical id contains the resource's name. */
@Singleton
public final class ScalableTargetKind extends DeclaredKind<ScalableTargetKind.Spec> {

    /** @see <a href="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html">RegisterScalableTarget</a> */
    public record Spec(
            @Doc("The service that the scaled resource belongs to.") @Required @Immutable
            ServiceNamespace serviceNamespace,

            @Doc("The scaled resource: service/CLUSTER/SERVICE for an ECS service.") @Required @Immutable @Unique
            String resourceId,

            @Doc("The dimension that is scaled.") @Required @Immutable
            ScalableDimension scalableDimension,

            @Doc("The minimum capacity; scheduled actions may change it.") @Required @YieldsTo("ScheduledAction")
            Integer minCapacity,

            @Doc("The maximum capacity; scheduled actions may change it.") @Required @YieldsTo("ScheduledAction")
            Integer maxCapacity,

            @Doc("The suspended types of scaling.") SuspendedState suspendedState)
            implements Scaling.OnScalableTarget {}

    public record SuspendedState(
            @Doc("Whether scaling in by policies is suspended.")
            Boolean dynamicScalingInSuspended,

            @Doc("Whether scaling out by policies is suspended.")
            Boolean dynamicScalingOutSuspended,

            @Doc("Whether scaling by scheduled actions is suspended.")
            Boolean scheduledScalingSuspended) {}

    private static String physicalId(ScalableTarget target) {
        return Scaling.idOf(target);
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("ScalableTarget", Spec.class, ApplicationAutoScalingClient.class, PARENT)
                .description("The bounds between which scaling policies may scale a resource.")
                .<ScalableTarget>finds(Scaling.byName(
                        Scaling.PAGE,
                        wanted -> wanted.desired() instanceof Spec spec ? spec.resourceId() : null,
                        id -> new ScalingName(
                                id.substring(0, id.indexOf('/')),
                                id.substring(id.indexOf('/') + 1, id.lastIndexOf('/'))),
                        (scaling, namespace, ids) -> scaling.describeScalableTargetsPaginator(
                                        r -> r.serviceNamespace(namespace).resourceIds(ids))
                                .scalableTargets()))
                .id(ScalableTargetKind::physicalId)
                .within((spec, target) -> Scaling.idOf(spec).equals(Scaling.idOf(target)))
                .createsIdentified(
                        RegisterScalableTargetRequest::builder,
                        ApplicationAutoScalingClient::registerScalableTarget,
                        Scaling::idOf)
                .patches(
                        RegisterScalableTargetRequest::builder,
                        null,
                        (request, change) ->
                                Scaling.name(request, change.observed().spec()),
                        ApplicationAutoScalingClient::registerScalableTarget)
                .deletes(
                        DeregisterScalableTargetRequest::builder,
                        ApplicationAutoScalingClient::deregisterScalableTarget)
                .state((known, target) -> known.createdAt(target.creationTime()))
                .output("resourceId", "The scaled resource, as scaling policies name it.", ScalableTarget::resourceId)
                .output("arn", "The scalable target's ARN.", ScalableTarget::scalableTargetARN)
                .leavesOut(
                        "RoleARN",
                        "the service-linked role is sufficient; only clusters of Amazon EMR need another role")
                .leavesOut("Tags", "the scaled resource identifies the target; tags would cost a call for each target")
                // A new service is not visible at once: https://github.com/spinnaker/spinnaker/issues/4371
                .fault("ValidationException", "ECS service doesn't exist", DEPENDENCY)
                .fault("ConcurrentUpdateException", CONFLICT)
                .fault("ObjectNotFoundException", ABSENT)
                .permissions(Scaling.permissions(
                                "application-autoscaling:RegisterScalableTarget",
                                "application-autoscaling:DeregisterScalableTarget")
                        // https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission-validation.html
                        .needsOn("ecs:{region}:{account}:service/*", "ecs:DescribeServices", "ecs:UpdateService")
                        .needsServiceRole("ecs.application-autoscaling.amazonaws.com"))
                .page(
                        "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html");
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        findings.atMost(Spec::maxCapacity, spec.maxCapacity(), Spec::minCapacity, spec.minCapacity());
    }
}
