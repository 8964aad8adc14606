package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Condition;
import dev.holdfast.model.Health;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CompositeViewsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void a_row_has_the_worst_status_of_its_parts_and_says_whose_it_is() {
        // Given
        Map<ResourceId, ResourceView> resources = resources(
                part("Role/api-task", "Service/api", Status.Synced, Health.Ready.True, 0),
                part(
                        "EcsService/api",
                        "Service/api",
                        Status.Progressing,
                        Health.Ready.False,
                        5,
                        "Role/api-task",
                        "Subnet/main-a"),
                part("Alarm/api-5xx", "Service/api", Status.Waiting, Health.Ready.Unknown, 2, "EcsService/api"),
                part("Subnet/main-a", "Network/main", Status.Synced, Health.Ready.True, 1, "Vpc/apart"),
                part("Vpc/apart", null, Status.Failed, Health.Ready.False, 1));

        // When
        Map<ResourceId, ResourceView> rows = CompositeViews.of(resources, Map.of());

        // Then
        assertThat(rows.keySet()).map(ResourceId::toString).containsExactly("Network/main", "Service/api");
        ResourceView service = rows.get(ResourceId.parse("Service/api"));
        assertThat(service.status()).isEqualTo(Status.Progressing);
        assertThat(service.message()).isEqualTo("EcsService/api: message");
        assertThat(service.owner()).isNull();
        assertThat(service.dependsOn()).map(ResourceId::toString).containsExactly("Network/main");
        assertThat(service.conditions()).singleElement().satisfies(c -> {
            assertThat(c.status()).isEqualTo(Health.Ready.False);
            assertThat(c.message()).startsWith("EcsService/api");
        });
        ResourceView network = rows.get(ResourceId.parse("Network/main"));
        assertThat(network.status()).isEqualTo(Status.Synced);
        assertThat(network.message()).isNull();
        assertThat(network.conditions())
                .singleElement()
                .satisfies(c -> assertThat(c.status()).isEqualTo(Health.Ready.True));
        assertThat(network.dependsOn()).map(ResourceId::toString).containsExactly("Vpc/apart");
    }

    private static Map<ResourceId, ResourceView> resources(ResourceView... views) {
        Map<ResourceId, ResourceView> resources = new TreeMap<>();
        for (ResourceView view : views) {
            resources.put(view.id(), view);
        }
        return resources;
    }

    private static ResourceView part(
            String id, @Nullable String owner, Status status, Health.Ready ready, int minute, String... dependsOn) {
        return new ResourceView(
                ResourceId.parse(id),
                "test",
                owner == null ? null : ResourceId.parse(owner),
                null,
                "physical",
                null,
                status,
                Reason.DependencyNotReady,
                "message",
                List.of(new Condition(
                        Condition.ConditionType.Ready, ready, "Reason", null, NOON.plusSeconds(60L * minute), null)),
                Map.of(),
                List.of(),
                NOON,
                Map.of(),
                null,
                null,
                List.of(dependsOn).stream().map(ResourceId::parse).toList(),
                ResourceView.ShownOutlook.NONE,
                Map.of());
    }
}
