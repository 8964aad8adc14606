package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.inUse;
import static dev.holdfast.twin.ec2.Ec2Errors.invalid;
import static dev.holdfast.twin.ec2.Ec2Errors.missing;

import inet.ipaddr.IPAddress;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AttributeBooleanValue;
import software.amazon.awssdk.services.ec2.model.CreateVpcRequest;
import software.amazon.awssdk.services.ec2.model.CreateVpcResponse;
import software.amazon.awssdk.services.ec2.model.DeleteVpcRequest;
import software.amazon.awssdk.services.ec2.model.DeleteVpcResponse;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkAclsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkAclsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeVpcAttributeRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVpcAttributeResponse;
import software.amazon.awssdk.services.ec2.model.DescribeVpcsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVpcsResponse;
import software.amazon.awssdk.services.ec2.model.ModifyVpcAttributeRequest;
import software.amazon.awssdk.services.ec2.model.ModifyVpcAttributeResponse;
import software.amazon.awssdk.services.ec2.model.NetworkAcl;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.RouteTableAssociation;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Tenancy;
import software.amazon.awssdk.services.ec2.model.Vpc;
import software.amazon.awssdk.services.ec2.model.VpcCidrBlockAssociation;
import software.amazon.awssdk.services.ec2.model.VpcCidrBlockStateCode;
import software.amazon.awssdk.services.ec2.model.VpcState;

/** VPCs, and what a VPC is born with: its main route table, its default security group and its default network ACL. */
interface VpcCalls extends Ec2Client {
    Filters<Vpc> FILTERS = Filters.of(Vpc::tags)
            .one("vpc-id", Vpc::vpcId)
            .one("cidr", Vpc::cidrBlock)
            .many(
                    "cidr-block-association.cidr-block",
                    v -> v.cidrBlockAssociationSet().stream()
                            .map(a -> a.cidrBlock())
                            .toList())
            .one("dhcp-options-id", Vpc::dhcpOptionsId)
            .one("is-default", Vpc::isDefault)
            .one("owner-id", Vpc::ownerId)
            .one("state", Vpc::stateAsString);

    Filters<NetworkAcl> ACL_FILTERS = Filters.of(NetworkAcl::tags)
            .one("network-acl-id", NetworkAcl::networkAclId)
            .one("vpc-id", NetworkAcl::vpcId)
            .one("default", NetworkAcl::isDefault)
            .one("owner-id", NetworkAcl::ownerId);

    Ec2State state();

    @Override
    default CreateVpcResponse createVpc(CreateVpcRequest r) {
        Ec2State s = state();
        s.check(ResourceType.VPC, r.tagSpecifications());
        if (r.cidrBlock() == null) {
            throw missing("cidrBlock");
        }
        IPAddress block = Blocks.parse(r.cidrBlock());
        if (block == null || !block.isIPv4()) {
            throw invalid("Value (" + r.cidrBlock()
                    + ") for parameter cidrBlock is invalid. This is not a valid CIDR block.");
        }
        if (block.getNetworkPrefixLength() < 16 || block.getNetworkPrefixLength() > 28) {
            throw error("InvalidVpc.Range", "The CIDR '" + r.cidrBlock() + "' is invalid.");
        }
        String id = s.id("vpc");
        String cidr = Blocks.text(block);
        Vpc made = Vpc.builder()
                .vpcId(id)
                .ownerId(s.context.account())
                .cidrBlock(cidr)
                .cidrBlockAssociationSet(VpcCidrBlockAssociation.builder()
                        .associationId(s.id("vpc-cidr-assoc"))
                        .cidrBlock(cidr)
                        .cidrBlockState(x -> x.state(VpcCidrBlockStateCode.ASSOCIATED))
                        .build())
                .ipv6CidrBlockAssociationSet(List.of())
                .dhcpOptionsId("dopt-" + s.context.account())
                .instanceTenancy(r.instanceTenancy() == null ? Tenancy.DEFAULT : r.instanceTenancy())
                .isDefault(false)
                .state(VpcState.AVAILABLE)
                .build();
        s.vpcs.put(id, made);
        s.vpcSwitches.put(id, new Ec2State.VpcSwitches(true, false));
        s.tag(id, r.tagSpecifications());
        bear(s, made);
        return CreateVpcResponse.builder()
                .vpc(made.toBuilder()
                        .state(VpcState.PENDING)
                        .tags(s.tagList(id))
                        .build())
                .build();
    }

    private static void bear(Ec2State s, Vpc vpc) {
        String id = vpc.vpcId();
        RouteTable table = RouteCalls.make(s, vpc);
        s.routeTables.put(
                table.routeTableId(),
                table.toBuilder()
                        .associations(RouteTableAssociation.builder()
                                .routeTableAssociationId(s.id("rtbassoc"))
                                .routeTableId(table.routeTableId())
                                .main(true)
                                .associationState(a -> a.state("associated"))
                                .build())
                        .build());
        SecurityGroupState group = GroupCalls.make(
                s,
                SecurityGroup.builder()
                        .groupName(GroupCalls.DEFAULT)
                        .description("default VPC security group")
                        .vpcId(id));
        GroupCalls.allowMembers(s, group);
        String acl = s.id("acl");
        s.acls.put(
                acl,
                NetworkAcl.builder()
                        .networkAclId(acl)
                        .vpcId(id)
                        .ownerId(s.context.account())
                        .isDefault(true)
                        .associations(List.of())
                        .entries(List.of())
                        .build());
    }

    @Override
    default DescribeVpcsResponse describeVpcs(DescribeVpcsRequest r) {
        Ec2State s = state();
        List<Vpc> all = s.vpcs.visible().stream()
                .map(v -> v.toBuilder().tags(s.tagList(v.vpcId())).build())
                .toList();
        var page = s.describe(
                all,
                Vpc::vpcId,
                Ec2Errors::noVpc,
                FILTERS,
                new Ec2State.Asked(r.vpcIds(), r.filters(), r.nextToken(), r.maxResults()),
                5);
        return DescribeVpcsResponse.builder()
                .vpcs(page.items())
                .nextToken(page.next())
                .build();
    }

    @Override
    default DescribeVpcAttributeResponse describeVpcAttribute(DescribeVpcAttributeRequest r) {
        Ec2State s = state();
        if (s.vpcs.visible(r.vpcId()) == null) {
            throw Ec2Errors.noVpc(r.vpcId());
        }
        Ec2State.VpcSwitches on = Objects.requireNonNull(s.vpcSwitches.get(r.vpcId()));
        var answer = DescribeVpcAttributeResponse.builder().vpcId(r.vpcId());
        switch (r.attribute()) {
            case ENABLE_DNS_SUPPORT -> answer.enableDnsSupport(v -> v.value(on.dnsSupport()));
            case ENABLE_DNS_HOSTNAMES -> answer.enableDnsHostnames(v -> v.value(on.dnsHostnames()));
            case ENABLE_NETWORK_ADDRESS_USAGE_METRICS -> answer.enableNetworkAddressUsageMetrics(v -> v.value(false));
            case null -> throw missing("attribute");
            default ->
                throw invalid(
                        "Value (" + r.attributeAsString() + ") for parameter attribute is invalid. Unknown attribute.");
        }
        return answer.build();
    }

    @Override
    default ModifyVpcAttributeResponse modifyVpcAttribute(ModifyVpcAttributeRequest r) {
        Ec2State s = state();
        s.need(s.vpcs, r.vpcId(), Ec2Errors::noVpc);
        long asked = Stream.of(r.enableDnsSupport(), r.enableDnsHostnames())
                .filter(Objects::nonNull)
                .count();
        if (asked > 1) {
            throw error(
                    "InvalidParameterCombination",
                    "Fields for multiple attribute types specified: enableDnsHostnames, enableDnsSupport");
        }
        if (asked == 0) {
            throw missing("attribute");
        }
        Ec2State.VpcSwitches old = Objects.requireNonNull(s.vpcSwitches.get(r.vpcId()));
        s.vpcSwitches.put(
                r.vpcId(),
                new Ec2State.VpcSwitches(
                        value(r.enableDnsSupport(), old.dnsSupport()),
                        value(r.enableDnsHostnames(), old.dnsHostnames())));
        return ModifyVpcAttributeResponse.builder().build();
    }

    private static boolean value(@Nullable AttributeBooleanValue asked, boolean old) {
        return asked == null ? old : asked.value();
    }

    @Override
    default DeleteVpcResponse deleteVpc(DeleteVpcRequest r) {
        Ec2State s = state();
        String id = r.vpcId();
        s.need(s.vpcs, id, Ec2Errors::noVpc);
        boolean held = s.subnets.all().stream().anyMatch(x -> x.vpcId().equals(id))
                || s.interfaces.all().stream().anyMatch(x -> x.vpcId().equals(id))
                || s.endpoints.all().stream().anyMatch(x -> x.vpcId().equals(id))
                || s.gateways.all().stream().anyMatch(x -> GatewayCalls.attachedTo(x, id))
                || s.groups.all().stream()
                        .anyMatch(x -> id.equals(x.head().vpcId())
                                && !x.head().groupName().equals(GroupCalls.DEFAULT))
                || s.routeTables.all().stream().anyMatch(x -> x.vpcId().equals(id) && !RouteCalls.isMain(x))
                || s.acls.all().stream().anyMatch(x -> x.vpcId().equals(id) && !x.isDefault());
        if (held) {
            throw inUse("vpc", id);
        }
        s.groups.all().stream().filter(x -> id.equals(x.head().vpcId())).forEach(x -> s.drop(s.groups, x.id()));
        s.routeTables.all().stream()
                .filter(x -> x.vpcId().equals(id))
                .forEach(x -> s.drop(s.routeTables, x.routeTableId()));
        s.acls.all().stream().filter(x -> x.vpcId().equals(id)).forEach(x -> s.drop(s.acls, x.networkAclId()));
        s.vpcSwitches.remove(id);
        s.drop(s.vpcs, id);
        return DeleteVpcResponse.builder().build();
    }

    @Override
    default DescribeNetworkAclsResponse describeNetworkAcls(DescribeNetworkAclsRequest r) {
        Ec2State s = state();
        List<NetworkAcl> all = s.acls.visible().stream()
                .map(a -> a.toBuilder().tags(s.tagList(a.networkAclId())).build())
                .toList();
        var page = s.describe(
                all,
                NetworkAcl::networkAclId,
                i -> error("InvalidNetworkAclID.NotFound", "The networkAcl ID '" + i + "' does not exist"),
                ACL_FILTERS,
                new Ec2State.Asked(r.networkAclIds(), r.filters(), r.nextToken(), r.maxResults()),
                5);
        return DescribeNetworkAclsResponse.builder()
                .networkAcls(page.items())
                .nextToken(page.next())
                .build();
    }
}
