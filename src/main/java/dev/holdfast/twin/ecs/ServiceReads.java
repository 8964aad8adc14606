package dev.holdfast.twin.ecs;

import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.DescribeServiceDeploymentsRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServiceDeploymentsResponse;
import software.amazon.awssdk.services.ecs.model.DescribeServiceRevisionsRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServiceRevisionsResponse;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListServiceDeploymentsRequest;
import software.amazon.awssdk.services.ecs.model.ListServiceDeploymentsResponse;
import software.amazon.awssdk.services.ecs.model.ListServicesRequest;
import software.amazon.awssdk.services.ecs.model.ListServicesResponse;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentBrief;
import software.amazon.awssdk.services.ecs.model.ServiceField;
import software.amazon.awssdk.services.ecs.model.ServiceRevision;
import software.amazon.awssdk.services.ecs.model.Task;

/** Services, their deployments and their tasks: what is read of them. */
final class ServiceReads {
    private static final int DESCRIBED = 10;
    private static final int LISTED = 100;
    private static final int LISTED_UNASKED = 10;
    private static final int DEPLOYMENTS_UNASKED = 20;

    private final TwinContext context;
    private final EcsTags tags;
    private final Clusters clusters;
    private final Services services;

    ServiceReads(TwinContext context, EcsTags tags, Clusters clusters, Services services) {
        this.context = context;
        this.tags = tags;
        this.clusters = clusters;
        this.services = services;
    }

    Clusters.Load load(String cluster) {
        int active = 0;
        int running = 0;
        int pending = 0;
        for (ServiceState s : services.table.all()) {
            if (s.cluster.equals(cluster)) {
                active += s.active() ? 1 : 0;
                running += (int) (s.count(TaskState.Stage.RUNNING) + s.count(TaskState.Stage.DRAINING));
                pending += (int) s.count(TaskState.Stage.PENDING);
            }
        }
        return new Clusters.Load(active, running, pending);
    }

    Service view(ServiceState service, boolean withTags) {
        return ServiceViews.service(service, withTags ? tags.of(service.arn) : List.of());
    }

    DescribeServicesResponse describe(DescribeServicesRequest r) {
        Cluster cluster = clusters.require(r.cluster());
        if (r.services().isEmpty()) {
            throw EcsErrors.invalid("Services cannot be empty.");
        }
        if (r.services().size() > DESCRIBED) {
            throw EcsErrors.invalid("Services cannot be more than " + DESCRIBED + ".");
        }
        List<Service> found = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (String named : r.services()) {
            String arn = services.arn(cluster.clusterName(), named);
            ServiceState service = services.table.visible(arn);
            if (service == null) {
                failures.add(Failure.builder().arn(arn).reason("MISSING").build());
            } else {
                found.add(view(service, r.include().contains(ServiceField.TAGS)));
            }
        }
        return DescribeServicesResponse.builder()
                .services(found)
                .failures(failures)
                .build();
    }

    /** Those that drain or are inactive can be described, but are not listed. */
    ListServicesResponse list(ListServicesRequest r) {
        String cluster = clusters.require(r.cluster()).clusterName();
        List<String> arns = services.table.visible().stream()
                .filter(s -> s.active() && s.cluster.equals(cluster))
                .map(s -> s.arn)
                .toList();
        var page = context.page(arns, r.nextToken(), LISTED, r.maxResults() == null ? LISTED_UNASKED : r.maxResults());
        return ListServicesResponse.builder()
                .serviceArns(page.items())
                .nextToken(page.next())
                .build();
    }

    ListServiceDeploymentsResponse deployments(ListServiceDeploymentsRequest r) {
        ServiceState service = services.require(r.cluster(), r.service());
        List<ServiceDeploymentBrief> all = service.history.stream()
                .sorted(Comparator.comparing((DeploymentState.History h) -> h.createdAt)
                        .reversed())
                .filter(h -> r.status().isEmpty() || r.status().contains(h.status))
                .map(h -> ServiceViews.brief(service, h))
                .toList();
        var page =
                context.page(all, r.nextToken(), LISTED, r.maxResults() == null ? DEPLOYMENTS_UNASKED : r.maxResults());
        return ListServiceDeploymentsResponse.builder()
                .serviceDeployments(page.items())
                .nextToken(page.next())
                .build();
    }

    DescribeServiceDeploymentsResponse deployments(DescribeServiceDeploymentsRequest r) {
        List<ServiceDeployment> found = new ArrayList<>();
        Set<String> missing = new LinkedHashSet<>(r.serviceDeploymentArns());
        for (ServiceState service : services.table.all()) {
            for (DeploymentState.History h : service.history) {
                if (missing.remove(h.arn)) {
                    found.add(ServiceViews.whole(service, h));
                }
            }
        }
        return DescribeServiceDeploymentsResponse.builder()
                .serviceDeployments(found)
                .failures(failures(missing))
                .build();
    }

    DescribeServiceRevisionsResponse revisions(DescribeServiceRevisionsRequest r) {
        List<ServiceRevision> found = new ArrayList<>();
        Set<String> missing = new LinkedHashSet<>(r.serviceRevisionArns());
        for (ServiceState service : services.table.all()) {
            service.revisions.forEach((arn, revision) -> {
                if (missing.remove(arn)) {
                    found.add(ServiceViews.revision(service, arn, revision));
                }
            });
        }
        return DescribeServiceRevisionsResponse.builder()
                .serviceRevisions(found)
                .failures(failures(missing))
                .build();
    }

    private static List<Failure> failures(Set<String> missing) {
        return missing.stream()
                .map(m -> Failure.builder().arn(m).reason("MISSING").build())
                .toList();
    }

    ListTasksResponse tasks(ListTasksRequest r) {
        String cluster = clusters.require(r.cluster()).clusterName();
        String only = r.serviceName() == null ? null : services.require(cluster, r.serviceName()).arn;
        String status = r.desiredStatus() == null ? "RUNNING" : r.desiredStatusAsString();
        List<String> arns = services.table.all().stream()
                .filter(s -> s.cluster.equals(cluster) && (only == null || s.arn.equals(only)))
                .flatMap(ServiceReads::tasks)
                .filter(t -> t.desiredStatus().equals(status)
                        && (r.startedBy() == null || r.startedBy().equals(t.startedBy())))
                .map(Task::taskArn)
                .toList();
        var page = context.page(arns, r.nextToken(), LISTED, r.maxResults());
        return ListTasksResponse.builder()
                .taskArns(page.items())
                .nextToken(page.next())
                .build();
    }

    /** Those that are there, and those that stopped a while ago. */
    private static Stream<Task> tasks(ServiceState service) {
        return Stream.concat(
                service.tasks.stream().map(t -> ServiceViews.task(service, t)),
                service.stopped().stream().map(t -> ServiceViews.stopped(service, t)));
    }

    DescribeTasksResponse tasks(DescribeTasksRequest r) {
        clusters.require(r.cluster());
        Set<String> missing = new LinkedHashSet<>();
        r.tasks().forEach(t -> missing.add(t.substring(t.lastIndexOf('/') + 1)));
        List<Task> found = services.table.all().stream()
                .flatMap(ServiceReads::tasks)
                .filter(t -> missing.remove(t.taskArn().substring(t.taskArn().lastIndexOf('/') + 1)))
                .toList();
        return DescribeTasksResponse.builder()
                .tasks(found)
                .failures(failures(missing))
                .build();
    }

    /** A task, and whose it is. */
    record Found(ServiceState service, TaskState task) {}

    @Nullable
    Found find(String arnOrId) {
        String id = arnOrId.substring(arnOrId.lastIndexOf('/') + 1);
        for (ServiceState service : services.table.all()) {
            for (TaskState task : service.tasks) {
                if (task.id.equals(id)) {
                    return new Found(service, task);
                }
            }
        }
        return null;
    }

    List<TwinItem> inventory() {
        List<TwinItem> items = new ArrayList<>();
        for (ServiceState s : services.table.all()) {
            if (s.active()) {
                items.add(new TwinItem("ecs:service", s.name, s.arn, tags.map(s.arn), detail(s)));
            }
        }
        return items;
    }

    /** What is set, not how far it has come. */
    private static String detail(ServiceState s) {
        DeploymentState primary = s.primary();
        return s.settings + " desired " + s.desired + (primary == null ? "" : " " + primary.revision);
    }
}
