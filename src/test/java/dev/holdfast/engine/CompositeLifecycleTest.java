package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import dev.holdfast.twin.LoggedRequest;
import dev.holdfast.twin.store.TwinItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/** The effects on the parts of a composite when its document is added, changed or removed. */
class CompositeLifecycleTest {
    private static final Path DESIRED = SkinClub.DESIRED;
    private static final Set<String> STATEFUL = Set.of("LogGroup", "Secret", "Repository");

    @ParameterizedTest
    @ValueSource(strings = {"dev", "prod"})
    void a_service_that_goes_takes_its_own_parts_along_in_order_and_nothing_shared(String stack) {
        try (World world = new World()) {
            // Given
            (stack.equals("prod") ? SkinClub.prod(world) : SkinClub.services(world, "api", "notifications"))
                    .unlimited()
                    .converged();
            Map<String, Set<String>> before = ids(world);
            Set<String> parts = world.view().resources().values().stream()
                    .filter(r -> ResourceId.parse("Service/notifications").equals(r.owner()))
                    .map(r -> r.id().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
            long seen = world.twin.log().writes().size();

            // When
            world.file("base/services/notifications.json", null);
            world.reconciler().requestFull();
            Map<String, Set<String>> expected = new TreeMap<>(before);
            expected.keySet().removeIf(id -> parts.contains(id) && !isStateful(id));
            for (int i = 0; i < 60 && !ids(world).equals(expected); i++) {
                world.run(Duration.ofSeconds(20));
            }

            // Then
            assertThat(ids(world)).isEqualTo(expected);
            assertThat(parts).hasSizeGreaterThan(12);
            assertThat(world.view().resources().values())
                    .allMatch(r -> r.status() == (parts.contains(r.id().toString()) ? Status.Orphaned : Status.Synced));
            List<String> deletes = world.twin.log().writes().stream()
                    .skip(seen)
                    .filter(r -> "holdfast".equals(r.app()) && r.tookEffect())
                    .map(LoggedRequest::operation)
                    .toList();
            assertThat(deletes)
                    .containsSubsequence("application-autoscaling:DeregisterScalableTarget", "ecs:DeleteService")
                    .containsSubsequence("ecs:DeleteService", "ecs:DeregisterTaskDefinition", "iam:DeleteRole")
                    .containsSubsequence("ecs:DeleteService", "elasticloadbalancing:DeleteRule")
                    .containsSubsequence("elasticloadbalancing:DeleteRule", "elasticloadbalancing:DeleteTargetGroup");
        }
    }

    @Test
    void a_service_that_leaves_the_load_balancer_takes_its_target_group_along() {
        try (World world = new World()) {
            world.desireDirectory(DESIRED, "minimal").unlimited().converged();
            String exposed = Files.readString(DESIRED.resolve("minimal/app.json"));
            String apart = exposed.replaceAll("\\s*\"(paths|priority)\": [^\\n]*\\n", "\n");
            assertThat(apart).isNotEqualTo(exposed);

            world.file("minimal/app.json", apart).converged();

            assertThat(world.view().resources().keySet())
                    .extracting(ResourceId::kind)
                    .doesNotContain("TargetGroup", "ListenerRule");
            assertThat(world.owned().values().stream().flatMap(List::stream).map(TwinItem::type))
                    .contains("ecs:service")
                    .doesNotContain("elasticloadbalancing:targetgroup");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** ECS refuses a grace period together with the first load balancer of a service. */
    @Test
    void a_service_that_joins_the_load_balancer_later_is_rolled_out_once() throws IOException {
        try (World world = new World()) {
            String exposed = Files.readString(DESIRED.resolve("minimal/app.json"));
            String apart = exposed.replaceAll("\\s*\"(paths|priority)\": [^\\n]*\\n", "\n");
            world.desireDirectory(DESIRED, "minimal").unlimited();
            world.file("minimal/app.json", apart).converged();
            String service = world.view().resources().keySet().stream()
                    .filter(id -> id.kind().equals("EcsService"))
                    .findFirst()
                    .orElseThrow()
                    .toString();
            int before = world.twin.log().writes().size();

            world.file("minimal/app.json", exposed).converged();

            assertThat(world.status(service)).isEqualTo(Status.Synced);
            assertThat(world.twin.log().writes().stream().skip(before).map(LoggedRequest::operation))
                    .filteredOn("ecs:UpdateService"::equals)
                    .hasSize(2);
            assertThat(world.events.stream()
                            .filter(e -> e.reason().equals("UpdateRequested")
                                    && e.resource() != null
                                    && e.resource().toString().equals(service)))
                    .hasSize(1);
        }
    }

    @Test
    void a_rewrite_that_somebody_adds_to_a_service_s_rule_is_taken_off() {
        try (World world = new World()) {
            world.desireDirectory(DESIRED, "minimal").unlimited().converged();
            ResourceView rule = world.view().resources().values().stream()
                    .filter(r -> r.id().kind().equals("ListenerRule"))
                    .findFirst()
                    .orElseThrow();
            ElasticLoadBalancingV2Client elb = world.somebody(ElasticLoadBalancingV2Client.class);
            elb.modifyRule(r -> r.ruleArn(rule.physicalId())
                    .transforms(t -> t.type("url-rewrite")
                            .urlRewriteConfig(
                                    c -> c.rewrites(w -> w.regex("^/.*").replace("/admin")))));
            int before = world.twin.log().writes().size();

            world.run(Duration.ofMinutes(5));

            assertThat(elb.describeRules(r -> r.ruleArns(rule.physicalId())).rules())
                    .singleElement()
                    .satisfies(r -> assertThat(r.transforms()).isEmpty());
            assertThat(world.twin.log().writes().stream().skip(before).map(LoggedRequest::operation))
                    .containsOnlyOnce("elasticloadbalancing:ModifyRule");
            assertThat(world.status(rule.id().toString())).isEqualTo(Status.Synced);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "prod"})
    void a_stack_whose_directory_is_gone_keeps_all_that_it_has(String stack) throws IOException {
        try (World world = new World()) {
            // Given
            world.desireDirectory(DESIRED, stack).converged();
            Map<String, Set<String>> before = ids(world);
            long writes = world.twin.log().writes().size();

            // When
            try (Stream<Path> files = Files.walk(DESIRED.resolve(stack))) {
                files.filter(Files::isRegularFile)
                        .forEach(f -> world.file(DESIRED.relativize(f).toString(), null));
            }
            world.reconciler().requestFull();
            world.run(Duration.ofMinutes(70));

            // Then
            assertThat(world.view().status()).isEqualTo("Unmanaged");
            assertThat(ids(world)).isEqualTo(before);
            assertThat(world.twin.log().writes()).hasSize((int) writes);
        }
    }

    @Test
    void a_row_shows_how_a_composite_stands() {
        try (World world = new World()) {
            world.desireDirectory(DESIRED, "minimal").converged();

            Map<ResourceId, ResourceView> rows = world.view().composites();

            assertThat(rows.keySet())
                    .map(ResourceId::toString)
                    .containsExactly("Ingress/main", "Network/main", "Service/hello");
            assertThat(rows.values()).allMatch(r -> r.status() == Status.Synced && r.owner() == null);
            assertThat(rows.get(ResourceId.parse("Service/hello")).dependsOn())
                    .map(ResourceId::toString)
                    .containsExactly("EcsCluster/main", "Ingress/main", "Network/main");
        }
    }

    private static boolean isStateful(String id) {
        return STATEFUL.contains(ResourceId.parse(id).kind());
    }

    /**
     * All existing objects of the stack, by resource. Task definition revisions that are no longer active do not count.
     */
    private static Map<String, Set<String>> ids(World world) {
        Map<String, Set<String>> ids = new TreeMap<>();
        world.owned()
                .forEach((id, items) ->
                        ids.put(id, items.stream().map(TwinItem::id).collect(Collectors.toCollection(TreeSet::new))));
        return ids;
    }
}
