package dev.holdfast.kinds.autoscaling;

import dev.holdfast.aws.FaultRule;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Findings;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.Unique;
import dev.holdfast.kind.Unresolved;
import dev.holdfast.kind.Wanted;
import dev.holdfast.kind.YieldsTo;
import dev.holdfast.kinds.autoscaling.Scaling.ScalableDimension;
import dev.holdfast.kinds.autoscaling.Scaling.ServiceNamespace;
import dev.holdfast.model.Fault;
import dev.holdfast.model.ResourceId;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.applicationautoscaling.model.RegisterScalableTargetRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalableTarget;

/** The bounds between which something scales. It belongs to what it scales: its physical id is made of that thing's name. */
@Singleton
public final class ScalableTargetKind implements Kind<ScalableTargetKind.Spec> {
    /** As many resource ids as DescribeScalableTargets takes, and as it gives in a page. */
    private static final int PAGE = 50;

    /** @see <a href="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html">RegisterScalableTarget</a> */
    public record Spec(
            @Doc("The service that the scaled resource belongs to.") @Required @Immutable @Nullable
            ServiceNamespace serviceNamespace,

            @Doc("The scaled resource: service/CLUSTER/SERVICE for an ECS service.")
            @Required
            @Immutable
            @Unique
            @Nullable
            String resourceId,

            @Doc("What of it is scaled.") @Required @Immutable @Nullable
            ScalableDimension scalableDimension,

            @Doc("The least; scheduled actions may move it.") @Required @YieldsTo("ScheduledAction") @Nullable
            Integer minCapacity,

            @Doc("The most; scheduled actions may move it.") @Required @YieldsTo("ScheduledAction") @Nullable
            Integer maxCapacity,

            @Doc("Which scaling is suspended.") @Nullable SuspendedState suspendedState) {}

    public record SuspendedState(
            @Doc("Whether policies may not scale in.") @Nullable
            Boolean dynamicScalingInSuspended,

            @Doc("Whether policies may not scale out.") @Nullable
            Boolean dynamicScalingOutSuspended,

            @Doc("Whether scheduled actions may not scale.") @Nullable
            Boolean scheduledScalingSuspended) {}

    /** What AWS knows a target by; it has an ARN, but no call takes it. */
    private record Key(String namespace, String resourceId, String dimension) {
        static Key parse(String physicalId) {
            int first = physicalId.indexOf('/');
            int last = physicalId.lastIndexOf('/');
            return new Key(
                    physicalId.substring(0, first),
                    physicalId.substring(first + 1, last),
                    physicalId.substring(last + 1));
        }

        static Key of(ScalableTarget t) {
            return new Key(t.serviceNamespaceAsString(), t.resourceId(), t.scalableDimensionAsString());
        }

        static @Nullable Key of(Wanted<Spec> wanted) {
            Spec spec = wanted.desired();
            if (spec != null
                    && spec.serviceNamespace() != null
                    && spec.scalableDimension() != null
                    && spec.resourceId() != null
                    && !Unresolved.is(spec.resourceId())) {
                return new Key(
                        spec.serviceNamespace().toString(),
                        spec.resourceId(),
                        spec.scalableDimension().toString());
            }
            return null;
        }

        String physicalId() {
            return namespace + "/" + resourceId + "/" + dimension;
        }
    }

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("ScalableTarget", Spec.class, OwnershipForm.PARENT)
                .description("The bounds between which scaling policies may move something.")
                .output("resourceId", "The scaled resource, as scaling policies name it.")
                .output("arn", "The scalable target's ARN.")
                .page(
                        "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html")
                .leavesOut("RoleARN", "the service-linked role does it for all that is offered here")
                .leavesOut("Tags", "it is known by what it scales; tags would cost a call for each")
                // A fresh service is not seen at once: https://github.com/spinnaker/spinnaker/issues/4371
                .fault(FaultRule.of("ValidationException", "ECS service doesn't exist", Fault.Category.DEPENDENCY))
                .fault(FaultRule.of("ConcurrentUpdateException", Fault.Category.CONFLICT))
                .fault(FaultRule.of("ObjectNotFoundException", Fault.Category.ABSENT))
                .permissions(Permissions.on("application-autoscaling:{region}:{account}:scalable-target/*")
                        .reads("application-autoscaling:DescribeScalableTargets")
                        .touches(
                                "application-autoscaling:RegisterScalableTarget",
                                "application-autoscaling:{region}:{account}:scalable-target/*")
                        .touches(
                                "application-autoscaling:DeregisterScalableTarget",
                                "application-autoscaling:{region}:{account}:scalable-target/*")
                        // https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission-validation.html
                        .needsOn("ecs:{region}:{account}:service/*", "ecs:DescribeServices", "ecs:UpdateService")
                        .needsServiceRole("ecs.application-autoscaling.amazonaws.com"))
                .build();
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        if (spec.minCapacity() != null && spec.maxCapacity() != null && spec.minCapacity() > spec.maxCapacity()) {
            findings.wrong(
                    Spec::minCapacity,
                    "expected at most maxCapacity, " + spec.maxCapacity() + ", found " + spec.minCapacity(),
                    "lower the one or raise the other");
        }
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        Map<Key, ResourceId> owners = new LinkedHashMap<>();
        for (Wanted<Spec> wanted : scope.wanted()) {
            Key desired = Key.of(wanted);
            if (desired != null) {
                owners.put(desired, wanted.id());
            }
            if (wanted.physicalId() != null) {
                owners.putIfAbsent(Key.parse(wanted.physicalId()), wanted.id());
            }
        }
        List<ScalableTarget> found = scope.parallel(batches(owners.keySet()), batch -> read(scope, batch)).stream()
                .flatMap(Collection::stream)
                .filter(t -> owners.containsKey(Key.of(t)))
                .toList();
        return scope.each(
                found,
                t -> Identity.of(Key.of(t).physicalId()).belongingTo(owners.get(Key.of(t))),
                (t, identity) -> observed(t, identity));
    }

    private record Batch(String namespace, List<String> resourceIds) {}

    private static List<Batch> batches(Collection<Key> keys) {
        Map<String, TreeSet<String>> byNamespace = new TreeMap<>();
        keys.forEach(k ->
                byNamespace.computeIfAbsent(k.namespace(), n -> new TreeSet<>()).add(k.resourceId()));
        List<Batch> batches = new ArrayList<>();
        byNamespace.forEach((namespace, ids) -> ids.stream()
                .gather(Gatherers.windowFixed(PAGE))
                .forEach(window -> batches.add(new Batch(namespace, window))));
        return batches;
    }

    private static List<ScalableTarget> read(Scope<Spec> scope, Batch batch) {
        return scope
                .client(ApplicationAutoScalingClient.class)
                .describeScalableTargetsPaginator(
                        r -> r.serviceNamespace(batch.namespace()).resourceIds(batch.resourceIds()))
                .scalableTargets()
                .stream()
                .toList();
    }

    private static Known<Spec> observed(ScalableTarget t, Identity identity) {
        var suspended = t.suspendedState();
        Spec spec = new Spec(
                Scaling.constant(ServiceNamespace.class, t.serviceNamespaceAsString()),
                t.resourceId(),
                Scaling.constant(ScalableDimension.class, t.scalableDimensionAsString()),
                t.minCapacity(),
                t.maxCapacity(),
                suspended == null
                        ? null
                        : new SuspendedState(
                                suspended.dynamicScalingInSuspended(),
                                suspended.dynamicScalingOutSuspended(),
                                suspended.scheduledScalingSuspended()));
        return Known.of(identity, spec)
                .output("resourceId", t.resourceId())
                .output("arn", t.scalableTargetARN())
                .createdAt(t.creationTime());
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        Spec spec = desired.spec();
        desired.client(ApplicationAutoScalingClient.class)
                .registerScalableTarget(r -> suspend(
                        r.serviceNamespace(Scaling.wire(spec.serviceNamespace()))
                                .resourceId(spec.resourceId())
                                .scalableDimension(Scaling.wire(spec.scalableDimension()))
                                .minCapacity(spec.minCapacity())
                                .maxCapacity(spec.maxCapacity()),
                        spec.suspendedState()));
        return new Key(
                        Objects.toString(spec.serviceNamespace()),
                        Objects.toString(spec.resourceId()),
                        Objects.toString(spec.scalableDimension()))
                .physicalId();
    }

    private static void suspend(RegisterScalableTargetRequest.Builder request, @Nullable SuspendedState state) {
        if (state != null) {
            request.suspendedState(s -> s.dynamicScalingInSuspended(state.dynamicScalingInSuspended())
                    .dynamicScalingOutSuspended(state.dynamicScalingOutSuspended())
                    .scheduledScalingSuspended(state.scheduledScalingSuspended()));
        }
    }

    /** The same call registers and updates; what it does not name stays as it is. */
    @Override
    public void update(Change<Spec> change) {
        Key key = Key.parse(change.physicalId());
        Spec spec = change.spec();
        change.client(ApplicationAutoScalingClient.class)
                .registerScalableTarget(r -> suspend(
                        r.serviceNamespace(key.namespace())
                                .resourceId(key.resourceId())
                                .scalableDimension(key.dimension())
                                .minCapacity(change.touches(Spec::minCapacity) ? spec.minCapacity() : null)
                                .maxCapacity(change.touches(Spec::maxCapacity) ? spec.maxCapacity() : null),
                        change.touches(Spec::suspendedState) ? spec.suspendedState() : null));
    }

    @Override
    public void delete(Observed<Spec> observed) {
        Key key = Key.parse(observed.physicalId());
        observed.client(ApplicationAutoScalingClient.class)
                .deregisterScalableTarget(r -> r.serviceNamespace(key.namespace())
                        .resourceId(key.resourceId())
                        .scalableDimension(key.dimension()));
    }
}
