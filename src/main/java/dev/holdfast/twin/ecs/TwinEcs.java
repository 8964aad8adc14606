package dev.holdfast.twin.ecs;

import static dev.holdfast.twin.store.TwinErrors.named;

import dev.holdfast.twin.autoscaling.TwinAutoScaling;
import dev.holdfast.twin.store.EventSource;
import dev.holdfast.twin.store.ScalableResources;
import dev.holdfast.twin.store.ServiceTrail;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinTags;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.applicationautoscaling.model.ServiceNamespace;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.*;

/**
 * The twin of ECS, with the calls that the kinds need: clusters, task definitions and services. As on Fargate, tasks
 * start, register in target groups, are replaced in rollouts, and fail.
 */
public final class TwinEcs
        implements EcsClient,
                TwinService,
                ScalableResources,
                EventSource,
                ClusterCalls,
                TaskDefinitionCalls,
                ServiceReadCalls {
    private final EcsState state;

    public TwinEcs(TwinContext context) {
        this.state = new EcsState(context);
    }

    @Override
    public EcsState state() {
        settle();
        return state;
    }

    /**
     * The desired number of tasks of a service; null if no active service has this id.
     *
     * @param resourceId such as {@code service/cluster/name}
     */
    public @Nullable Integer desiredCount(String resourceId) {
        ServiceState service = state.services.table.get(state.context.arn("ecs", resourceId));
        return service == null || !service.active() ? null : service.desired;
    }

    @Override
    public boolean isScalable(String resourceId) {
        settle();
        ServiceState service = state.services.table.visible(state.context.arn("ecs", resourceId));
        return service != null && !service.status.equals("INACTIVE");
    }

    @Override
    public void catchUp() {
        settle();
    }

    @Override
    public void scale(String resourceId, int count) {
        UpdateServiceRequest request = UpdateServiceRequest.builder()
                .cluster(resourceId.split("/", -1)[1])
                .service(resourceId.substring(resourceId.lastIndexOf('/') + 1))
                .desiredCount(count)
                .build();
        ServiceTrail.ServiceCaller scaler = new ServiceTrail.ServiceCaller(
                "ecs.application-autoscaling.amazonaws.com",
                "AWSServiceRoleForApplicationAutoScaling_ECSService",
                "AutoScaling-UpdateDesiredCapacity",
                "ecs");
        state.context.peer(ServiceTrail.class).called(scaler, "UpdateService", request, updateService(request));
    }

    /**
     * AWS Health announces that Fargate will replace the tasks of all services. @param ahead the time before the
     * replacement
     */
    public void announceRetirement(Duration ahead) {
        settle();
        List<ServiceState> services =
                state.services.table.all().stream().filter(ServiceState::active).toList();
        EcsEvents.retirement(state.context, services, ahead);
    }

    /**
     * Turns an active service into a service of ECS Express Mode, which manages the service's resources. @param arn its
     * ARN
     */
    public void manage(String arn) {
        ServiceState service = Objects.requireNonNull(state.services.table.get(arn));
        service.settings = service.settings.toBuilder()
                .resourceManagementType(ResourceManagementType.ECS)
                .build();
    }

    /**
     * Advances all services to the present. Callers invoke this before they read changes of tasks in other services.
     */
    public void settle() {
        state.services.advance();
    }

    @Override
    public CreateServiceResponse createService(CreateServiceRequest r) {
        settle();
        return CreateServiceResponse.builder()
                .service(ServiceViews.service(state.services.create(r), true))
                .build();
    }

    @Override
    public UpdateServiceResponse updateService(UpdateServiceRequest r) {
        settle();
        return UpdateServiceResponse.builder()
                .service(ServiceViews.service(state.services.update(r), false))
                .build();
    }

    @Override
    public DeleteServiceResponse deleteService(DeleteServiceRequest r) {
        settle();
        Service deleted = ServiceViews.service(state.services.delete(r), false);
        String resourceId = deleted.serviceArn().substring(deleted.serviceArn().indexOf(":service/") + 1);
        state.context.peer(TwinAutoScaling.class).forgetResource(ServiceNamespace.ECS, resourceId);
        return DeleteServiceResponse.builder().service(deleted).build();
    }

    @Override
    public StopTaskResponse stopTask(StopTaskRequest r) {
        settle();
        ServiceReadCalls.OwnedTask found = r.task() == null ? null : ServiceReadCalls.find(state, r.task());
        if (found == null
                || !found.service()
                        .cluster
                        .equals(ClusterCalls.require(state, r.cluster()).clusterName())) {
            throw EcsErrors.invalid("The referenced task was not found.");
        }
        state.services.stop(found.service(), found.task(), r.reason() == null ? "Task stopped by user" : r.reason());
        return StopTaskResponse.builder()
                .task(ServiceViews.task(found.service(), found.task()))
                .build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest r) {
        TwinTags.put(tags(r.resourceArn()), TwinTags.in(r), EcsErrors::checkTags);
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest r) {
        tags(r.resourceArn()).keySet().removeAll(r.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest r) {
        return TwinTags.show(tags(r.resourceArn()), ListTagsForResourceResponse.builder())
                .build();
    }

    private Map<String, String> tags(@Nullable String arn) {
        ServiceState service = state.services.table.get(arn);
        if (service != null && service.active()) {
            return service.tags;
        }
        if (arn != null && ClusterCalls.exists(state, arn)) {
            return state.clusters.stored(arn).tags();
        }
        if (state.definitions.has(arn)) {
            return state.definitions.stored(arn).tags();
        }
        throw named(ResourceNotFoundException.builder(), "The specified resource could not be found.");
    }

    @Override
    public List<TwinItem> inventory() {
        settle();
        return state.items();
    }
}
