package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

/**
 * The default security group of a VPC: AWS creates it with two rules, and recommends none (EC2.2 of Security Hub, 5.4
 * of the CIS benchmark). https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-2
 */
class DefaultSecurityGroupTest {
    private static final String RESTRICTED =
            Docs.document("Vpc", "main", "'cidrBlock':'10.0.0.0/16','restrictDefaultSecurityGroup':true");
    /** Slow facets are read within ten minutes. */
    private static final Duration A_WHILE = Duration.ofMinutes(15);

    private static SecurityGroup group(World world, String vpc) {
        List<SecurityGroup> all = world.somebody(Ec2Client.class)
                .describeSecurityGroups(r -> r.filters(
                        f -> f.name("vpc-id").values(vpc),
                        f -> f.name("group-name").values("default")))
                .securityGroups();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private static String vpc(World world) {
        return String.valueOf(world.resource("Vpc/main").physicalId());
    }

    private static void open(World world, SecurityGroup group) {
        world.somebody(Ec2Client.class)
                .authorizeSecurityGroupIngress(r -> r.groupId(group.groupId())
                        .ipPermissions(p -> p.ipProtocol("tcp")
                                .fromPort(22)
                                .toPort(22)
                                .ipRanges(x -> x.cidrIp("0.0.0.0/0").description("for a moment"))));
    }

    @Test
    void aNewVpcsGroupLosesItsRulesAndIsKeptWithoutAny() {
        try (World world = new World()) {
            String theirs = world.somebody(Ec2Client.class)
                    .createVpc(r -> r.cidrBlock("10.9.0.0/16"))
                    .vpc()
                    .vpcId();
            world.desire(Docs.of(RESTRICTED)).converged();
            SecurityGroup group = group(world, vpc(world));
            assertThat(group.ipPermissions()).isEmpty();
            assertThat(group.ipPermissionsEgress()).isEmpty();

            open(world, group);
            world.run(A_WHILE);

            assertThat(group(world, vpc(world)).ipPermissions()).isEmpty();
            assertThat(world.status("Vpc/main")).isEqualTo(Status.Synced);
            assertThat(world.view().drift())
                    .filteredOn(item -> item.resource().toString().equals("Vpc/main"))
                    .singleElement()
                    .satisfies(item -> {
                        assertThat(item.state()).isEqualTo(DriftItem.DriftState.Repaired);
                        assertThat(item.fields())
                                .extracting(FieldChange::path)
                                .containsExactly("/restrictDefaultSecurityGroup");
                    });
            // The default group carries no tag of ours, and the default group of a VPC that is not ours stays
            // unchanged.
            assertThat(group(world, vpc(world)).tags()).isEmpty();
            assertThat(group(world, theirs).ipPermissions()).hasSize(1);
            assertThat(group(world, theirs).ipPermissionsEgress()).hasSize(1);
            assertThat(world.converged().pass().writes()).isZero();
        }
    }

    @Test
    void aGroupThatNoDocumentOwnsIsNeitherReadNorChanged() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""))).converged();
            open(world, group(world, vpc(world)));

            world.run(A_WHILE);

            assertThat(group(world, vpc(world)).ipPermissions()).hasSize(2);
            assertThat(world.status("Vpc/main")).isEqualTo(Status.Synced);
            assertThat(world.twin.log().requests())
                    .filteredOn(r -> "holdfast".equals(r.app()))
                    .noneMatch(r -> r.operation().startsWith("ec2:Revoke"));
        }
    }

    /**
     * The documents own the field of an existing VPC for the first time: a pending change of this VPC only. The VPC and
     * its default group are deleted together.
     */
    @Test
    void theGroupOfAnExistingVpcIsRestrictedAndGoesWithIt() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""), Docs.alarm("a", 1))).converged();
            String vpc = vpc(world);
            world.desire(Docs.of(RESTRICTED, Docs.alarm("a", 1))).converged();
            assertThat(group(world, vpc).ipPermissionsEgress()).isEmpty();
            assertThat(vpc(world)).isEqualTo(vpc);

            world.desire(Docs.of(Docs.alarm("a", 1))).converged();

            assertThat(world.somebody(Ec2Client.class).describeVpcs().vpcs()).isEmpty();
        }
    }
}
