package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;

/**
 * Another process is changing the desired state: the former revision stays enforced, and no part of the new state is
 * applied.
 */
class SettlingTest {
    private static final String VPC = """
        [{'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16','tags':{'a':'b'}}}]
        """;

    @Test
    void aNewProcessGoesOnWithTheRevisionThatWasTakenUpLast() {
        try (World world = new World()) {
            world.desire(VPC).converged();
            String revision = world.view().revision();
            String vpc = world.resource("Vpc/main").physicalId();
            world.somebody(Ec2Client.class)
                    .createTags(r -> r.resources(vpc).tags(t -> t.key("a").value("x")));

            world.settling(true).restart().run(Duration.ofMinutes(2));

            assertThat(world.view().revision()).isEqualTo(revision);
            assertThat(world.view().drift())
                    .singleElement()
                    .satisfies(d -> assertThat(d.state()).isEqualTo(DriftItem.DriftState.Repaired));
            assertThat(world.events).noneMatch(e -> e.reason().equals("Unmanaged"));
        }
    }

    @Test
    void beforeTheFirstRevisionNothingIsDone() {
        try (World world = new World()) {
            world.desire(VPC).settling(true).run(Duration.ofMinutes(2));
            assertThat(world.owned()).isEmpty();
            assertThat(world.events).isEmpty();

            world.settling(false).converged();

            assertThat(world.status("Vpc/main")).isEqualTo(Status.Synced);
        }
    }
}
