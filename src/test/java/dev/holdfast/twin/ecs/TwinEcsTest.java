package dev.holdfast.twin.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.twin.store.Delay;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.AvailabilityZoneRebalancing;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;

class TwinEcsTest extends EcsFixture {
    @Test
    void startsTasksThatPassTheirHealthChecksByAndBy() {
        cluster();
        service(world.taskDefinition("nginx"), r -> {});

        assertThat(look().pendingCount()).isEqualTo(2);
        world.pass(Duration.ofSeconds(29));
        assertThat(look().runningCount()).isZero();
        world.pass(Duration.ofSeconds(1));
        assertThat(look().runningCount()).isEqualTo(2);
        assertThat(look().deployments().getFirst().rolloutState()).isEqualTo(DeploymentRolloutState.IN_PROGRESS);
        world.pass(Duration.ofSeconds(30));
        assertThat(look().deployments().getFirst().rolloutState()).isEqualTo(DeploymentRolloutState.COMPLETED);
        assertThat(said()).contains("has reached a steady state");
    }

    @ParameterizedTest
    @CsvSource({"1,3", "5,3", "7,4", "25,13", "500,200"})
    void breaksTheCircuitAfterAsManyFailuresAsAws(int desired, int threshold) {
        assertThat(Scheduler.threshold(desired)).isEqualTo(threshold);
    }

    @Test
    void rollsBackWhatDoesNotPassHealthChecks() {
        cluster();
        String good = world.taskDefinition("nginx");
        service(good, r -> {});
        world.settle();

        String sick = world.taskDefinition("nginx:unhealthy");
        world.ecs.updateService(r -> r.cluster("main").service("api").taskDefinition(sick));
        world.settle();
        world.settle();

        assertThat(look().taskDefinition()).isEqualTo(good);
        assertThat(look().deployments()).hasSize(1);
        assertThat(look().deployments().getFirst().rolloutState()).isEqualTo(DeploymentRolloutState.COMPLETED);
        assertThat(world.ecs
                        .listServiceDeployments(r -> r.cluster("main").service("api"))
                        .serviceDeployments())
                .extracting(d -> d.status())
                .containsExactly(ServiceDeploymentStatus.ROLLBACK_SUCCESSFUL, ServiceDeploymentStatus.SUCCESSFUL);
        String newest = world.ecs
                .listServiceDeployments(r -> r.cluster("main").service("api"))
                .serviceDeployments()
                .getFirst()
                .serviceDeploymentArn();
        var whole = world.ecs
                .describeServiceDeployments(r -> r.serviceDeploymentArns(newest))
                .serviceDeployments()
                .getFirst();
        assertThat(whole.rollback().reason()).contains("circuit breaker");
        assertThat(world.ecs
                        .describeServiceRevisions(r -> r.serviceRevisionArns(
                                whole.targetServiceRevision().arn()))
                        .serviceRevisions())
                .singleElement()
                .satisfies(r -> assertThat(r.taskDefinition()).isEqualTo(sick));
    }

    @Test
    void rebalancesAServiceThatMaySurge() {
        cluster();
        service(world.taskDefinition("nginx"), r -> r.deploymentConfiguration(d -> d.maximumPercent(200)));
        assertThat(look().availabilityZoneRebalancing()).isEqualTo(AvailabilityZoneRebalancing.ENABLED);
    }

    @Test
    void doesNotRebalanceAServiceThatMayNotSurge() {
        cluster();
        service(
                world.taskDefinition("nginx"),
                r -> r.deploymentConfiguration(d -> d.maximumPercent(100).minimumHealthyPercent(0)));
        assertThat(look().availabilityZoneRebalancing()).isEqualTo(AvailabilityZoneRebalancing.DISABLED);
    }

    @Test
    void replacesATaskThatIsStopped() {
        cluster();
        service(world.taskDefinition("nginx"), r -> {});
        world.settle();
        String task = world.ecs
                .listTasks(r -> r.cluster("main").serviceName("api"))
                .taskArns()
                .getFirst();

        world.ecs.stopTask(r -> r.cluster("main").task(task));

        assertThat(look().runningCount()).isEqualTo(1);
        world.settle();
        assertThat(look().runningCount()).isEqualTo(2);
        assertThat(world.ecs.listTasks(r -> r.cluster("main")).taskArns())
                .hasSize(2)
                .doesNotContain(task);
    }

    @Test
    void refusesAServiceBeforeTheLinkedRoleIsKnown() {
        world.ecs.createCluster(r -> r.clusterName("main"));
        String definition = world.taskDefinition("nginx");

        assertThatThrownBy(() -> service(definition, r -> {}))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("Unable to assume the service linked role");
        world.pass(Duration.ofMinutes(1));
        service(definition, r -> {});
        assertThat(look().status()).isEqualTo("ACTIVE");
    }

    @Test
    void refusesWhatIsNotThere() {
        cluster();
        String definition = world.taskDefinition("nginx");

        refused(definition, r -> r.cluster("none"), ClusterNotFoundException.class, "Cluster not found.");
        refused("api:9", r -> {}, ClientException.class, "TaskDefinition not found.");
        refused(
                definition,
                r -> r.networkConfiguration(n -> n.awsvpcConfiguration(v -> v.subnets("subnet-0"))),
                InvalidParameterException.class,
                "The subnet ID 'subnet-0' does not exist");
        refused(
                definition,
                r -> r.networkConfiguration(
                        n -> n.awsvpcConfiguration(v -> v.subnets(world.subnetA).securityGroups("sg-0"))),
                InvalidParameterException.class,
                "The security group 'sg-0' does not exist");
        refused(
                definition,
                r -> r.loadBalancers(l ->
                        l.targetGroupArn(world.targetGroup).containerName("web").containerPort(8080)),
                InvalidParameterException.class,
                "The container web does not exist in the task definition.");
        refused(
                definition,
                r -> r.loadBalancers(l ->
                        l.targetGroupArn(world.targetGroup).containerName("api").containerPort(1)),
                InvalidParameterException.class,
                "did not have a container port 1 defined.");
        world.ecs.deregisterTaskDefinition(r -> r.taskDefinition(definition));
        refused(definition, r -> {}, ClientException.class, "TaskDefinition is inactive");
    }

    private void refused(
            String definition,
            Consumer<CreateServiceRequest.Builder> more,
            Class<? extends RuntimeException> type,
            String message) {
        assertThatThrownBy(() -> service(definition, more)).isInstanceOf(type).hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"256,4096", "300,512", "1024,1024", "8192,17408"})
    void refusesCpuAndMemoryThatFargateDoesNotHave(String cpu, String memory) {
        assertThatThrownBy(() -> world.taskDefinition("nginx", r -> r.cpu(cpu).memory(memory)))
                .isInstanceOf(ClientException.class)
                .hasMessageContaining("No Fargate configuration exists for given values");
    }

    @Test
    void keepsADeletedServiceAsInactiveForAWhile() {
        cluster();
        String definition = world.taskDefinition("nginx");
        service(definition, r -> {});
        world.settle();
        assertThatThrownBy(() -> world.ecs.deleteService(r -> r.cluster("main").service("api")))
                .hasMessageContaining("scaled above 0");

        world.ecs.deleteService(r -> r.cluster("main").service("api").force(true));

        assertThat(look().status()).isEqualTo("DRAINING");
        assertThat(world.ecs.listServices(r -> r.cluster("main")).serviceArns()).isEmpty();
        assertThatThrownBy(() -> service(definition, r -> {})).hasMessageContaining("still Draining");
        assertThatThrownBy(() -> world.ecs.updateService(
                        r -> r.cluster("main").service("api").desiredCount(1)))
                .isInstanceOf(ServiceNotActiveException.class);
        world.settle();
        assertThat(look().status()).isEqualTo("INACTIVE");
        assertThatThrownBy(() -> world.ecs.deleteService(r -> r.cluster("main").service("api")))
                .isInstanceOf(ServiceNotFoundException.class);
        world.pass(world.settings.delay(Delay.INACTIVE_SERVICE));
        assertThat(world.ecs
                        .describeServices(r -> r.cluster("main").services("api"))
                        .failures())
                .singleElement()
                .satisfies(f -> assertThat(f.reason()).isEqualTo("MISSING"));
    }

    @Test
    void fillsInADefinitionAsAwsDoes() {
        String arn = world.taskDefinition("nginx");

        var definition =
                world.ecs.describeTaskDefinition(r -> r.taskDefinition("api")).taskDefinition();

        assertThat(definition.taskDefinitionArn()).isEqualTo(arn);
        var container = definition.containerDefinitions().getFirst();
        assertThat(container.cpu()).isZero();
        assertThat(container.essential()).isTrue();
        assertThat(container.portMappings().getFirst().hostPort()).isEqualTo(8080);
        assertThat(container.portMappings().getFirst().protocolAsString()).isEqualTo("tcp");
        assertThat(container.hasEnvironment() && container.hasMountPoints() && container.hasVolumesFrom())
                .isTrue();
    }

    @Test
    void tellsTheDesiredCountThatAutoScalingChanges() {
        cluster();
        service(world.taskDefinition("nginx"), r -> {});
        TwinEcs twin = (TwinEcs) world.ecs;

        world.ecs.updateService(r -> r.cluster("main").service("api").desiredCount(4));

        assertThat(twin.desiredCount("service/main/api")).isEqualTo(4);
        assertThat(twin.desiredCount("service/main/none")).isNull();
        world.settle();
        assertThat(look().runningCount()).isEqualTo(4);
        assertThat(look().deployments()).hasSize(1);
    }

    @Test
    void hasAnInventoryThatSaysTheSameForTheSame() {
        cluster();
        String definition = world.taskDefinition("nginx");
        service(definition, r -> {});
        world.settle();
        var before = ((TwinEcs) world.ecs).inventory();

        world.pass(Duration.ofHours(1));
        world.ecs.tagResource(
                r -> r.resourceArn(definition).tags(t -> t.key("a").value("b")));

        var after = ((TwinEcs) world.ecs).inventory();
        assertThat(after)
                .extracting("type", "id", "detail")
                .isEqualTo(before.stream()
                        .map(i -> org.assertj.core.groups.Tuple.tuple(i.type(), i.id(), i.detail()))
                        .toList());
        assertThat(after)
                .filteredOn(i -> i.type().equals("ecs:task-definition"))
                .singleElement()
                .satisfies(i -> assertThat(i.tags()).isEqualTo(Map.of("a", "b")));
        assertThat(after)
                .extracting("type")
                .containsExactlyInAnyOrder("ecs:cluster", "ecs:task-definition", "ecs:service");
    }
}
