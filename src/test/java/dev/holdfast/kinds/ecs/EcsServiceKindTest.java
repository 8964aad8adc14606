package dev.holdfast.kinds.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kinds.OneResource;
import dev.holdfast.kinds.ecs.EcsServiceKind.Spec;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Rollout;
import dev.holdfast.plan.Diff;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;

class EcsServiceKindTest {
    private final EcsWorld world = new EcsWorld();
    private final OneResource<Spec> service =
            new OneResource<>(new EcsServiceKind(), world.clients, "EcsService/api", "api");
    private final String good = world.taskDefinition("nginx:1");
    private final String better = world.taskDefinition("nginx:2");
    private final String bad = world.taskDefinition("nginx:bad");

    EcsServiceKindTest() {
        world.ecs.createCluster(r -> r.clusterName("main").capacityProviders("FARGATE", "FARGATE_SPOT"));
        world.pass(Duration.ofMinutes(1));
    }

    private String json(String definition) {
        return """
            {'serviceName': 'api', 'cluster': 'arn:aws:ecs:eu-west-2:123456789012:cluster/main',
             'taskDefinition': '%s', 'desiredCount': 2, 'launchType': 'FARGATE', 'platformVersion': 'LATEST',
             'networkConfiguration': {'awsvpcConfiguration': {'subnets': ['%s', '%s'], 'securityGroups': ['%s']}},
             'loadBalancers': [{'targetGroupArn': '%s', 'containerName': 'api', 'containerPort': 8080}],
             'healthCheckGracePeriodSeconds': 30,
             'deploymentConfiguration': {'minimumHealthyPercent': 100, 'maximumPercent': 200,
                                         'deploymentCircuitBreaker': {'enable': true, 'rollback': true}},
             'enableExecuteCommand': false, 'propagateTags': 'SERVICE', 'enableECSManagedTags': true,
             'schedulingStrategy': 'REPLICA', 'availabilityZoneRebalancing': 'ENABLED', 'tags': {'Project': 'x'}}
            """.formatted(definition, world.subnetB, world.subnetA, world.group, world.targetGroup);
    }

    private Spec running() {
        Spec spec = service.desired(json(good));
        service.create(spec);
        world.settle();
        return spec;
    }

    private Rollout rollout(Spec spec) {
        Rollout rollout = service.known(spec).rollout();
        assertThat(rollout).isNotNull();
        return rollout;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void isAsDesiredAndReadyOnceItsTasksAreHealthy(int pageSize) {
        world.settings.pageSize(pageSize);
        Spec spec = service.desired(json(good));

        String arn = service.create(spec);

        assertThat(service.diff(spec).changes()).isEmpty();
        assertThat(service.known(spec).phase()).isEqualTo(Phase.RollingOut);
        assertThat(service.known(spec).health().ready()).isEqualTo(Health.Ready.False);
        assertThat(rollout(spec).state()).isEqualTo(Rollout.RolloutState.InProgress);
        world.settle();
        assertThat(service.diff(spec).changes()).isEmpty();
        assertThat(service.known(spec).phase()).isEqualTo(Phase.Steady);
        assertThat(service.known(spec).health()).isEqualTo(Health.AVAILABLE);
        assertThat(rollout(spec).state()).isEqualTo(Rollout.RolloutState.Completed);
        assertThat(service.known(spec).outputs())
                .containsEntry("arn", arn)
                .containsEntry("name", "api")
                .containsEntry("clusterName", "main")
                .containsEntry("resourceId", "service/main/api");
        assertThat(service.observe(null, arn, true)).hasSize(1);
        assertThat(world.interfaces()).hasSize(2);
        assertThat(world.elb
                        .describeTargetHealth(r -> r.targetGroupArn(world.targetGroup))
                        .targetHealthDescriptions())
                .hasSize(2)
                .allMatch(t -> t.targetHealth().stateAsString().equals("healthy"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'desiredCount': 2|'desiredCount': 3",
                "LATEST|1.4.0",
                "'securityGroups': ['GROUP']|'securityGroups': ['GROUP', 'OTHER']",
                "'subnets': ['SUBNETB', 'SUBNETA']|'subnets': ['SUBNETA']",
                "'healthCheckGracePeriodSeconds': 30|'healthCheckGracePeriodSeconds': 60",
                "'minimumHealthyPercent': 100|'minimumHealthyPercent': 50",
                "'enable': true, 'rollback': true|'enable': true, 'rollback': false",
                "'enableExecuteCommand': false|'enableExecuteCommand': true",
                "'propagateTags': 'SERVICE'|'propagateTags': 'TASK_DEFINITION'",
                "'enableECSManagedTags': true|'enableECSManagedTags': false",
                "'availabilityZoneRebalancing': 'ENABLED'|'availabilityZoneRebalancing': 'DISABLED'",
                "'Project': 'x'|'Project': 'y'",
                "'launchType': 'FARGATE'|'capacityProviderStrategy': [{'capacityProvider': 'FARGATE_SPOT', 'weight':"
                        + " 1}]",
                "[{'targetGroupArn': 'TARGETS', 'containerName': 'api', 'containerPort': 8080}]|[]"
            })
    void takesUpEachChange(String change) {
        running();
        String[] parts = change.replace("GROUP", world.group)
                .replace("OTHER", world.otherGroup)
                .replace("SUBNETA", world.subnetA)
                .replace("SUBNETB", world.subnetB)
                .replace("TARGETS", world.targetGroup)
                .split("\\|");
        String grace = parts[1].equals("[]") ? "'healthCheckGracePeriodSeconds': 30," : "nothing";
        Spec changed = service.desired(json(good).replace(parts[0], parts[1]).replace(grace, ""));
        assertThat(service.diff(changed).changed()).hasSize(1);

        service.converge(changed);
        world.settle();

        assertThat(service.diff(changed).changes()).isEmpty();
        assertThat(service.known(changed).health()).isEqualTo(Health.AVAILABLE);
    }

    /** An empty list of providers returns the service to the launch type, and needs a new deployment. */
    @Test
    void goesToAStrategyAndBackToTheLaunchTypeInPlace() {
        // Given
        String arn = service.known(running()).identity().physicalId();
        String strategy = "'capacityProviderStrategy': [{'capacityProvider': 'FARGATE_SPOT', 'weight': 1}]";
        service.converge(service.desired(json(good).replace("'launchType': 'FARGATE'", strategy)));
        world.settle();
        Spec back = service.desired(json(good));

        // When
        Diff planned = service.diff(back);
        service.converge(back);
        world.settle();

        // Then
        assertThat(planned.replaces()).isFalse();
        assertThat(service.diff(back).changes()).isEmpty();
        assertThat(service.known(back).identity().physicalId()).isEqualTo(arn);
        assertThat(service.known(back).spec().launchType()).isEqualTo(LaunchType.FARGATE);
    }

    @Test
    void keepsWhatItDoesNotOwnOfAStructureThatIsSentWhole() {
        running();

        Spec partly = service.desired("{'cluster': 'main', 'deploymentConfiguration': {'maximumPercent': 150}}");
        service.converge(partly);

        assertThat(service.known(partly).spec().deploymentConfiguration())
                .extracting("minimumHealthyPercent", "maximumPercent", "deploymentCircuitBreaker")
                .containsExactly(100, 150, new DeploymentConfiguration.CircuitBreaker(true, true, null, null));
    }

    @Test
    void keepsTheMembersThatItDoesNotOffer() {
        // Given
        running();
        world.ecs.updateService(r -> r.cluster("main")
                .service("api")
                .deploymentConfiguration(d -> d.maximumPercent(200)
                        .minimumHealthyPercent(100)
                        .bakeTimeInMinutes(5)
                        .deploymentCircuitBreaker(
                                b -> b.enable(true).rollback(true).resetOnHealthyTask(true))));

        // When
        service.converge(service.desired(json(good).replace("'rollback': true", "'rollback': false")));

        // Then
        var there = world.ecs
                .describeServices(r -> r.cluster("main").services("api"))
                .services()
                .getFirst()
                .deploymentConfiguration();
        assertThat(there.bakeTimeInMinutes()).isEqualTo(5);
        assertThat(there.deploymentCircuitBreaker().rollback()).isFalse();
        assertThat(there.deploymentCircuitBreaker().resetOnHealthyTask()).isTrue();
    }

    @Test
    void rollsOutANewTaskDefinitionWithoutEverHavingFewerTasks() {
        Rollout before = rollout(running());
        Spec next = service.desired(json(better));

        service.converge(next);

        assertThat(service.known(next).phase()).isEqualTo(Phase.RollingOut);
        assertThat(rollout(next).id()).isNotEqualTo(before.id());
        for (int i = 0; i < 40; i++) {
            world.pass(Duration.ofSeconds(5));
            assertThat(world.ecs
                            .describeServices(r -> r.cluster("main").services("api"))
                            .services()
                            .getFirst()
                            .runningCount())
                    .isGreaterThanOrEqualTo(2);
        }
        assertThat(rollout(next).state()).isEqualTo(Rollout.RolloutState.Completed);
        assertThat(service.diff(next).changes()).isEmpty();
        assertThat(service.known(next).phase()).isEqualTo(Phase.Steady);
        world.pass(Duration.ofMinutes(5));
        assertThat(world.interfaces()).hasSize(2);
    }

    @Test
    void tellsAFailedRolloutFromTheRollbackThatCompletes() {
        running();
        Spec broken = service.desired(json(bad));
        service.converge(broken);
        while (service.known(broken).rollout().state() == Rollout.RolloutState.InProgress) {
            world.pass(Duration.ofSeconds(5));
        }

        Known<Spec> rollingBack = service.known(broken);

        assertThat(rollingBack.rollout().state()).isEqualTo(Rollout.RolloutState.Failed);
        assertThat(rollingBack.rollout().reason())
                .startsWith("ECS deployment circuit breaker: tasks failed to start. CannotPullContainerError: ");
        assertThat(rollingBack.phase()).isEqualTo(Phase.RollingOut);
        assertThat(rollingBack.spec().taskDefinition()).isEqualTo(good);
        world.settle();
        Known<Spec> rolledBack = service.known(broken);
        assertThat(rolledBack.rollout().id()).isEqualTo(rollingBack.rollout().id());
        assertThat(rolledBack.rollout().state()).isEqualTo(Rollout.RolloutState.Failed);
        assertThat(rolledBack.rollout().reason()).contains("circuit breaker").contains("CannotPullContainerError");
        assertThat(rolledBack.phase()).isEqualTo(Phase.Steady);
        assertThat(rolledBack.health()).isEqualTo(Health.AVAILABLE);
        assertThat(service.diff(broken).changed()).containsExactly("taskDefinition");
    }

    @Test
    void isDoneWithAFailureOnceTheOldOneIsDesiredAgain() {
        Spec old = running();
        service.converge(service.desired(json(bad)));
        world.settle();
        world.settle();

        assertThat(service.diff(old).changes()).isEmpty();
        assertThat(rollout(old).state()).isEqualTo(Rollout.RolloutState.Completed);
    }

    @Test
    void reportsAFailureWithoutRollbackAndTriesAgainWhenAsked() {
        String json = json(bad).replace("'rollback': true", "'rollback': false");
        Spec broken = service.desired(json);
        String arn = service.create(broken);
        world.settle();
        Rollout failed = rollout(broken);
        assertThat(failed.state()).isEqualTo(Rollout.RolloutState.Failed);
        assertThat(service.known(broken).health().ready()).isEqualTo(Health.Ready.False);
        ResourceId id = ResourceId.parse("EcsService/api");
        StackRef stack = new StackRef("test", "dev", "123456789012", "eu-west-2");

        new EcsServiceKind()
                .update(new Change<>(
                        new Desired<>(id, broken, stack, world.clients),
                        new Observed<>(id, service.known(broken), stack, world.clients),
                        Set.of(),
                        Set.of(),
                        true));

        assertThat(rollout(broken).state()).isEqualTo(Rollout.RolloutState.InProgress);
        assertThat(rollout(broken).id()).isNotEqualTo(failed.id());
        world.settle();
        assertThat(rollout(broken).state()).isEqualTo(Rollout.RolloutState.Failed);
        assertThat(rollout(broken).id()).isNotEqualTo(failed.id());
        assertThat(service.observe(broken, arn, false)).hasSize(1);
    }

    @Test
    void staysInProgressForEverWithoutACircuitBreaker() {
        Spec broken = service.desired(
                json(bad).replace("'enable': true, 'rollback': true", "'enable': false, 'rollback': false"));
        service.create(broken);

        world.settle();

        assertThat(rollout(broken).state()).isEqualTo(Rollout.RolloutState.InProgress);
        assertThat(service.known(broken).health().message()).startsWith("0 of 2 tasks are running: ");
    }

    @Test
    void isBeingDeletedWhileItDrainsAndAbsentAfterwards() {
        Spec spec = running();
        String arn = service.known(spec).identity().physicalId();

        service.delete(spec);

        assertThat(service.observe(spec, arn, false))
                .singleElement()
                .isInstanceOfSatisfying(Known.class, k -> assertThat(k.phase()).isEqualTo(Phase.Deleting));
        world.settle();
        assertThat(service.observe(spec, arn, false)).isEmpty();
        assertThat(service.observe(spec, arn, true)).isEmpty();
        assertThat(world.interfaces()).isEmpty();
        service.create(spec);
        world.settle();
        assertThat(service.known(spec).health()).isEqualTo(Health.AVAILABLE);
    }

    @Test
    void isCreatedOnceWithOneToken() {
        Spec spec = service.desired(json(good));

        assertThat(service.create(spec)).isEqualTo(service.create(spec));
    }

    @Test
    void isRefusedWhileItsTargetGroupHasNoLoadBalancer() {
        Spec spec = service.desired(json(good).replace(world.targetGroup, world.loneTargetGroup));

        assertThatThrownBy(() -> service.create(spec))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("does not have an associated load balancer");
    }

    @Test
    void findsAllOfItsClustersServicesWhenItSweeps() {
        for (int i = 0; i < 25; i++) {
            OneResource<Spec> one = new OneResource<>(new EcsServiceKind(), world.clients, "EcsService/s" + i, "s" + i);
            one.create(one.desired(json(good)
                    .replace("'serviceName': 'api'", "'serviceName': 's" + i + "'")
                    .replace("'desiredCount': 2", "'desiredCount': 0")));
        }

        assertThat(service.observe(service.desired(json(good)), null, false)).hasSize(25);
    }

    @Test
    void isAbsentWhereThereIsNoCluster() {
        Spec spec = service.desired(json(good).replace("cluster/main", "cluster/none"));

        assertThat(service.observe(spec, null, false)).isEmpty();
        assertThat(service.observe(spec, null, true)).isEmpty();
    }

    /** The number of instances is the number of tasks: ECS rejects a count, and returns a count that nobody desired. */
    @Test
    void ofADaemonNoCountIsSentNorCompared() {
        String daemon = """
            {'serviceName': 'agent', 'cluster': 'main', 'taskDefinition': '%s', 'desiredCount': 3, 'launchType': 'EC2',
             'schedulingStrategy': 'DAEMON', 'networkConfiguration': {'awsvpcConfiguration': {'subnets': ['%s']}}}
            """;
        String first = world.taskDefinition("agent:1", r -> r.requiresCompatibilitiesWithStrings("EC2"));
        String second = world.taskDefinition("agent:2", r -> r.requiresCompatibilitiesWithStrings("EC2"));
        Spec spec = service.desired(daemon.formatted(first, world.subnetA));

        String arn = service.create(spec);

        assertThat(world.ecs
                        .describeServices(r -> r.cluster("main").services(arn))
                        .services()
                        .getFirst()
                        .desiredCount())
                .isNotEqualTo(3);
        assertThat(service.diff(spec).changes()).isEmpty();
        Spec changed = service.desired(daemon.formatted(second, world.subnetA));
        service.converge(changed);
        assertThat(service.diff(changed).changes()).isEmpty();
    }
}
