package dev.holdfast.twin.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.AvailabilityZone;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.Vpc;

class TwinEc2Test {
    private final TwinSettings settings = new TwinSettings();
    private final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final TwinEc2 ec2 = new TwinAccount("123456789012", clock, settings, 1).service("eu-west-2", TwinEc2.class);

    private static void refuses(String code, ThrowingCallable call) {
        Ec2Exception refusal = catchThrowableOfType(Ec2Exception.class, call);
        assertThat(refusal).as(code).isNotNull();
        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(code);
        assertThat(refusal.statusCode()).isEqualTo(400);
    }

    private String vpc(String cidr) {
        return ec2.createVpc(r -> r.cidrBlock(cidr)).vpc().vpcId();
    }

    private String subnet(String vpcId, String cidr) {
        return ec2.createSubnet(r -> r.vpcId(vpcId).cidrBlock(cidr)).subnet().subnetId();
    }

    private String group(String vpcId, String name) {
        return ec2.createSecurityGroup(r -> r.vpcId(vpcId).groupName(name).description("x"))
                .groupId();
    }

    private static IpPermission tcp(int port) {
        return IpPermission.builder()
                .ipProtocol("tcp")
                .fromPort(port)
                .toPort(port)
                .ipRanges(x -> x.cidrIp("1.2.3.4/8"))
                .build();
    }

    private static IpPermission from(String groupId) {
        return IpPermission.builder()
                .ipProtocol("-1")
                .userIdGroupPairs(x -> x.groupId(groupId))
                .build();
    }

    @Test
    void aVpcIsBornWithWhatIsAwsOwn() {
        vpc("10.0.0.0/16");

        assertThat(ec2.inventory())
                .extracting(TwinItem::type)
                .contains(
                        "ec2:vpc", "ec2:security-group default", "ec2:route-table default", "ec2:network-acl default");
        SecurityGroup born =
                ec2.describeSecurityGroups(r -> {}).securityGroups().getFirst();
        assertThat(born.groupName()).isEqualTo("default");
        refuses("CannotDelete", () -> ec2.deleteSecurityGroup(r -> r.groupId(born.groupId())));
    }

    @Test
    void aVpcIsNotDeletedWithWhatStandsInIt() {
        String id = vpc("10.0.0.0/16");
        String subnet = subnet(id, "10.0.0.0/24");
        refuses("DependencyViolation", () -> ec2.deleteVpc(r -> r.vpcId(id)));

        ec2.deleteSubnet(r -> r.subnetId(subnet));
        ec2.deleteVpc(r -> r.vpcId(id));

        assertThat(ec2.inventory()).isEmpty();
        refuses("InvalidVpcID.NotFound", () -> ec2.describeVpcs(r -> r.vpcIds(id)));
        assertThat(ec2.describeVpcs(r -> r.filters(f -> f.name("vpc-id").values(id)))
                        .vpcs())
                .isEmpty();
    }

    @Test
    void rangesAreMaskedAndMayNotOverlapOrReachOut() {
        String id = vpc("10.0.3.4/16");
        assertThat(ec2.vpc(id).cidrBlock()).isEqualTo("10.0.0.0/16");
        subnet(id, "10.0.1.0/24");

        refuses("InvalidSubnet.Conflict", () -> subnet(id, "10.0.0.0/23"));
        refuses("InvalidSubnet.Range", () -> subnet(id, "10.1.0.0/24"));
        refuses("InvalidSubnet.Range", () -> subnet(id, "10.0.9.0/29"));
        refuses("InvalidVpc.Range", () -> vpc("10.0.0.0/8"));
        refuses("InvalidParameterValue", () -> vpc("10.0.0"));
        refuses(
                "InvalidParameterValue",
                () -> ec2.createSubnet(r -> r.vpcId(id).cidrBlock("10.0.8.0/24").availabilityZone("us-east-1a")));
    }

    @Test
    void interfacesHoldTheirSubnetAndTheirGroupsForAWhileAfterTheyWereLetGo() {
        String id = vpc("10.0.0.0/16");
        String subnet = subnet(id, "10.0.0.0/24");
        String group = group(id, "alb");
        String face = ec2.createInterface(subnet, List.of(group), "ELB app/x/1", true);
        assertThat(ec2.networkInterface(face).privateIpAddress()).isEqualTo("10.0.0.4");
        assertThat(ec2.describeSubnets(r -> {}).subnets().getFirst().availableIpAddressCount())
                .isEqualTo(250);

        ec2.deleteInterface(face);
        refuses("DependencyViolation", () -> ec2.deleteSubnet(r -> r.subnetId(subnet)));
        refuses("DependencyViolation", () -> ec2.deleteSecurityGroup(r -> r.groupId(group)));
        clock.advance(Duration.ofMinutes(1));

        ec2.deleteSubnet(r -> r.subnetId(subnet));
        ec2.deleteSecurityGroup(r -> r.groupId(group));
        assertThat(ec2.vpcOf(subnet)).isNull();
    }

    @Test
    void aGatewayStaysWhilePublicAddressesAreMapped() {
        String id = vpc("10.0.0.0/16");
        String gateway = ec2.createInternetGateway(r -> {}).internetGateway().internetGatewayId();
        ec2.attachInternetGateway(r -> r.internetGatewayId(gateway).vpcId(id));
        String face = ec2.createInterface(subnet(id, "10.0.0.0/24"), List.of(), "ELB app/x/1", true);
        ec2.mapPublicAddress(face);

        refuses(
                "DependencyViolation",
                () -> ec2.detachInternetGateway(
                        r -> r.internetGatewayId(gateway).vpcId(id)));
        refuses("DependencyViolation", () -> ec2.deleteInternetGateway(r -> r.internetGatewayId(gateway)));
        refuses(
                "Resource.AlreadyAssociated",
                () -> ec2.attachInternetGateway(
                        r -> r.internetGatewayId(gateway).vpcId(id)));
    }

    @Test
    void aGroupThatAnotherRefersToIsNotDeleted() {
        String id = vpc("10.0.0.0/16");
        String a = group(id, "a");
        String b = group(id, "b");
        ec2.authorizeSecurityGroupIngress(r -> r.groupId(b).ipPermissions(from(a)));

        refuses("DependencyViolation", () -> ec2.deleteSecurityGroup(r -> r.groupId(a)));
        ec2.revokeSecurityGroupIngress(r -> r.groupId(b).ipPermissions(from(a)));

        ec2.deleteSecurityGroup(r -> r.groupId(a));
        refuses(
                "InvalidGroup.NotFound",
                () -> ec2.authorizeSecurityGroupIngress(r -> r.groupId(b).ipPermissions(from(a))));
    }

    @Test
    void rulesAreTakenWholeOrNotAtAll() {
        String group = group(vpc("10.0.0.0/16"), "a");
        ec2.authorizeSecurityGroupIngress(r -> r.groupId(group).ipPermissions(tcp(80)));

        refuses(
                "InvalidPermission.Duplicate",
                () -> ec2.authorizeSecurityGroupIngress(r -> r.groupId(group).ipPermissions(tcp(81), tcp(80))));
        refuses(
                "InvalidPermission.NotFound",
                () -> ec2.revokeSecurityGroupIngress(r -> r.groupId(group).ipPermissions(tcp(80), tcp(81))));

        IpPermission only = ec2.describeSecurityGroups(r -> r.groupIds(group))
                .securityGroups()
                .getFirst()
                .ipPermissions()
                .getFirst();
        assertThat(only.fromPort()).isEqualTo(80);
        assertThat(only.ipRanges())
                .singleElement()
                .satisfies(x -> assertThat(x.cidrIp()).isEqualTo("1.0.0.0/8"));
    }

    @Test
    void groupsAreNamedAsAwsHasIt() {
        String id = vpc("10.0.0.0/16");
        group(id, "a");
        group(vpc("10.1.0.0/16"), "a");

        refuses("InvalidGroup.Duplicate", () -> group(id, "a"));
        refuses("InvalidParameterValue", () -> group(id, "sg-a"));
        refuses("InvalidParameterValue", () -> group(id, "ä"));
        refuses(
                "MissingParameter",
                () -> ec2.createSecurityGroup(r -> r.vpcId(id).groupName("b")));
        refuses(
                "VPCIdNotSpecified",
                () -> ec2.createSecurityGroup(r -> r.groupName("b").description("b")));
    }

    @Test
    void filtersAreJoinedAndTakeWildcards() {
        String id = vpc("10.0.0.0/16");
        vpc("10.1.0.0/16");
        ec2.createTags(r ->
                r.resources(id).tags(Tag.builder().key("env").value("dev-1").build()));

        assertThat(ec2.describeVpcs(r -> r.filters(
                                f -> f.name("tag:env").values("prod", "dev-*"),
                                f -> f.name("cidr").values("10.?.0.0/16")))
                        .vpcs())
                .extracting(Vpc::vpcId)
                .containsExactly(id);
        refuses(
                "InvalidParameterValue",
                () -> ec2.describeVpcs(r -> r.filters(f -> f.name("no-such").values("x"))));
    }

    @Test
    void pagesAreAsLongAsAsked() {
        for (int i = 0; i < 6; i++) {
            vpc("10." + i + ".0.0/16");
        }

        var first = ec2.describeVpcs(r -> r.maxResults(5));

        assertThat(first.vpcs()).hasSize(5);
        assertThat(ec2.describeVpcs(r -> r.maxResults(5).nextToken(first.nextToken()))
                        .vpcs())
                .hasSize(1);
        refuses("InvalidParameterValue", () -> ec2.describeVpcs(r -> r.maxResults(1)));
        refuses(
                "InvalidParameterCombination",
                () -> ec2.describeVpcs(
                        r -> r.maxResults(5).vpcIds(first.vpcs().getFirst().vpcId())));
    }

    @Test
    void tagsAreCheckedAsAwsChecksThem() {
        String id = vpc("10.0.0.0/16");

        refuses(
                "InvalidParameterValue",
                () -> ec2.createTags(r -> r.resources(id)
                        .tags(Tag.builder().key("aws:x").value("").build())));
        refuses(
                "InvalidVpcID.NotFound",
                () -> ec2.createTags(r -> r.resources("vpc-1")
                        .tags(Tag.builder().key("x").value("").build())));
        refuses(
                "InvalidParameterValue",
                () -> ec2.createVpc(
                        r -> r.cidrBlock("10.0.0.0/16").tagSpecifications(t -> t.resourceType(ResourceType.SUBNET))));
    }

    @Test
    void oneAttributeACall() {
        String id = vpc("10.0.0.0/16");

        refuses(
                "InvalidParameterCombination",
                () -> ec2.modifyVpcAttribute(
                        r -> r.vpcId(id).enableDnsSupport(b -> b.value(true)).enableDnsHostnames(b -> b.value(true))));
    }

    @Test
    void addressesInUseAreNotReleased() {
        String id = vpc("10.0.0.0/16");
        String allocation = ec2.allocateAddress(r -> {}).allocationId();
        String gateway = ec2.createInternetGateway(r -> {}).internetGateway().internetGatewayId();
        ec2.attachInternetGateway(r -> r.internetGatewayId(gateway).vpcId(id));
        String subnet = subnet(id, "10.0.0.0/24");
        String nat = ec2.createNatGateway(r -> r.subnetId(subnet).allocationId(allocation))
                .natGateway()
                .natGatewayId();
        refuses("AuthFailure", () -> ec2.releaseAddress(r -> r.allocationId(allocation)));

        ec2.deleteNatGateway(r -> r.natGatewayId(nat));
        clock.advance(Duration.ofMinutes(2));
        ec2.releaseAddress(r -> r.allocationId(allocation));

        refuses("InvalidAllocationID.NotFound", () -> ec2.describeAddresses(r -> r.allocationIds(allocation)));
        assertThat(ec2.describeNatGateways(r -> {}).natGateways())
                .singleElement()
                .satisfies(n -> assertThat(n.stateAsString()).isEqualTo("deleted"));
    }

    @Test
    void namesTheZonesOfItsRegion() {
        assertThat(ec2.describeAvailabilityZones(r -> {}).availabilityZones())
                .extracting(AvailabilityZone::zoneName)
                .containsExactly("eu-west-2a", "eu-west-2b", "eu-west-2c");
    }

    @Test
    void theSameStateHasTheSameInventory() {
        vpc("10.0.0.0/16");
        TwinEc2 twin = new TwinAccount("123456789012", clock, settings, 1).service("eu-west-2", TwinEc2.class);
        twin.createVpc(r -> r.cidrBlock("10.0.0.0/16"));

        assertThat(twin.inventory()).isEqualTo(ec2.inventory());
    }
}
