package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Health;
import dev.holdfast.model.Status;
import dev.holdfast.twin.FaultRule;
import dev.holdfast.twin.TwinFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;

/** Reads and writes that fail, and what may not follow from it. */
class FaultyAwsTest {
    @ParameterizedTest(name = "pages of {0}, 0 being as in AWS")
    @ValueSource(ints = {0, 1})
    void aFifthOfAllRequestsGoesWrongAndItConvergesAllTheSame(int pageSize) {
        long seed = 7;
        System.out.println("seed " + seed);
        try (World world = new World(seed)) {
            Invariants invariants = Invariants.watch(world);
            SkinClub.oneService(world);
            world.settings.pageSize(pageSize);
            for (TwinFault fault : List.of(new TwinFault.Throttle(), new TwinFault.Fail(), new TwinFault.Cut())) {
                world.twin.faults().add(FaultRule.on("*", fault).withProbability(0.07));
            }
            world.twin
                    .faults()
                    .add(FaultRule.on("*", new TwinFault.StaleRead(Duration.ofSeconds(5)))
                            .withProbability(0.2));

            world.run(Duration.ofMinutes(8));
            world.twin.faults().clear();
            world.converged();

            assertThat(world.owned()).hasSize(world.view().resources().size() - untagged(world));
            assertThat(world.owned())
                    .allSatisfy((id, items) -> assertThat(items).as(id).hasSize(1));
            invariants.assertKept();
        }
    }

    private static long repaired(World world) {
        return world.view().drift().stream()
                .filter(i -> i.state() == DriftItem.State.Repaired)
                .count();
    }

    private static int untagged(World world) {
        return (int) world.view().resources().keySet().stream()
                .filter(id ->
                        Set.of("Dashboard", "ScalableTarget", "ScalingPolicy").contains(id.kind()))
                .count();
    }

    @Test
    void aDeniedReadIsNotNothingThere() {
        try (World world = new World()) {
            SkinClub.oneService(world).converged();
            world.clock.advance(Duration.ofMinutes(11));
            Map<String, Long> reads = world.pass().requests();
            List<String> wrong = new ArrayList<>();
            String group = world.resource("SecurityGroup/main-alb").physicalId();
            String alarm = world.view().resources().values().stream()
                    .filter(r -> r.id().kind().equals("Alarm"))
                    .findFirst()
                    .orElseThrow()
                    .physicalId();

            for (String read : reads.keySet()) {
                String onTheWire = read.startsWith("tag:") ? "tagging:" + read.substring(4) : read;
                long before = repaired(world);
                world.twin.faults().add(onTheWire, new TwinFault.Deny());
                boolean broken = true;
                if (read.equals("ec2:DescribeSecurityGroups")) {
                    world.somebody(Ec2Client.class)
                            .authorizeSecurityGroupIngress(r -> r.groupId(group)
                                    .ipPermissions(IpPermission.builder()
                                            .ipProtocol("tcp")
                                            .fromPort(22)
                                            .toPort(22)
                                            .ipRanges(IpRange.builder()
                                                    .cidrIp("0.0.0.0/0")
                                                    .build())
                                            .build()));
                } else if (read.equals("cloudwatch:DescribeAlarms")) {
                    world.somebody(CloudWatchClient.class).deleteAlarms(r -> r.alarmNames(alarm));
                } else {
                    broken = false;
                }
                // No slow facet is younger than it may be: this pass reads all of them.
                world.clock.advance(Duration.ofMinutes(11));
                PassReport pass = world.pass();
                long unknown = world.view().resources().values().stream()
                        .filter(r -> r.status() == Status.Unknown)
                        .count();
                boolean failed = world.view().conditions().stream()
                        .anyMatch(c -> c.reason().equals("PassFailed"));
                if (pass.writes() > 0) {
                    wrong.add(read + " denied: " + pass.writes() + " writes");
                }
                if (unknown == 0 && !failed) {
                    wrong.add(read + " denied: nothing is Unknown");
                }
                if (world.view().resources().values().stream()
                        .anyMatch(r -> r.status() == Status.Unknown
                                && r.conditions().getFirst().status() != Health.Ready.Unknown)) {
                    wrong.add(read + " denied: something Unknown is called ready");
                }
                if (repaired(world) != before) {
                    wrong.add(read + " denied: something is called repaired");
                }
                world.twin.faults().clear();
                world.converged();
                if (broken && repaired(world) == before) {
                    wrong.add(read + ": what broke behind a denied read was never repaired");
                }
            }

            assertThat(wrong).isEmpty();
        }
    }
}
