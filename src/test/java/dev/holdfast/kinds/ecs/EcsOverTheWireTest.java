package dev.holdfast.kinds.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kinds.OneResource;
import dev.holdfast.model.Health;
import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.InProcess;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import dev.holdfast.twin.store.TwinSettings;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;

/** Marshalling changes neither the requests nor the answers of ECS's twin. */
class EcsOverTheWireTest {
    private final DrivenClock clock = new DrivenClock(Instant.parse("2025-01-01T00:00:00Z"));
    private final TwinSettings settings = new TwinSettings();
    private final TwinServer server;
    private final EcsClient wire;
    private final EcsWorld world;

    EcsOverTheWireTest() throws IOException {
        server = TwinServer.start(TwinOptions.defaults().withClock(clock).withSettings(settings));
        wire = EcsClient.builder()
                .endpointOverride(server.endpoint())
                .region(Region.EU_WEST_2)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("123456789012", "not-checked")))
                .build();
        world = new EcsWorld(
                clock,
                settings,
                new InProcess(server.account("123456789012"), "eu-west-2", Map.of(EcsClient.class, wire)));
    }

    @AfterEach
    void stop() {
        wire.close();
        server.close();
    }

    @Test
    void allOfEcsLivesAndDies() {
        OneResource<EcsClusterKind.Spec> cluster =
                new OneResource<>(new EcsClusterKind(), world.clients, "EcsCluster/main", "main");
        EcsClusterKind.Spec ofCluster = cluster.desired("{'clusterName': 'main', 'capacityProviders': []}");
        cluster.create(ofCluster);
        OneResource<TaskDefinitionKind.Spec> definition =
                new OneResource<>(new TaskDefinitionKind(), world.clients, "TaskDefinition/api", "api");
        TaskDefinitionKind.Spec ofDefinition = definition.desired("""
            {'family': 'api', 'cpu': '256', 'memory': '512', 'networkMode': 'awsvpc', 'volumes': [],
             'requiresCompatibilities': ['FARGATE'], 'executionRoleArn': '%s',
             'containerDefinitions': [{'name': 'api', 'image': 'nginx', 'portMappings': [{'containerPort': 80}],
                'environment': [{'name': 'A', 'value': '<&> ü'}], 'healthCheck': {'command': ['CMD', 'true']}}]}
            """.formatted(world.role));
        String arn = definition.create(ofDefinition);
        OneResource<EcsServiceKind.Spec> service =
                new OneResource<>(new EcsServiceKind(), world.clients, "EcsService/api", "api");
        EcsServiceKind.Spec ofService = service.desired("""
            {'serviceName': 'api', 'cluster': 'main', 'taskDefinition': '%s', 'desiredCount': 1, 'launchType': 'FARGATE',
             'loadBalancers': [], 'networkConfiguration': {'awsvpcConfiguration': {'subnets': ['%s'],
                'securityGroups': ['%s']}}}\
            """.formatted(arn, world.subnetA, world.group));
        world.settle();
        assertThat(service.observe(service.desired("{'cluster': 'none'}"), null, true))
                .isEmpty();
        service.create(ofService);
        world.settle();

        assertThat(cluster.diff(ofCluster).changes()).isEmpty();
        assertThat(definition.diff(ofDefinition).changes()).isEmpty();
        assertThat(service.diff(ofService).changes()).isEmpty();
        assertThat(service.known(ofService).health()).isEqualTo(Health.AVAILABLE);
        service.delete(ofService);
        world.settle();
        assertThat(service.observe(ofService, null, true)).isEmpty();
        definition.delete(ofDefinition);
        assertThat(definition.observe(ofDefinition, arn, true)).isEmpty();
        assertThat(definition.observe(ofDefinition, arn + "7", true)).isEmpty();
        cluster.delete(ofCluster);
        assertThat(cluster.observe(ofCluster, null, true)).isEmpty();
    }
}
