package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.ec2.TwinEc2;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;

/**
 * AWS refuses a deletion while another object still uses the resource. The operator retries as long as necessary, names
 * the users of the resource, and takes nothing from them. A network interface of a deleted load balancer may stay for
 * an hour.
 */
class HoldersTest {
    private static final String DOCUMENTS =
            Docs.of(Docs.vpc(""), Docs.subnet("a", "10.0.0.0/24", "eu-west-2a"), Docs.group("a", "held", ""));
    private static final String LEFT_BY = "ELB app/theirs/50dc6c495c0c9188";

    /** Validation rejects an empty stack. */
    private static final String REST = Docs.of(Docs.alarm("rest", 1));

    private static World made() {
        return new World().desire(DOCUMENTS).converged();
    }

    private static TwinEc2 ec2(World world) {
        return world.account().service(World.REGION, TwinEc2.class);
    }

    private static String id(World world, String resource) {
        return String.valueOf(world.resource(resource).physicalId());
    }

    private static void assertHeld(World world, String resource, String holder) {
        assertThat(world.status(resource)).as(world.describe()).isEqualTo(Status.Failed);
        assertThat(world.resource(resource).reason()).hasToString("DEPENDENCY");
        assertThat(world.resource(resource).message()).contains("DependencyViolation", "; held by " + holder);
    }

    @Test
    void anInterfaceThatIsLeftBehindIsNamedAndLeftToWhoeverMadeIt() {
        try (World world = made()) {
            // Given
            String left = ec2(world)
                    .createInterface(id(world, "Subnet/a"), List.of(id(world, "SecurityGroup/a")), LEFT_BY, true);

            // When
            world.desire(REST).run(Duration.ofHours(1));

            // Then
            assertHeld(world, "SecurityGroup/a", left + " (" + LEFT_BY + ")");
            assertHeld(world, "Subnet/a", left + " (" + LEFT_BY + ")");
            assertThat(ec2(world).networkInterface(left)).isNotNull();
            ec2(world).deleteInterface(left);
            world.run(EngineConstants.BACKOFF_MOST.multipliedBy(3));
            assertThat(world.owned()).as(world.describe()).containsOnlyKeys("Alarm/rest");
        }
    }

    @Test
    void whatStrangersHaveInANetworkIsNamed() {
        try (World world = made()) {
            String vpc = id(world, "Vpc/main");
            String subnet = world.somebody(Ec2Client.class)
                    .createSubnet(r -> r.vpcId(vpc).cidrBlock("10.0.9.0/24").availabilityZone("eu-west-2b"))
                    .subnet()
                    .subnetId();
            String theirs = ec2(world).createInterface(subnet, List.of(), "", false);

            world.desire(REST).run(Duration.ofMinutes(10));

            assertHeld(world, "Vpc/main", theirs);
            assertThat(world.owned()).containsOnlyKeys("Vpc/main", "Alarm/rest");
        }
    }

    @Test
    void aGroupThatStrangersRulesReferToNamesTheirs() {
        try (World world = made()) {
            String held = id(world, "SecurityGroup/a");
            Ec2Client somebody = world.somebody(Ec2Client.class);
            String theirs = somebody.createSecurityGroup(r ->
                            r.vpcId(id(world, "Vpc/main")).groupName("theirs").description("theirs"))
                    .groupId();
            somebody.authorizeSecurityGroupIngress(r -> r.groupId(theirs)
                    .ipPermissions(
                            p -> p.ipProtocol("tcp").fromPort(80).toPort(80).userIdGroupPairs(g -> g.groupId(held))));

            world.desire(Docs.of(Docs.vpc(""))).run(Duration.ofMinutes(10));

            assertHeld(world, "SecurityGroup/a", theirs + " (its rules refer to the group)");
        }
    }

    @Test
    void whoeverMayNotReadWhoHoldsItIsStillToldWhatWasRefused() {
        try (World world = made()) {
            ec2(world).createInterface(id(world, "Subnet/a"), List.of(id(world, "SecurityGroup/a")), LEFT_BY, true);
            world.twin.faults().add("ec2:DescribeNetworkInterfaces", new TwinFault.Deny());

            world.desire(REST).run(Duration.ofMinutes(10));

            assertThat(world.status("SecurityGroup/a")).isEqualTo(Status.Failed);
            assertThat(world.resource("SecurityGroup/a").reason()).hasToString("DEPENDENCY");
            assertThat(world.resource("SecurityGroup/a").message())
                    .contains(
                            "DependencyViolation",
                            "; its holders cannot be read: ec2:DescribeNetworkInterfaces UnauthorizedOperation");
        }
    }
}
