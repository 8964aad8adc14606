package dev.holdfast.twin.ecs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.*;

/** Reads services, their deployments and their tasks. */
interface ServiceReadCalls extends EcsClient {
    int DESCRIBED = 10;
    int LISTED = 100;
    int LISTED_UNASKED = 10;
    int DEPLOYMENTS_UNASKED = 20;

    EcsState state();

    @Override
    default DescribeServicesResponse describeServices(DescribeServicesRequest r) {
        EcsState s = state();
        Cluster cluster = ClusterCalls.require(s, r.cluster());
        if (r.services().isEmpty()) {
            throw EcsErrors.invalid("Services cannot be empty.");
        }
        if (r.services().size() > DESCRIBED) {
            throw EcsErrors.invalid("Services cannot be more than " + DESCRIBED + ".");
        }
        List<Service> found = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (String named : r.services()) {
            String arn = s.services.arn(cluster.clusterName(), named);
            ServiceState service = s.services.table.visible(arn);
            if (service == null) {
                failures.add(Failure.builder().arn(arn).reason("MISSING").build());
            } else {
                found.add(ServiceViews.service(service, r.include().contains(ServiceField.TAGS)));
            }
        }
        return DescribeServicesResponse.builder()
                .services(found)
                .failures(failures)
                .build();
    }

    /** ECS describes draining and inactive services, but does not list them. */
    @Override
    default ListServicesResponse listServices(ListServicesRequest r) {
        EcsState s = state();
        String cluster = ClusterCalls.require(s, r.cluster()).clusterName();
        List<String> arns = s.services.table.visible().stream()
                .filter(x -> x.active() && x.cluster.equals(cluster))
                .map(x -> x.arn)
                .toList();
        return s.context.page(r, ListServicesResponse.builder(), arns, LISTED, LISTED_UNASKED);
    }

    @Override
    default ListServiceDeploymentsResponse listServiceDeployments(ListServiceDeploymentsRequest r) {
        EcsState s = state();
        ServiceState service = s.services.require(r.cluster(), r.service());
        List<ServiceDeploymentBrief> all = service.history.stream()
                .sorted(Comparator.comparing((DeploymentState.History h) -> h.createdAt)
                        .reversed())
                .filter(h -> r.status().isEmpty() || r.status().contains(h.status))
                .map(h -> ServiceViews.brief(service, h))
                .toList();
        return s.context.page(r, ListServiceDeploymentsResponse.builder(), all, LISTED, DEPLOYMENTS_UNASKED);
    }

    @Override
    default DescribeServiceDeploymentsResponse describeServiceDeployments(DescribeServiceDeploymentsRequest r) {
        EcsState s = state();
        List<ServiceDeployment> found = new ArrayList<>();
        Set<String> missing = new LinkedHashSet<>(r.serviceDeploymentArns());
        for (ServiceState service : s.services.table.all()) {
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

    @Override
    default DescribeServiceRevisionsResponse describeServiceRevisions(DescribeServiceRevisionsRequest r) {
        EcsState s = state();
        List<ServiceRevision> found = new ArrayList<>();
        Set<String> missing = new LinkedHashSet<>(r.serviceRevisionArns());
        for (ServiceState service : s.services.table.all()) {
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

    @Override
    default ListTasksResponse listTasks(ListTasksRequest r) {
        EcsState s = state();
        String cluster = ClusterCalls.require(s, r.cluster()).clusterName();
        String only = r.serviceName() == null ? null : s.services.require(cluster, r.serviceName()).arn;
        String status = r.desiredStatus() == null ? "RUNNING" : r.desiredStatusAsString();
        List<String> arns = s.services.table.all().stream()
                .filter(x -> x.cluster.equals(cluster) && (only == null || x.arn.equals(only)))
                .flatMap(ServiceReadCalls::tasks)
                .filter(t -> t.desiredStatus().equals(status)
                        && (r.startedBy() == null || r.startedBy().equals(t.startedBy())))
                .map(Task::taskArn)
                .toList();
        return s.context.page(r, ListTasksResponse.builder(), arns, LISTED);
    }

    /** The tasks that exist, and those that stopped within the last hour. */
    private static Stream<Task> tasks(ServiceState service) {
        return Stream.concat(
                service.tasks.stream().map(t -> ServiceViews.task(service, t)),
                service.stopped().stream().map(t -> ServiceViews.stopped(service, t)));
    }

    @Override
    default DescribeTasksResponse describeTasks(DescribeTasksRequest r) {
        EcsState s = state();
        ClusterCalls.require(s, r.cluster());
        Set<String> missing = new LinkedHashSet<>();
        r.tasks().forEach(t -> missing.add(t.substring(t.lastIndexOf('/') + 1)));
        List<Task> found = s.services.table.all().stream()
                .flatMap(ServiceReadCalls::tasks)
                .filter(t -> missing.remove(t.taskArn().substring(t.taskArn().lastIndexOf('/') + 1)))
                .toList();
        return DescribeTasksResponse.builder()
                .tasks(found)
                .failures(failures(missing))
                .build();
    }

    /** A task and its service. */
    record OwnedTask(ServiceState service, TaskState task) {}

    static @Nullable OwnedTask find(EcsState s, String arnOrId) {
        String id = arnOrId.substring(arnOrId.lastIndexOf('/') + 1);
        for (ServiceState service : s.services.table.all()) {
            for (TaskState task : service.tasks) {
                if (task.id.equals(id)) {
                    return new OwnedTask(service, task);
                }
            }
        }
        return null;
    }
}
