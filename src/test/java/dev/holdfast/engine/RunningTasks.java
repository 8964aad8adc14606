package dev.holdfast.engine;

import java.util.List;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.Task;

/** The tasks that run in the cluster of a test's stack. */
final class RunningTasks {
    private RunningTasks() {}

    /** The running tasks in {@code EcsCluster/main}. */
    static List<Task> all(World world) {
        EcsClient ecs = world.somebody(EcsClient.class);
        String cluster = world.resource("EcsCluster/main").physicalId();
        List<String> arns = ecs.listTasks(r -> r.cluster(cluster)).taskArns();
        return arns.isEmpty()
                ? List.of()
                : ecs.describeTasks(r -> r.cluster(cluster).tasks(arns)).tasks().stream()
                        .filter(t -> "RUNNING".equals(t.lastStatus()))
                        .toList();
    }

    /** The first container of each running task of {@code EcsCluster/main}, as its task definition describes it. */
    static List<ContainerDefinition> containers(World world) {
        EcsClient ecs = world.somebody(EcsClient.class);
        return all(world).stream()
                .map(t -> ecs.describeTaskDefinition(r -> r.taskDefinition(t.taskDefinitionArn()))
                        .taskDefinition()
                        .containerDefinitions()
                        .getFirst())
                .toList();
    }
}
