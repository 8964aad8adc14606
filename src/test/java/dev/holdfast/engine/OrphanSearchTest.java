package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Condition;
import dev.holdfast.model.Event;
import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A failed search for orphans is reported and repeated for the failed part. Its result neither proves that an object is
 * deleted nor counts as complete.
 */
class OrphanSearchTest {
    private static final String OTHER = Docs.alarm("other", 1);
    private static final String LOG_GROUP =
            "{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'app'},'spec':{}}";
    private static final String CLUSTER =
            "{'apiVersion':'holdfast.dev/v1','kind':'EcsCluster','metadata':{'name':'main'},'spec':{}}";

    private static void deny(World world, String operation) {
        world.twin
                .faults()
                .add(TwinFaultRule.on(operation, new TwinFault.Deny()).by(world.caller()));
    }

    private static long requests(World world, String operation) {
        return world.twin.log().requests().stream()
                .filter(r -> r.operation().equals(operation))
                .count();
    }

    private static List<String> reasons(World world) {
        return world.view().conditions().stream().map(Condition::reason).toList();
    }

    /** A stack with one alarm only: the search for orphans makes all reads of other kinds. */
    private static World oneAlarm() {
        return new World().desire(Docs.of(OTHER));
    }

    @Test
    void aDeniedSearchIsToldOnceWithWhatItCovers() {
        try (World world = oneAlarm()) {
            deny(world, "ec2:DescribeNatGateways");

            world.converged().run(Duration.ofMinutes(20));

            assertThat(world.events("OrphanSearchFailed")).singleElement().satisfies(e -> {
                assertThat(e.severity()).isEqualTo(Event.Severity.Warning);
                assertThat(e.message())
                        .startsWith("ec2:DescribeNatGateways UnauthorizedOperation: ")
                        .endsWith("; not searched for orphans: NatGateway in eu-west-2");
            });
            assertThat(world.view().conditions()).singleElement().satisfies(c -> {
                assertThat(c.reason()).isEqualTo("OrphanSearchFailed");
                assertThat(c.message()).contains("NatGateway in eu-west-2", "ec2:DescribeNatGateways");
                assertThat(c.since()).isBefore(world.clock.instant().minus(Duration.ofMinutes(19)));
            });
            assertThat(world.status("Alarm/other")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void onlyWhatFailedIsSearchedAgainAndOnlyAfterAWhile() {
        try (World world = oneAlarm()) {
            deny(world, "ec2:DescribeNatGateways");
            world.converged().run(Duration.ofMinutes(4));
            assertThat(requests(world, "ec2:DescribeNatGateways")).isEqualTo(1);

            world.run(Duration.ofMinutes(3));

            assertThat(requests(world, "ec2:DescribeNatGateways")).isEqualTo(2);
            assertThat(requests(world, "ec2:DescribeRouteTables")).isEqualTo(1);
        }
    }

    @Test
    void theEndOfItIsToldAndNothingIsSearchedBeforeTheNextHour() {
        try (World world = oneAlarm()) {
            deny(world, "ec2:DescribeNatGateways");
            world.converged();
            world.twin.faults().clear();

            world.run(Duration.ofMinutes(50));

            assertThat(world.events("OrphanSearchRestored"))
                    .singleElement()
                    .satisfies(e -> assertThat(e.message()).endsWith("NatGateway in eu-west-2"));
            assertThat(reasons(world)).isEmpty();
            assertThat(requests(world, "ec2:DescribeNatGateways")).isEqualTo(2);
            world.run(Duration.ofMinutes(15));
            assertThat(requests(world, "ec2:DescribeNatGateways")).isEqualTo(3);
            assertThat(requests(world, "ec2:DescribeRouteTables")).isEqualTo(2);
        }
    }

    @Test
    void whatIsLeftOverGoesWhenItCanBeSearchedForAgain() {
        try (World world = new World()) {
            world.desire(Docs.of(OTHER, Docs.vpc(""))).converged();
            // The tagging API shows the new object late.
            world.clock.advance(Duration.ofMinutes(2));
            world.stateIn(new MemoryStore());
            world.desire(Docs.of(OTHER));
            deny(world, "ec2:DescribeVpcs");
            world.run(Duration.ofMinutes(15));
            assertThat(world.owned()).containsOnlyKeys("Alarm/other", "Vpc/main");
            world.twin.faults().clear();

            world.run(Duration.ofMinutes(10));

            assertThat(world.owned()).as(world.describe()).containsOnlyKeys("Alarm/other");
        }
    }

    @Test
    void whatIsDesiredStaysKnownWithoutTheSearch() {
        try (World world = new World()) {
            world.desire(Docs.of(CLUSTER));
            deny(world, "ecs:ListClusters");

            world.converged();
            world.run(Duration.ofMinutes(7));

            assertThat(reasons(world)).containsExactly("OrphanSearchFailed");
            assertThat(world.events("ReadDenied")).isEmpty();
            assertThat(world.status("EcsCluster/main")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void whatThereIsMoreOfIsToldThoughNothingIsKnownOfIt() {
        try (World world = new World()) {
            world.desire(Docs.of(OTHER, Docs.bucket("left", ""))).converged();
            // The tagging API shows the new object late.
            world.clock.advance(Duration.ofMinutes(2));
            world.stateIn(new MemoryStore());
            world.desire(Docs.of(OTHER));
            deny(world, "s3:GetBucketEncryption");

            world.run(Duration.ofMinutes(2));

            assertThat(world.events("OrphanSearchFailed"))
                    .singleElement()
                    .satisfies(e ->
                            assertThat(e.message()).contains("s3:GetEncryptionConfiguration", "Bucket in eu-west-2"));
        }
    }

    @Test
    void aDeniedReadOfWhatIsDesiredIsToldWhenItBeginsAndWhenItEnds() {
        try (World world = new World()) {
            world.desire(Docs.of(LOG_GROUP));
            deny(world, "logs:ListTagsForResource");

            world.run(Duration.ofMinutes(5));

            // By then the tagging API returns the tags that the operator may not read from the log group itself.
            assertThat(world.status("LogGroup/app")).isEqualTo(Status.Synced);
            assertThat(world.events("ReadDenied")).singleElement().satisfies(e -> {
                assertThat(e.resource()).hasToString("LogGroup/app");
                assertThat(e.message()).startsWith("logs:ListTagsForResource AccessDeniedException: ");
            });
            assertThat(world.events("ReadRestored")).hasSize(1);
        }
    }
}
