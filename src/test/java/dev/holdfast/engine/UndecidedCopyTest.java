package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Reason;
import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;

/**
 * The state is lost, two objects carry one ownership, and the read that distinguishes them fails: the operator chooses
 * neither.
 */
class UndecidedCopyTest {
    private static final String DOCUMENTS = """
        [{'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16'}},
         {'apiVersion':'holdfast.dev/v1','kind':'Subnet','metadata':{'name':'a'},'spec':{
          'vpcId':'${Vpc/main}','cidrBlock':'10.0.0.0/24','availabilityZone':'eu-west-2a'}}]
        """;

    private static String copied(World world, String original) {
        Ec2Client ec2 = world.somebody(Ec2Client.class);
        String vpc = ec2.createVpc(r -> r.cidrBlock("10.0.0.0/16")).vpc().vpcId();
        var tags = ec2.describeSubnets(r -> r.subnetIds(original))
                .subnets()
                .getFirst()
                .tags();
        return ec2.createSubnet(r -> r.vpcId(vpc)
                        .cidrBlock("10.0.0.0/24")
                        .availabilityZone("eu-west-2a")
                        .tagSpecifications(
                                t -> t.resourceType(ResourceType.SUBNET).tags(tags.toArray(Tag[]::new))))
                .subnet()
                .subnetId();
    }

    @Test
    void isUnknownUntilTheReferenceTellsAndThenTheCopyWaitsForAPerson() {
        try (World world = new World()) {
            // Given
            world.desire(DOCUMENTS).converged();
            String original = world.resource("Subnet/a").physicalId();
            String copy = copied(world, original);
            Map<String, Long> before = world.writes();
            world.twin.faults().add("ec2:DescribeVpcs", new TwinFault.Deny());
            world.stateIn(new MemoryStore());

            // When
            world.run(Duration.ofMinutes(3));

            // Then
            ResourceView subnet = world.resource("Subnet/a");
            assertThat(subnet.status()).as(world.describe()).isEqualTo(Status.Unknown);
            assertThat(subnet.reason()).isEqualTo(Reason.UnexpectedCopy);
            assertThat(subnet.message()).contains("several objects carry the ownership of this resource");
            assertThat(world.writes()).isEqualTo(before);

            world.twin.faults().clear();
            world.run(Duration.ofMinutes(10));
            assertThat(world.resource("Subnet/a").physicalId())
                    .as(world.describe())
                    .isEqualTo(original);
            assertThat(world.status("Subnet/a")).isEqualTo(Status.AwaitingApproval);
            assertThat(world.resource("Subnet/a").message()).contains(copy);
            assertThat(world.writes()).isEqualTo(before);
        }
    }
}
