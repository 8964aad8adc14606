package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Reason;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** A new version of a secret reaches its services one after the other and without an outage. */
class SecretRolloutTest {
    private static final Duration LOOK = Duration.ofSeconds(15);
    private static final int LOOKS = 100;
    private static final List<String> SERVICES = List.of("api", "identity", "media");

    private static String documents(String more) {
        return Docs.of(
                """
            {'apiVersion':'holdfast.dev/v1','kind':'Network','metadata':{'name':'main'},
              'spec':{'cidrBlock':'10.0.0.0/16','zones':['a','b'],'tiers':['public','private']}},
            {'apiVersion':'holdfast.dev/v1','kind':'Ingress','metadata':{'name':'main'},'spec':{}},
            {'apiVersion':'holdfast.dev/v1','kind':'EcsCluster','metadata':{'name':'main'},'spec':{}},
            {'apiVersion':'holdfast.dev/v1','kind':'Secret','metadata':{'name':'db'},
              'spec':{'name':'App/Db','generateSecretString':{'generateStringKey':'password'}}}
            """,
                SERVICES.stream()
                        .map(name -> """
            {'apiVersion':'holdfast.dev/v1','kind':'Service','metadata':{'name':'%1$s'},
              'spec':{'image':'public.ecr.aws/x/api:1','paths':['/%1$s/*'],'priority':%2$d,'scaling':false,'alarms':false,
                      %3$s 'secrets':{'PASSWORD':{'from':'${Secret/db.arn}','key':'password'}}}}
            """.formatted(name, 1 + SERVICES.indexOf(name), more))
                        .collect(Collectors.joining(",")));
    }

    private static World running(String more) {
        return new World().desire(documents(more)).converged().run(Duration.ofMinutes(5));
    }

    private static String version(World world) {
        return world.somebody(SecretsManagerClient.class)
                .getSecretValue(r -> r.secretId("App/Db"))
                .versionId();
    }

    private static void put(World world, String stage) {
        put(world, stage, "password");
    }

    private static void put(World world, String stage, String key) {
        world.somebody(SecretsManagerClient.class)
                .putSecretValue(r -> r.secretId("App/Db").versionStages(stage).secretString("{\"" + key + "\":\"2\"}"));
    }

    private static List<Service> services(World world) {
        EcsClient ecs = world.somebody(EcsClient.class);
        String cluster = world.resource("EcsCluster/main").physicalId();
        List<String> arns = ecs.listServices(r -> r.cluster(cluster)).serviceArns();
        return ecs.describeServices(r -> r.cluster(cluster).services(arns)).services();
    }

    /** The versions of the secret that the tasks of a service's deployments receive. */
    private static Set<String> given(World world, Service service) {
        return service.deployments().stream()
                .flatMap(d -> versions(world, d.taskDefinition()).stream())
                .collect(Collectors.toSet());
    }

    private static Set<String> versions(World world, String taskDefinition) {
        return world
                .somebody(EcsClient.class)
                .describeTaskDefinition(r -> r.taskDefinition(taskDefinition))
                .taskDefinition()
                .containerDefinitions()
                .stream()
                .flatMap(c -> c.secrets().stream())
                .map(s -> s.valueFrom().substring(s.valueFrom().lastIndexOf(':') + 1))
                .collect(Collectors.toSet());
    }

    private static boolean answers(World world, Service service) {
        return world
                .somebody(ElasticLoadBalancingV2Client.class)
                .describeTargetHealth(
                        r -> r.targetGroupArn(service.loadBalancers().getFirst().targetGroupArn()))
                .targetHealthDescriptions()
                .stream()
                .anyMatch(t -> t.targetHealth().state() == TargetHealthStateEnum.HEALTHY);
    }

    private static boolean rollsOut(Service service) {
        return service.deployments().stream().anyMatch(d -> d.rolloutState() == DeploymentRolloutState.IN_PROGRESS);
    }

    @Test
    void servicesRollOutOneAfterTheOtherAndKeepAnswering() {
        try (World world = running("")) {
            String former = version(world);
            put(world, "AWSCURRENT");
            Set<String> rolledOut = new HashSet<>();

            for (int i = 0; i < LOOKS; i++) {
                world.run(LOOK);
                List<Service> services = services(world);
                assertThat(services).allMatch(s -> answers(world, s));
                List<String> now = services.stream()
                        .filter(SecretRolloutTest::rollsOut)
                        .map(Service::serviceName)
                        .toList();
                assertThat(now).as("in\n%s", world.describe()).hasSizeLessThanOrEqualTo(1);
                rolledOut.addAll(now);
            }

            assertThat(rolledOut).hasSize(SERVICES.size());
            assertThat(version(world)).isNotEqualTo(former);
            assertThat(services(world))
                    .allSatisfy(s -> assertThat(given(world, s)).containsExactly(version(world)));
        }
    }

    /** The new value lacks the member that the services read. */
    @Test
    void noFurtherServiceBeginsAfterOneThatFailedUntilTheSecretIsMended() {
        try (World world = running("")) {
            put(world, "AWSCURRENT", "wrong");

            world.run(Duration.ofHours(2));

            assertThat(world.view().resources().values())
                    .filteredOn(r -> r.reason() == Reason.RolloutHeld)
                    .as(world.describe())
                    .hasSize(1);
            assertThat(world.events)
                    .filteredOn(e -> e.reason().equals("RolloutFailed"))
                    .isNotEmpty()
                    .allMatch(e -> e.message().contains("did not contain json key password"))
                    .extracting(e -> String.valueOf(e.resource()))
                    .containsOnly("EcsService/api");
            assertThat(services(world)).allMatch(s -> answers(world, s));

            put(world, "AWSCURRENT");
            world.converged();

            assertThat(services(world))
                    .allSatisfy(s -> assertThat(given(world, s)).containsExactly(version(world)));
        }
    }

    /** All tasks of a deployment have the same version of the secret, also tasks that scaling adds. */
    @Test
    void scalingInTheMiddleOfARolloutMixesNoVersions() {
        try (World world = running("")) {
            String former = version(world);
            put(world, "AWSCURRENT");
            world.runUntil(
                    () -> services(world).stream().anyMatch(SecretRolloutTest::rollsOut), Duration.ofMinutes(10));
            assertThat(services(world)).anyMatch(SecretRolloutTest::rollsOut);

            services(world)
                    .forEach(s -> world.somebody(EcsClient.class)
                            .updateService(r -> r.cluster(s.clusterArn())
                                    .service(s.serviceArn())
                                    .desiredCount(4)));

            for (int i = 0; i < LOOKS; i++) {
                world.run(LOOK);
                for (Service service : services(world)) {
                    assertThat(service.deployments())
                            .allSatisfy(d -> assertThat(versions(world, d.taskDefinition()))
                                    .singleElement()
                                    .isIn(former, version(world)));
                    assertThat(tasks(world, service))
                            .allSatisfy(t -> assertThat(service.deployments())
                                    .anyMatch(d -> d.taskDefinition().equals(t.taskDefinitionArn())));
                }
            }
            assertThat(services(world))
                    .allSatisfy(s -> assertThat(given(world, s)).containsExactly(version(world)));
        }
    }

    private static List<Task> tasks(World world, Service service) {
        EcsClient ecs = world.somebody(EcsClient.class);
        List<String> arns = ecs.listTasks(r -> r.cluster(service.clusterArn()).serviceName(service.serviceName()))
                .taskArns();
        return arns.isEmpty()
                ? List.of()
                : ecs.describeTasks(r -> r.cluster(service.clusterArn()).tasks(arns)).tasks().stream()
                        .filter(t -> "RUNNING".equals(t.desiredStatus()))
                        .toList();
    }

    @Test
    void aVersionThatIsPendingChangesNothing() {
        try (World world = running("")) {
            var written = world.twin.log().counts(c -> c.operation().equals("ecs:UpdateService"));
            put(world, "AWSPENDING");

            world.run(Duration.ofMinutes(30));

            assertThat(world.twin.log().counts(c -> c.operation().equals("ecs:UpdateService")))
                    .isEqualTo(written);
            assertThat(services(world))
                    .allSatisfy(s -> assertThat(given(world, s)).containsExactly(version(world)));
        }
    }

    @Test
    void aServiceThatTurnsItOffIsLeftAlone() {
        try (World world = running("'rolloutOnRotation':false,")) {
            Set<String> before = definitions(world);
            put(world, "AWSCURRENT");

            world.run(Duration.ofMinutes(30));

            assertThat(definitions(world)).isEqualTo(before);
            assertThat(services(world))
                    .allSatisfy(s -> assertThat(given(world, s)).containsExactly(""));
        }
    }

    private static Set<String> definitions(World world) {
        return services(world).stream()
                .flatMap(s -> Stream.of(s.taskDefinition()))
                .collect(Collectors.toSet());
    }
}
