package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.LoggedRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Resources that are no longer desired are deleted in a possible order; retained resources stay, together with their
 * dependencies.
 */
class PruneTest {
    private static final Duration SOON = Duration.ofMinutes(5);
    private static final String SUBNET = """
        {'apiVersion':'holdfast.dev/v1','kind':'Subnet','metadata':{'name':'a'},%s'spec':{
          'vpcId':'${Vpc/main}','cidrBlock':'10.0.0.0/24','availabilityZone':'eu-west-2a'}}
        """;
    private static final String OTHER = Docs.alarm("other", 1);

    private static List<String> deletes(World world) {
        List<String> deletes = new ArrayList<>();
        for (LoggedRequest request : world.twin.log().writes()) {
            if (request.operation().contains(":Delete") && request.error() == null) {
                deletes.add(request.operation());
            }
        }
        return deletes;
    }

    @Test
    void whatHasNoDocumentAnyMoreGoesInTheInvertedOrder() {
        try (World world = new World()) {
            world.desire(
                            Docs.of(
                                    OTHER,
                                    Docs.vpc(""),
                                    SUBNET.formatted(""),
                                    Docs.group("a", "a", ""),
                                    Docs.groupOf("b", "a")),
                            "'limits':{'maxDeletes':10},")
                    .converged();

            world.desire(Docs.of(OTHER), "'limits':{'maxDeletes':10},").converged();

            assertThat(world.owned()).containsOnlyKeys("Alarm/other");
            assertThat(world.view().resources()).hasSize(1);
            assertThat(world.twin.log().writes())
                    .filteredOn(r -> r.operation().contains(":Delete"))
                    .allMatch(r -> r.error() == null);
            assertThat(deletes(world)).endsWith("ec2:DeleteVpc");
        }
    }

    @Test
    void aCircleGoesTooHoweverOftenAwsRefuses() {
        try (World world = new World()) {
            world.desire(Docs.of(OTHER, Docs.vpc(""), Docs.groupOf("a", "b"), Docs.groupOf("b", "a")))
                    .converged();

            world.desire(Docs.of(OTHER)).converged();

            assertThat(world.owned()).containsOnlyKeys("Alarm/other");
        }
    }

    @Test
    void whatIsRetainedIsOrphanedWithAllThatItNeeds() {
        try (World world = new World()) {
            String keep = "'lifecycle':{'onDelete':'Retain'},";
            world.desire(Docs.of(OTHER, Docs.vpc(""), SUBNET.formatted(keep), Docs.group("a", "a", "")))
                    .converged();

            world.desire(Docs.of(OTHER));
            world.run(SOON);

            assertThat(world.owned()).containsOnlyKeys("Alarm/other", "Subnet/a", "Vpc/main");
            assertThat(world.status("Subnet/a")).isEqualTo(Status.Orphaned);
            assertThat(world.status("Vpc/main")).isEqualTo(Status.Orphaned);
            assertThat(world.pass().writes()).isZero();
            world.restart().run(SOON);
            assertThat(world.status("Vpc/main")).isEqualTo(Status.Orphaned);
        }
    }

    @Test
    void whatHoldsDataIsRetainedUnlessItsDocumentSaidOtherwise() {
        try (World world = new World()) {
            world.desire(Docs.of(
                            OTHER, Docs.bucket("kept", ""), Docs.bucket("gone", "'lifecycle':{'onDelete':'Delete'},")))
                    .converged();

            world.desire(Docs.of(OTHER));
            world.run(SOON);

            assertThat(world.owned()).containsOnlyKeys("Alarm/other", "Bucket/kept");
            assertThat(world.status("Bucket/kept")).isEqualTo(Status.Orphaned);
        }
    }

    @Test
    void whatIsDesiredAgainIsNoOrphanAnyMore() {
        try (World world = new World()) {
            world.desire(Docs.of(OTHER, Docs.bucket("kept", ""))).converged();
            String id = world.resource("Bucket/kept").physicalId();
            world.desire(Docs.of(OTHER));
            world.run(SOON);

            world.desire(Docs.of(OTHER, Docs.bucket("kept", ""))).converged();

            assertThat(world.resource("Bucket/kept").physicalId()).isEqualTo(id);
        }
    }

    @Test
    void withoutAStateOrphansAreFoundByTheirTags() {
        try (World world = new World()) {
            world.desire(Docs.of(OTHER, Docs.vpc(""), SUBNET.formatted(""), Docs.bucket("kept", "")))
                    .converged();
            // The tagging API shows the new object late.
            world.clock.advance(Duration.ofMinutes(2));
            world.stateIn(new MemoryStore());
            world.desire(Docs.of(OTHER));

            world.run(Duration.ofMinutes(15));

            assertThat(world.owned()).as(world.describe()).containsOnlyKeys("Alarm/other", "Bucket/kept");
            assertThat(world.status("Bucket/kept")).isEqualTo(Status.Orphaned);
            assertThat(world.view().drift())
                    .filteredOn(d -> d.type() == DriftItem.DriftType.Unexpected)
                    .isNotEmpty();
        }
    }

    @Test
    void withoutPruningNothingIsDeleted() {
        try (World world = new World()) {
            world.desire(Docs.of(OTHER, Docs.vpc(""), SUBNET.formatted(""))).converged();

            world.desire(Docs.of(OTHER), "'prune':false,");
            world.run(SOON);

            assertThat(world.owned()).hasSize(3);
            assertThat(world.status("Vpc/main")).isEqualTo(Status.Orphaned);
        }
    }

    @Test
    void aStackThatVanishedIsUnmanagedAndNothingOfItIsWritten() {
        try (World world = new World()) {
            world.desire(Docs.of(OTHER, Docs.vpc(""), SUBNET.formatted(""))).converged();
            Map<String, Long> before = world.writes();
            world.file("test/stack.json", null).file("test/docs.json", null);

            world.run(Duration.ofHours(2));
            world.restart().run(Duration.ofHours(2));

            assertThat(world.writes()).isEqualTo(before);
            assertThat(world.view().status()).isEqualTo("Unmanaged");
            assertThat(world.owned()).hasSize(3);
            assertThat(world.events)
                    .filteredOn(e -> e.reason().equals("Unmanaged"))
                    .hasSize(2);
        }
    }

    /** One call and few reads, not many reads at the same instant. */
    @Test
    void whatIsOnItsWayOutIsLookedAtAsTimeGoesBy() {
        try (World world = new World()) {
            String service = Docs.service("app:1.0.0", 60);
            world.desire(service).converged();
            world.desire(
                    service.substring(0, service.indexOf("{'apiVersion':'holdfast.dev/v1','kind':'EcsService'") - 1)
                            + "]");

            PassReport report = world.pass();

            assertThat(report.requests().getOrDefault("ecs:DeleteService", 0L)).isEqualTo(1);
            assertThat(report.requests().getOrDefault("ecs:DescribeServices", 0L))
                    .isLessThan(12);
            world.converged();
            assertThat(world.owned()).doesNotContainKey("EcsService/app");
        }
    }
}
