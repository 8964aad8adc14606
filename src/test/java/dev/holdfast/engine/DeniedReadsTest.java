package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.Kind;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.kinds.CalledOperations;
import dev.holdfast.model.Reason;
import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import dev.holdfast.twin.ec2.TwinEc2;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Vpc;

/**
 * Each read that a kind's code can make is denied in every phase of its resources: during creation, after convergence,
 * during a failed rollout, and during deletion while another object still uses them. Nothing is created twice, no
 * existing object is overwritten, and no object remains. The test uses the kinds' own fixtures, in which every field is
 * owned.
 */
class DeniedReadsTest {
    private static final long SEED = 20261127;
    /** The number of reads that a build can test; {@code -Dholdfast.denials=1000} denies all. */
    private static final int SAMPLE = Integer.getInteger("holdfast.denials", 4);

    /** {@code -Dholdfast.denied=Vpc} denies only the reads of this kind. */
    private static final @Nullable String ONLY = System.getProperty("holdfast.denied");

    /**
     * Reads that are made only after a failed change or a loss of data. Their tests are DatabaseFailuresTest,
     * DatabaseRestoreTest and DatabaseClusterTest.
     */
    private static final Set<String> AFTER_A_LOSS = Set.of(
            "rds:DescribeDBClusterAutomatedBackups",
            "rds:DescribeDBClusterSnapshots",
            "rds:DescribeDBInstanceAutomatedBackups",
            "rds:DescribeDBSnapshots",
            "rds:DescribeEvents",
            // Only if the class of an instance changes: DatabaseCoupledTest.
            "rds:DescribeOrderableDBInstanceOptions");

    private record Case(Kind<?> kind, String read) {
        @Override
        public String toString() {
            return kind.info().name() + " without " + read;
        }
    }

    @Test
    void noReadThatIsDeniedMakesAnythingTwiceOrLeavesAnything() {
        List<Case> cases = new ArrayList<>();
        TestKinds.all().all().values().stream()
                .filter(kind -> ONLY == null || ONLY.equals(kind.info().name()))
                .forEach(kind -> reads(kind).forEach(r -> cases.add(new Case(kind, r))));
        int all = cases.size();
        Collections.shuffle(cases, new Random(SEED));
        cases.subList(Math.min(all, SAMPLE), all).clear();

        List<String> wrong = new ArrayList<>();
        Set<Case> asked = new HashSet<>();
        for (Case one : cases) {
            try (World world = new World()) {
                // The fixture of a kind has more resources than the default quotas of an account allow.
                world.settings.raiseQuotas(10);
                run(world, one, wrong, asked);
            } catch (AssertionError e) {
                wrong.add(one + ": " + e.getMessage());
            }
        }

        cases.removeAll(asked);
        System.out.println("denied: " + asked.size() + " of " + all + " reads of kinds, seed " + SEED);
        assertThat(wrong).isEmpty();
        assertThat(cases).as("reads that the engine never made").isEmpty();
    }

    /** The operations by which the code of a kind can read. */
    static Set<String> reads(Kind<?> kind) {
        Set<String> reads = new TreeSet<>(CalledOperations.of(kind));
        reads.removeIf(operation -> !operation.matches(".*:(Describe|Get|List|Batch).*")
                || operation.equals("secretsmanager:GetRandomPassword")
                || AFTER_A_LOSS.contains(operation));
        return reads;
    }

    private static void run(World world, Case one, List<String> wrong, Set<Case> asked) {
        Invariants invariants = Invariants.watch(world);
        FieldFixture fixture = java.util.Objects.requireNonNull(FieldFixture.of(one.kind()));
        TwinFaultRule denial = TwinFaultRule.on(one.read(), new TwinFault.Deny());
        String documents = fixture.documents(Map.of());
        world.twin.faults().add(denial);
        world.desire(documents, Docs.UNLIMITED);

        world.run(Duration.ofMinutes(4));
        world.twin.faults().clear();
        world.converged();
        world.owned().forEach((id, items) -> {
            if (items.size() != 1) {
                wrong.add(one + ": " + items.size() + " of " + id);
            }
        });

        // Denies again, for reads that are made only at a creation or only at a deletion.
        world.twin.faults().again(denial);
        world.clock.advance(Duration.ofMinutes(67));
        PassReport pass = world.pass();
        if (pass.writes() > 0) {
            wrong.add(one + ": " + pass.writes() + " writes over what has converged");
        }

        rolloutFails(world, one, denial, documents, wrong);
        goes(world, one, wrong);
        invariants.broken().forEach(b -> wrong.add(one + ": " + b));
        if (world.twin.log().requests().stream().anyMatch(r -> r.operation().equals(one.read()) && r.error() != null)) {
            asked.add(one);
        }
    }

    /**
     * While the read is denied, a failed rollout is not started again. Once the read is allowed, the rollout is held.
     */
    private static void rolloutFails(
            World world, Case one, TwinFaultRule denial, String documents, List<String> wrong) {
        String failing = documents.replace("example/one:1", "example/one:bad");
        if (failing.equals(documents) || !one.kind().info().name().equals("EcsService")) {
            return;
        }
        world.desire(failing, Docs.UNLIMITED);
        world.run(Duration.ofMinutes(30));
        world.twin.faults().clear();
        world.run(Duration.ofMinutes(30));
        if (world.view().resources().values().stream().noneMatch(r -> r.reason() == Reason.RolloutHeld)) {
            wrong.add(one + ": the failed rollout is not held: " + world.describe());
        }
        world.desire(documents, Docs.UNLIMITED).converged();
        world.twin.faults().again(denial);
    }

    /**
     * Resources that are no longer desired are deleted, except retained ones, once the read is allowed and no object
     * uses them.
     */
    private static void goes(World world, Case one, List<String> wrong) {
        TwinEc2 ec2 = world.account().service(World.REGION, TwinEc2.class);
        List<String> subnets = new ArrayList<>();
        List<String> holders = new ArrayList<>();
        for (Vpc vpc : ec2.describeVpcs().vpcs()) {
            List<String> inside = ec2.describeSubnets().subnets().stream()
                    .filter(s -> s.vpcId().equals(vpc.vpcId()))
                    .map(Subnet::subnetId)
                    .toList();
            if (inside.isEmpty()) {
                inside = List.of(ec2.createSubnet(r ->
                                r.vpcId(vpc.vpcId()).cidrBlock(vpc.cidrBlock().replaceFirst("/.*", "/28")))
                        .subnet()
                        .subnetId());
                subnets.addAll(inside);
            }
            inside.forEach(s -> holders.add(ec2.createInterface(s, groups(ec2, vpc.vpcId()), "theirs", true)));
        }
        world.desire(Docs.of(Docs.alarm("rest", 1)), Docs.UNLIMITED);
        world.run(Duration.ofMinutes(20));
        world.twin.faults().clear();
        holders.forEach(ec2::deleteInterface);
        // The interface is deleted with a delay.
        world.clock.advance(Duration.ofMinutes(1));
        subnets.forEach(s -> ec2.deleteSubnet(r -> r.subnetId(s)));
        world.run(Duration.ofMinutes(40));
        world.view().resources().forEach((id, resource) -> {
            if (resource.status() != Status.Orphaned && !id.name().equals("rest")) {
                wrong.add(one + ": still there " + id + " " + resource.status() + " " + resource.message());
            }
        });
    }

    private static List<String> groups(TwinEc2 ec2, String vpcId) {
        return ec2.describeSecurityGroups().securityGroups().stream()
                .filter(g -> g.vpcId().equals(vpcId))
                .map(SecurityGroup::groupId)
                .limit(5)
                .toList();
    }
}
