package dev.holdfast.twin.ecs;

import dev.holdfast.kinds.ecs.EcsWorld;
import java.time.Duration;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;

/** A cluster of the twin with one service, and helpers to create and read it. */
abstract class EcsFixture {
    final EcsWorld world = new EcsWorld();

    void cluster() {
        world.ecs.createCluster(r -> r.clusterName("main"));
        world.pass(Duration.ofMinutes(1));
    }

    void service(String definition, Consumer<CreateServiceRequest.Builder> more) {
        world.ecs.createService(r -> more.accept(r.cluster("main")
                .serviceName("api")
                .taskDefinition(definition)
                .desiredCount(2)
                .launchType("FARGATE")
                .loadBalancers(l ->
                        l.targetGroupArn(world.targetGroup).containerName("api").containerPort(8080))
                .deploymentConfiguration(
                        d -> d.deploymentCircuitBreaker(b -> b.enable(true).rollback(true)))
                .networkConfiguration(n -> n.awsvpcConfiguration(
                        v -> v.subnets(world.subnetA, world.subnetB).securityGroups(world.group)))));
    }

    Service look() {
        return world.ecs
                .describeServices(r -> r.cluster("main").services("api"))
                .services()
                .getFirst();
    }

    String said() {
        return look().events().stream().map(ServiceEvent::message).toList().toString();
    }

    String stopped() {
        return world
                .ecs
                .describeTasks(r -> r.cluster("main")
                        .tasks(world.ecs
                                .listTasks(l -> l.cluster("main").desiredStatus("STOPPED"))
                                .taskArns()))
                .tasks()
                .stream()
                .map(t -> t.stopCodeAsString() + " " + t.stoppedReason())
                .toList()
                .toString();
    }
}
