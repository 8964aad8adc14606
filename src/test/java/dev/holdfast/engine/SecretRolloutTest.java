package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** A new version of a secret reaches the services that use it, one after the other and without an outage. */
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
        world.somebody(SecretsManagerClient.class)
                .putSecretValue(r -> r.secretId("App/Db").versionStages(stage).secretString("{\"password\":\"2\"}"));
    }

    private static List<Service> services(World world) {
        EcsClient ecs = world.somebody(EcsClient.class);
        String cluster = world.resource("EcsCluster/main").physicalId();
        List<String> arns = ecs.listServices(r -> r.cluster(cluster)).serviceArns();
        return ecs.describeServices(r -> r.cluster(cluster).services(arns)).services();
    }

    /** The versions that the tasks of a service's deployments are given. */
    private static Set<String> given(World world, Service service) {
        EcsClient ecs = world.somebody(EcsClient.class);
        return service.deployments().stream()
                .map(d -> ecs.describeTaskDefinition(r -> r.taskDefinition(d.taskDefinition())))
                .flatMap(d -> d.taskDefinition().containerDefinitions().stream())
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

    @Disabled(
            "a known fault: the first two services begin at the same time, since a task definition that was just written is"
                    + " planned before its service shows the change; the third one waits")
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
