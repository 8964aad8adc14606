package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

/** A field that AWS does not keep calls for a replacement or a new version again and again: three are enough. */
class EndlessReplacementTest {
    /** The longest interval: one minute and the jitter. */
    private static final Duration INTERVAL = Duration.ofSeconds(66);

    private static String service() {
        return Docs.service("app:1.0.0", 60)
                .replace("'essential':true,", "'essential':true,'readonlyRootFilesystem':true,");
    }

    private static World forgetful() {
        return new World()
                .answeredThrough(answer -> answer.replace("\"readonlyRootFilesystem\":true,", "")
                        .replace(",\"readonlyRootFilesystem\":true", ""));
    }

    private static long registered(World world) {
        return world.twin.log().counts(c -> true).getOrDefault("ecs:RegisterTaskDefinition", 0L);
    }

    private static SecurityGroup tasks(World world) {
        String id = world.resource("SecurityGroup/tasks").physicalId();
        return world.somebody(Ec2Client.class)
                .describeSecurityGroups(r -> r.groupIds(id))
                .securityGroups()
                .getFirst();
    }

    private static boolean isOpen(World world) {
        return tasks(world).ipPermissions().stream().anyMatch(p -> p.fromPort() == 22);
    }

    @Test
    void aFieldThatIsDroppedFromEachNewVersionStallsItAndDelaysNothingElse() {
        try (World world = forgetful()) {
            world.desire(service(), Docs.UNLIMITED);
            world.runUntil(() -> registered(world) > 0, Duration.ofMinutes(30));
            String group = tasks(world).groupId();
            world.somebody(Ec2Client.class)
                    .authorizeSecurityGroupIngress(r -> r.groupId(group)
                            .ipPermissions(p -> p.ipProtocol("tcp")
                                    .fromPort(22)
                                    .toPort(22)
                                    .ipRanges(range -> range.cidrIp("0.0.0.0/0"))));
            Instant opened = world.clock.instant();
            List<Duration> closed = new ArrayList<>();

            world.runUntil(
                    () -> {
                        if (closed.isEmpty() && !isOpen(world)) {
                            closed.add(Duration.between(opened, world.clock.instant()));
                        }
                        return false;
                    },
                    Duration.ofSeconds(472));

            assertThat(closed).singleElement().satisfies(d -> assertThat(d).isLessThan(INTERVAL));
            assertThat(registered(world)).isLessThanOrEqualTo(4);
            assertThat(world.status("TaskDefinition/app")).isEqualTo(Status.Stalled);
            assertThat(world.resource("TaskDefinition/app").reason()).hasToString("NeverConverges");
            assertThat(world.resource("TaskDefinition/app").message()).contains("readonlyRootFilesystem");

            world.restart().run(Duration.ofMinutes(10));

            assertThat(registered(world)).isLessThanOrEqualTo(4);
        }
    }
}
