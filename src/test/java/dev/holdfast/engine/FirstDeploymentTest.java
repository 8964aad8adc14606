package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Reason;
import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * A read that is denied in a first deployment does not mark a resource as lost that never existed, and a restart does
 * not change that.
 */
class FirstDeploymentTest {
    private static final long SEED = 20261129;
    /** The number of reads that a build can test; {@code -Dholdfast.first.denials=1000} denies all. */
    private static final int SAMPLE = Integer.getInteger("holdfast.first.denials", 3);

    private static final String SECRET = """
        {'apiVersion':'holdfast.dev/v1','kind':'Secret','metadata':{'name':'key'},'spec':{
          'generateSecretString':{'passwordLength':40}}}""";
    private static final String DASHBOARD = """
        {'apiVersion':'holdfast.dev/v1','kind':'Dashboard','metadata':{'name':'main'},'spec':{
          'dashboardName':'main','dashboardBody':{'widgets':[]}}}""";

    private static World stack() {
        return new World()
                .desire(Docs.of(Docs.bucket("media", ""), SECRET, DASHBOARD, Docs.vpc(""), Docs.alarm("a", 1)));
    }

    private static void deny(World world, String operation) {
        world.twin.faults().add(TwinFaultRule.on(operation, new TwinFault.Deny()));
    }

    @Test
    void aDeniedListOfDashboardsLeavesStatefulResourcesUnknownAcrossARestart() {
        try (World world = stack()) {
            deny(world, "cloudwatch:ListDashboards");

            world.run(Duration.ofMinutes(3));
            assertUndecided(world);
            world.restart().run(Duration.ofMinutes(3));
            assertUndecided(world);

            world.twin.faults().clear();
            world.converged();
            assertThat(world.owned()).containsKeys("Bucket/media", "Secret/key");
            assertThat(world.events).noneMatch(e -> e.message().contains("LostStateful"));
        }
    }

    private static void assertUndecided(World world) {
        assertThat(world.owned().keySet()).as(world.describe()).containsExactlyInAnyOrder("Alarm/a", "Vpc/main");
        for (String id : List.of("Bucket/media", "Secret/key")) {
            assertThat(world.status(id)).as(world.describe()).isEqualTo(Status.Unknown);
            assertThat(world.resource(id).reason()).isEqualTo(Reason.StateUndecided);
            assertThat(world.resource(id).message())
                    .startsWith("it is not known yet whether the state was lost")
                    .contains("cloudwatch:ListDashboards");
        }
    }

    @Test
    void anApprovalCreatesWhatIsNotDecided() {
        try (World world = stack()) {
            deny(world, "cloudwatch:ListDashboards");
            world.run(Duration.ofMinutes(3));

            world.approve(world.step("Bucket/media").hash());
            world.run(Duration.ofMinutes(3));

            assertThat(world.owned()).containsKey("Bucket/media").doesNotContainKey("Secret/key");
        }
    }

    @Test
    void whereTheStateWasLostADeniedReadReleasesNothing() {
        try (World world = stack()) {
            world.converged();
            String bucket = world.resource("Bucket/media").physicalId();
            world.somebody(software.amazon.awssdk.services.s3.S3Client.class).deleteBucket(r -> r.bucket(bucket));
            deny(world, "cloudwatch:ListDashboards");

            world.stateIn(new MemoryStore());
            world.run(Duration.ofMinutes(3));
            world.restart().run(Duration.ofMinutes(3));
            world.twin.faults().clear();
            world.run(Duration.ofMinutes(3));

            assertThat(world.owned()).doesNotContainKey("Bucket/media");
            assertThat(world.resource("Bucket/media").reason()).isEqualTo(Reason.LostStateful);
            assertThat(world.events)
                    .filteredOn(e -> e.reason().equals("StateLost"))
                    .singleElement()
                    .satisfies(e -> assertThat(e.message()).contains("Vpc/main", "Secret/key", "Bucket/media"));
        }
    }

    /**
     * The creation of the VPC takes effect, and its answer is lost: the operator does not conclude from that that the
     * state was lost.
     */
    @Test
    void whatACreationWithoutAnAnswerMadeIsOursAndNoSignOfALostState() {
        try (World world = stack()) {
            deny(world, "cloudwatch:ListDashboards");
            world.twin.faults().add(TwinFaultRule.on("ec2:CreateVpc", new TwinFault.CutAtWrite(1, true)));
            world.pass();
            world.twin.faults().clear();
            deny(world, "cloudwatch:ListDashboards");

            world.run(Duration.ofMinutes(8));

            assertThat(world.status("Vpc/main")).as(world.describe()).isEqualTo(Status.Synced);
            assertUndecided(world);
            world.twin.faults().clear();
            world.converged();
            assertThat(world.owned()).containsKeys("Bucket/media", "Secret/key");
            assertThat(world.events).noneMatch(e -> e.reason().equals("StateLost"));
        }
    }

    @Test
    void noReadThatIsDeniedMakesAnythingLost() {
        Set<String> reads = new TreeSet<>();
        try (World world = SkinClub.oneService(new World())) {
            world.unlimited().converged();
            world.twin.log().requests().stream()
                    .map(r -> r.operation())
                    .filter(o -> o.matches(".*:(Describe|Get|List|Batch|Head).*"))
                    .forEach(reads::add);
        }
        List<String> sample = new ArrayList<>(reads);
        Collections.shuffle(sample, new Random(SEED));
        sample.subList(Math.min(sample.size(), SAMPLE), sample.size()).clear();
        System.out.println("denied in a first deployment: " + sample.size() + " of " + reads.size() + ": " + sample);
        for (String read : sample) {
            try (World world = SkinClub.oneService(new World())) {
                boolean denied = sample.indexOf(read) % 2 == 0;
                world.twin
                        .faults()
                        .add(
                                read,
                                denied
                                        ? new TwinFault.Deny()
                                        : new TwinFault.Refuse(405, "MethodNotAllowed", "refused"));
                world.unlimited().run(Duration.ofMinutes(4));
                assertNothingLost(world, read);
                Set<String> before = Inventory.owned(world);
                Set<String> undecided = undecided(world);

                world.restart().run(Duration.ofMinutes(4));

                assertNothingLost(world, read);
                assertThat(undecided(world))
                        .as("held after a restart, without %s", read)
                        .containsAll(undecided);
                assertThat(Inventory.owned(world)).as("without %s", read).containsAll(before);
                world.twin.faults().clear();
                world.converged();
            }
        }
    }

    private static Set<String> undecided(World world) {
        Set<String> ids = new TreeSet<>();
        world.view().resources().forEach((id, r) -> {
            if (r.reason() == Reason.StateUndecided) {
                ids.add(id.toString());
            }
        });
        return ids;
    }

    private static void assertNothingLost(World world, String read) {
        assertThat(world.view().resources().values())
                .as("without %s", read)
                .noneMatch(r -> r.status() == Status.Stalled);
    }

    @Test
    void aReadWithinACreateThatIsRefusedTellsNothingOfTheSpec() {
        try (World world = new World()) {
            world.desire(
                    "[{'apiVersion':'holdfast.dev/v1','kind':'HostedZone','metadata':{'name':'main'},'spec':{'name':'shop.example'}}]");
            world.refuse("route53:ListHostedZonesByName", 405, "MethodNotAllowed", "not allowed here");

            world.run(Duration.ofMinutes(3));

            assertThat(world.owned()).isEmpty();
            assertThat(world.status("HostedZone/main")).as(world.describe()).isNotEqualTo(Status.Stalled);
            world.twin.faults().clear();
            world.converged();
        }
    }

    @Test
    void aReadBeforeACreateThatIsRefusedTellsNothingOfTheSpec() {
        try (World world = new World()) {
            world.desire(Docs.of(SECRET));
            world.refuse("secretsmanager:DescribeSecret", 405, "MethodNotAllowed", "not allowed here");

            world.run(Duration.ofMinutes(3));

            assertThat(world.owned()).isEmpty();
            assertThat(world.status("Secret/key")).as(world.describe()).isEqualTo(Status.Unknown);
            world.twin.faults().clear();
            world.converged();
        }
    }
}
