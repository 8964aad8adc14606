package dev.holdfast.kinds.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kinds.OneResource;
import dev.holdfast.kinds.ecs.EcsClusterKind.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EcsClusterKindTest {
    private static final String WHOLE = """
        {'clusterName': 'main',
         'settings': [{'name': 'containerInsights', 'value': 'enabled'}],
         'configuration': {'executeCommandConfiguration': {'logging': 'DEFAULT'}},
         'capacityProviders': ['FARGATE_SPOT', 'FARGATE'],
         'defaultCapacityProviderStrategy': [{'capacityProvider': 'FARGATE', 'weight': 1}],
         'tags': {'Project': 'x'}}
        """;

    private final EcsWorld world = new EcsWorld();
    private final OneResource<Spec> cluster =
            new OneResource<>(new EcsClusterKind(), world.clients, "EcsCluster/main", "main");

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void isAsDesiredAfterCreation(int pageSize) {
        world.settings.pageSize(pageSize);
        world.ecs.createCluster(r -> r.clusterName("stranger"));
        Spec spec = cluster.desired(WHOLE);

        String arn = cluster.create(spec);

        assertThat(cluster.diff(spec).changes()).isEmpty();
        assertThat(cluster.observe(null, arn, false)).hasSize(1);
        assertThat(cluster.known(spec).outputs()).containsEntry("arn", arn).containsEntry("name", "main");
        assertThat(cluster.known(spec).identity().tags())
                .containsEntry("holdfast:resource", "EcsCluster/main")
                .containsEntry("Project", "x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'settings': [{'name': 'containerInsights', 'value': 'enhanced'}]}",
                "{'configuration': {'executeCommandConfiguration': {'logging': 'NONE'}}}",
                "{'capacityProviders': ['FARGATE']}",
                "{'defaultCapacityProviderStrategy': [{'capacityProvider': 'FARGATE_SPOT', 'weight': 2, 'base': 1}]}",
                "{'tags': {'Project': 'y'}}"
            })
    void takesUpEachChange(String json) {
        cluster.create(cluster.desired(WHOLE));
        Spec changed = cluster.desired(json);
        assertThat(cluster.diff(changed).changed()).hasSize(1);

        cluster.converge(changed);

        assertThat(cluster.diff(changed).changes()).isEmpty();
    }

    @Test
    void keepsTheMembersThatItDoesNotOffer() {
        // Given
        cluster.create(cluster.desired(WHOLE));
        world.ecs.updateCluster(r -> r.cluster("main")
                .configuration(c -> c.managedStorageConfiguration(s -> s.kmsKeyId("alias/storage"))
                        .executeCommandConfiguration(e -> e.logging("DEFAULT"))));

        // When
        cluster.converge(cluster.desired("{'configuration': {'executeCommandConfiguration': {'logging': 'NONE'}}}"));

        // Then
        var there = world.ecs
                .describeClusters(r -> r.clusters("main").includeWithStrings("CONFIGURATIONS"))
                .clusters()
                .getFirst()
                .configuration();
        assertThat(there.executeCommandConfiguration().loggingAsString()).isEqualTo("NONE");
        assertThat(there.managedStorageConfiguration().kmsKeyId()).isEqualTo("alias/storage");
    }

    @Test
    void leavesTheStrategyAsItIsWhenOnlyTheProvidersAreOwned() {
        cluster.create(cluster.desired(WHOLE));

        cluster.converge(cluster.desired("{'capacityProviders': ['FARGATE']}"));

        assertThat(cluster.known(cluster.desired("{}")).spec().defaultCapacityProviderStrategy())
                .containsExactly(new StrategyItem("FARGATE", 1, 0));
    }

    @Test
    void isAbsentOnceItIsInactive() {
        Spec spec = cluster.desired(WHOLE);
        String arn = cluster.create(spec);

        cluster.delete(spec);

        assertThat(cluster.observe(spec, arn, true)).isEmpty();
        assertThat(cluster.observe(spec, null, false)).isEmpty();
        cluster.create(spec);
        assertThat(cluster.diff(spec).changes()).isEmpty();
    }

    @Test
    void reportsTheStrangerThatHoldsTheName() {
        world.ecs.createCluster(r -> r.clusterName("main"));

        List<Observation<Spec>> observed = cluster.observe(cluster.desired(WHOLE), null, false);

        assertThat(observed)
                .singleElement()
                .isInstanceOfSatisfying(
                        Known.class, k -> assertThat(k.identity().tags()).isEmpty());
    }

    @Test
    void isNotDeletedWhileServicesAreInIt() {
        Spec spec = cluster.desired(WHOLE);
        cluster.create(spec);
        String definition = world.taskDefinition("nginx");
        world.pass(java.time.Duration.ofMinutes(1));
        world.ecs.createService(r -> r.cluster("main")
                .serviceName("api")
                .taskDefinition(definition)
                .desiredCount(1)
                .networkConfiguration(n -> n.awsvpcConfiguration(v -> v.subnets(world.subnetA))));

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> cluster.delete(spec))
                .isInstanceOf(software.amazon.awssdk.services.ecs.model.ClusterContainsServicesException.class);
    }
}
