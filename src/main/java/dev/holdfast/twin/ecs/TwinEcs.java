package dev.holdfast.twin.ecs;

import dev.holdfast.twin.autoscaling.TwinAutoScaling;
import dev.holdfast.twin.iam.TwinIam;
import dev.holdfast.twin.store.ScalableResources;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.applicationautoscaling.model.ServiceNamespace;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.*;

/**
 * The twin of ECS, as far as the kinds need it: clusters, task definitions, and services whose tasks start, are registered in
 * target groups, roll over and fail as on Fargate.
 */
public final class TwinEcs implements EcsClient, TwinService, ScalableResources {
    private final TwinContext context;
    private final EcsTags tags = new EcsTags();
    private final Clusters clusters;
    private final TaskDefinitions definitions;
    private final Services services;
    private final ServiceReads reads;

    public TwinEcs(TwinContext context) {
        this.context = context;
        this.clusters = new Clusters(context, tags);
        this.definitions = new TaskDefinitions(context, tags);
        this.services = new Services(context, tags, clusters, definitions);
        this.reads = new ServiceReads(context, tags, clusters, services);
    }

    /**
     * How many tasks a service is to have, or null if there is no active one.
     *
     * @param resourceId {@code service/cluster/name}
     */
    public @Nullable Integer desiredCount(String resourceId) {
        ServiceState service = services.table.get(context.arn("ecs", resourceId));
        return service == null || !service.active() ? null : service.desired;
    }

    @Override
    public boolean isScalable(String resourceId) {
        settle();
        ServiceState service = services.table.visible(context.arn("ecs", resourceId));
        return service != null && !service.status.equals("INACTIVE");
    }

    /** Brings all services up to now; whoever looks at what tasks leave elsewhere may call it first. */
    public void settle() {
        services.advance();
    }

    @Override
    public CreateClusterResponse createCluster(CreateClusterRequest r) {
        context.peer(TwinIam.class).ensureServiceLinkedRole("ecs.amazonaws.com", ServiceRules.LINKED_ROLE);
        Cluster cluster = clusters.create(r);
        return CreateClusterResponse.builder()
                .cluster(cluster.toBuilder().tags(tags.of(cluster.clusterArn())).build())
                .build();
    }

    @Override
    public UpdateClusterResponse updateCluster(UpdateClusterRequest r) {
        return UpdateClusterResponse.builder().cluster(clusters.update(r)).build();
    }

    @Override
    public PutClusterCapacityProvidersResponse putClusterCapacityProviders(PutClusterCapacityProvidersRequest r) {
        return PutClusterCapacityProvidersResponse.builder()
                .cluster(clusters.providers(r))
                .build();
    }

    @Override
    public DeleteClusterResponse deleteCluster(DeleteClusterRequest r) {
        settle();
        String cluster = r.cluster() == null ? "default" : r.cluster();
        return DeleteClusterResponse.builder()
                .cluster(clusters.delete(cluster, reads.load(cluster.substring(cluster.lastIndexOf('/') + 1))))
                .build();
    }

    @Override
    public ListClustersResponse listClusters(ListClustersRequest r) {
        return clusters.list(r);
    }

    @Override
    public DescribeClustersResponse describeClusters(DescribeClustersRequest r) {
        settle();
        return clusters.describe(r, reads::load);
    }

    @Override
    public RegisterTaskDefinitionResponse registerTaskDefinition(RegisterTaskDefinitionRequest r) {
        return definitions.register(r);
    }

    @Override
    public DescribeTaskDefinitionResponse describeTaskDefinition(DescribeTaskDefinitionRequest r) {
        return definitions.describe(r);
    }

    @Override
    public ListTaskDefinitionsResponse listTaskDefinitions(ListTaskDefinitionsRequest r) {
        return definitions.list(r);
    }

    @Override
    public DeregisterTaskDefinitionResponse deregisterTaskDefinition(DeregisterTaskDefinitionRequest r) {
        return definitions.deregister(r.taskDefinition());
    }

    @Override
    public CreateServiceResponse createService(CreateServiceRequest r) {
        settle();
        return CreateServiceResponse.builder()
                .service(reads.view(services.create(r), true))
                .build();
    }

    @Override
    public UpdateServiceResponse updateService(UpdateServiceRequest r) {
        settle();
        return UpdateServiceResponse.builder()
                .service(reads.view(services.update(r), false))
                .build();
    }

    @Override
    public DeleteServiceResponse deleteService(DeleteServiceRequest r) {
        settle();
        Service deleted = reads.view(services.delete(r), false);
        String resourceId = deleted.serviceArn().substring(deleted.serviceArn().indexOf(":service/") + 1);
        context.peer(TwinAutoScaling.class).forgetResource(ServiceNamespace.ECS, resourceId);
        return DeleteServiceResponse.builder().service(deleted).build();
    }

    @Override
    public DescribeServicesResponse describeServices(DescribeServicesRequest r) {
        settle();
        return reads.describe(r);
    }

    @Override
    public ListServicesResponse listServices(ListServicesRequest r) {
        settle();
        return reads.list(r);
    }

    @Override
    public ListServiceDeploymentsResponse listServiceDeployments(ListServiceDeploymentsRequest r) {
        settle();
        return reads.deployments(r);
    }

    @Override
    public DescribeServiceDeploymentsResponse describeServiceDeployments(DescribeServiceDeploymentsRequest r) {
        settle();
        return reads.deployments(r);
    }

    @Override
    public DescribeServiceRevisionsResponse describeServiceRevisions(DescribeServiceRevisionsRequest r) {
        settle();
        return reads.revisions(r);
    }

    @Override
    public ListTasksResponse listTasks(ListTasksRequest r) {
        settle();
        return reads.tasks(r);
    }

    @Override
    public DescribeTasksResponse describeTasks(DescribeTasksRequest r) {
        settle();
        return reads.tasks(r);
    }

    @Override
    public StopTaskResponse stopTask(StopTaskRequest r) {
        settle();
        ServiceReads.Found found = r.task() == null ? null : reads.find(r.task());
        if (found == null) {
            throw EcsErrors.invalid("The referenced task was not found.");
        }
        services.stop(found.service(), found.task(), r.reason() == null ? "Task stopped by user" : r.reason());
        return StopTaskResponse.builder()
                .task(ServiceViews.task(found.service(), found.task()))
                .build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest r) {
        tags.add(existing(r.resourceArn()), r.tags());
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest r) {
        tags.remove(existing(r.resourceArn()), r.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest r) {
        return ListTagsForResourceResponse.builder()
                .tags(tags.of(existing(r.resourceArn())))
                .build();
    }

    private String existing(@Nullable String arn) {
        ServiceState service = services.table.get(arn);
        if (arn == null
                || !(clusters.exists(arn) || definitions.exists(arn) || (service != null && service.active()))) {
            throw EcsErrors.noResource();
        }
        return arn;
    }

    @Override
    public List<TwinItem> inventory() {
        settle();
        List<TwinItem> items = new ArrayList<>(clusters.inventory());
        items.addAll(definitions.inventory());
        items.addAll(reads.inventory());
        return items;
    }
}
