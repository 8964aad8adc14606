package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kind.TagMap;
import dev.holdfast.model.Action;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

/**
 * Another principal removes one ownership tag from a resource. The resource stalls, because it is no longer ours. Its
 * dependents continue as before, and are repaired within one interval. The test covers one resource of every kind that
 * is owned by tags.
 */
class LostTagTest {
    private static final Duration INTERVAL = Duration.ofSeconds(66);
    private static final String OPENED = "SecurityGroup/main-alb";

    @ParameterizedTest
    @ValueSource(strings = {StackRef.STACK_TAG, StackRef.RESOURCE_TAG})
    void stallsItsResourceAloneAndPlansNoReplacement(String tag) {
        try (World world = SkinClub.oneService(new World())) {
            world.unlimited().converged();
            Stranger stranger = new Stranger(world);
            Map<ResourceId, ManagedResource<?>> targets = stranger.targets(world.desired());
            for (ManagedResource<?> target : onePerKind(targets).values()) {
                // Given
                Known<?> known = Objects.requireNonNull(
                        stranger.observe(Map.of(target.id(), target)).get(target.id()));
                Known<?> untagged = stranger.untag(target, known, tag);
                int port = open(world);

                // When
                world.clock.advance(Duration.ofMinutes(11));
                world.run(INTERVAL);

                // Then
                String when = target.id() + " without " + tag + "\n" + world.describe();
                assertThat(world.status(target.id().toString())).as(when).isEqualTo(Status.Stalled);
                assertThat(world.resource(target.id().toString()).reason())
                        .as(when)
                        .hasToString("NameTaken");
                assertThat(isOpen(world, port)).as("port open, %s", when).isFalse();
                assertThat(world.view().plan().steps())
                        .as(when)
                        .noneMatch(s -> s.action() == Action.Replace
                                || s.action() == Action.Create
                                || s.action() == Action.Delete);
                assertThat(world.view().resources().values())
                        .as(when)
                        .filteredOn(r -> r.status() != Status.Synced)
                        .extracting(ResourceView::id)
                        .containsExactly(target.id());

                int another = open(world);
                world.restart().run(INTERVAL);
                assertThat(isOpen(world, another))
                        .as("port open after a restart, %s", when)
                        .isFalse();
                assertThat(world.view().plan().steps())
                        .as("after a restart, %s", when)
                        .noneMatch(s -> s.action() == Action.Replace || s.action() == Action.Create);

                stranger.change(target, untagged, tags(target));
                world.clock.advance(Duration.ofMinutes(11));
                world.converged();
            }
        }
    }

    private static Map<String, ManagedResource<?>> onePerKind(Map<ResourceId, ManagedResource<?>> targets) {
        Map<String, ManagedResource<?>> one = new LinkedHashMap<>();
        targets.values().forEach(target -> {
            boolean tagged =
                    SpecModel.of(target.kind().info().spec()).with(TagMap.class).isPresent();
            if (tagged && !target.id().toString().equals(OPENED)) {
                one.putIfAbsent(target.id().kind(), target);
            }
        });
        return one;
    }

    private static String tags(ManagedResource<?> target) {
        return SpecModel.of(target.kind().info().spec())
                .with(TagMap.class)
                .orElseThrow()
                .name();
    }

    /** Opens another port each time, because the operator treats a repeated edit as contested. */
    private static int open(World world) {
        int port = 1000 + world.events.size();
        String group = Objects.requireNonNull(world.resource(OPENED).physicalId());
        OpenedPort.toInternet(world.somebody(Ec2Client.class), group, port);
        return port;
    }

    private static boolean isOpen(World world, int port) {
        List<SecurityGroup> groups =
                world.somebody(Ec2Client.class).describeSecurityGroups().securityGroups();
        return groups.stream()
                .flatMap(g -> g.ipPermissions().stream())
                .map(IpPermission::fromPort)
                .anyMatch(Integer.valueOf(port)::equals);
    }
}
