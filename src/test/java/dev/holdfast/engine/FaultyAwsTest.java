package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.Health;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** Reads and writes that fail, and consequences that a failure must not have. */
class FaultyAwsTest {
    private static final long SEED = 20261127;
    /** The number of reads that a build can test; {@code -Dholdfast.denials=1000} denies all. */
    private static final int DENIALS = Integer.getInteger("holdfast.denials", 10);

    /** The page size in answers for the stack prod; 0: the page size of AWS. */
    private static final int PAGES = Integer.getInteger("holdfast.faults.pages", 0);

    static Stream<Arguments> stacks() {
        return Stream.of(Arguments.of("dev", 1), Arguments.of("prod", PAGES));
    }

    private static final Duration HOURLY = Duration.ofMinutes(67);

    @ParameterizedTest(name = "{0} in pages of {1}, 0 being as in AWS")
    @MethodSource("stacks")
    void aFifthOfAllRequestsGoesWrongAndItConvergesAllTheSame(String stack, int pageSize) {
        long seed = 7;
        System.out.println("seed " + seed);
        try (World world = new World(seed)) {
            Invariants invariants = Invariants.watch(world);
            if (stack.equals("prod")) {
                SkinClub.prod(world);
            } else {
                SkinClub.oneService(world);
            }
            world.settings.pageSize(pageSize);
            for (TwinFault fault : List.of(new TwinFault.Throttle(), new TwinFault.Fail(), new TwinFault.Cut())) {
                world.twin.faults().add(TwinFaultRule.on("*", fault).withProbability(0.07));
            }
            world.twin
                    .faults()
                    .add(TwinFaultRule.on("*", new TwinFault.StaleRead(Duration.ofSeconds(5)))
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
                .filter(i -> i.state() == DriftItem.DriftState.Repaired)
                .count();
    }

    private static int untagged(World world) {
        return (int) world.view().resources().keySet().stream()
                .filter(id -> EnumSet.of(OwnershipForm.PARENT, OwnershipForm.RECORD)
                        .contains(TestKinds.all().get(id.kind()).info().ownership()))
                .count();
    }

    /**
     * Denies each read in turn; the build takes a seeded sample. The resources that the read covers become Unknown, and
     * nothing is written. The reads are those of a pass that also searches for orphans of all kinds.
     */
    @Test
    void aDeniedReadIsNotNothingThere() {
        try (World world = new World()) {
            SkinClub.rotatingLater(SkinClub.prod(world)).converged();
            // SNS deletes a subscription that is not confirmed within 48 hours, and the operator rightly creates it
            // again. Denying all reads takes longer than that.
            SkinClub.confirmed(world);
            List<String> reads = reads(world);
            assertThat(reads).hasSizeGreaterThan(40);
            Collections.shuffle(reads, new Random(SEED));
            List<String> sample = reads.subList(0, Math.min(reads.size(), DENIALS));
            System.out.println("denied: " + sample.size() + " of " + reads.size() + " reads, seed " + SEED);

            List<String> wrong = new ArrayList<>();
            sample.forEach(read -> denied(world, read, () -> false, wrong));

            assertThat(wrong).isEmpty();
        }
    }

    @Test
    void whatBreaksBehindADeniedReadIsRepairedAfterwards() {
        try (World world = new World()) {
            SkinClub.oneService(world).converged();
            String group =
                    String.valueOf(world.resource("SecurityGroup/main-alb").physicalId());
            String alarm = world.view().resources().values().stream()
                    .filter(r -> r.id().kind().equals("Alarm"))
                    .map(r -> String.valueOf(r.physicalId()))
                    .findFirst()
                    .orElseThrow();
            List<String> wrong = new ArrayList<>();

            denied(
                    world,
                    "ec2:DescribeSecurityGroups",
                    () -> !OpenedPort.toInternet(world.somebody(Ec2Client.class), group, 22)
                            .securityGroupRules()
                            .isEmpty(),
                    wrong);
            denied(
                    world,
                    "cloudwatch:DescribeAlarms",
                    () -> {
                        world.somebody(CloudWatchClient.class).deleteAlarms(r -> r.alarmNames(alarm));
                        return true;
                    },
                    wrong);

            assertThat(wrong).isEmpty();
        }
    }

    /**
     * The operations of a pass that reads everything, slow facets and orphans included. The names are those on the
     * wire.
     */
    private static List<String> reads(World world) {
        world.clock.advance(HOURLY);
        return new ArrayList<>(new TreeSet<>(world.pass().requests().keySet()));
    }

    /** @param breaks breaks a resource, and returns whether it did */
    private static void denied(World world, String read, BooleanSupplier breaks, List<String> wrong) {
        long before = repaired(world);
        world.twin.faults().add(read.replaceFirst("^tag:", "tagging:"), new TwinFault.Deny());
        boolean broken = breaks.getAsBoolean();
        // Every slow facet and the search for orphans are due: this pass reads all of them.
        world.clock.advance(HOURLY);
        PassReport pass = world.pass();
        Map<ResourceId, ResourceView> resources = world.view().resources();
        boolean unknown = resources.values().stream().anyMatch(r -> r.status() == Status.Unknown);
        boolean said = world.view().conditions().stream()
                .anyMatch(c ->
                        Set.of("PassFailed", StackView.ORPHAN_SEARCH_FAILED).contains(c.reason()));
        if (pass.writes() > 0) {
            wrong.add(read + " denied: " + pass.writes() + " writes, the last "
                    + world.twin.log().writes().getLast());
        }
        if (!unknown && !said) {
            wrong.add(read + " denied: nothing is Unknown, and the stack says nothing");
        }
        if (resources.values().stream()
                .anyMatch(r -> r.status() == Status.Unknown
                        && r.conditions().getFirst().status() != Health.Ready.Unknown)) {
            wrong.add(read + " denied: something Unknown is called ready");
        }
        if (repaired(world) != before) {
            wrong.add(read + " denied: something is called repaired: "
                    + world.view().drift());
        }
        world.twin.faults().clear();
        world.converged();
        if (broken && repaired(world) == before) {
            wrong.add(read + ": what broke behind a denied read was never repaired");
        }
    }
}
