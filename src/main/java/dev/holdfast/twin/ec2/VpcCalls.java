package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.inUse;
import static dev.holdfast.twin.ec2.Ec2Errors.invalid;
import static dev.holdfast.twin.ec2.Ec2Errors.missing;

import dev.holdfast.twin.store.TwinTags;
import inet.ipaddr.IPAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;

/**
 * VPCs, and the resources that AWS creates with a VPC: main route table, default security group, default network ACL.
 */
interface VpcCalls extends Ec2Client {
    Filters FILTERS = Filters.of(
            "vpc-id",
            "cidr=cidr-block",
            "cidr-block-association.cidr-block=cidr-block-association-set.cidr-block",
            "dhcp-options-id",
            "is-default",
            "owner-id",
            "state");

    Filters ACL_FILTERS = Filters.of("network-acl-id", "vpc-id", "default=is-default", "owner-id");

    String DNS_SUPPORT = "enableDnsSupport";
    String DNS_HOSTNAMES = "enableDnsHostnames";

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
        s.vpcs.add(made, TwinTags.in(r));
        s.vpcs.stored(id).attributes().put(DNS_SUPPORT, "true");
        s.vpcs.stored(id).attributes().put(DNS_HOSTNAMES, "false");
        addDefaults(s, made);
        return CreateVpcResponse.builder()
                .vpc(s.vpcs.shown(made).toBuilder().state(VpcState.PENDING).build())
                .build();
    }

    private static void addDefaults(Ec2State s, Vpc vpc) {
        String id = vpc.vpcId();
        RouteTable table = RouteCalls.make(s, vpc);
        s.routeTables.put(table.toBuilder()
                .associations(RouteTableAssociation.builder()
                        .routeTableAssociationId(s.id("rtbassoc"))
                        .routeTableId(table.routeTableId())
                        .main(true)
                        .associationState(a -> a.state("associated"))
                        .build())
                .build());
        SecurityGroup group = GroupCalls.make(
                s,
                SecurityGroup.builder()
                        .groupName(Ec2State.DEFAULT)
                        .description("default VPC security group")
                        .vpcId(id),
                Map.of());
        GroupCalls.allowMembers(s, group);
        String acl = s.id("acl");
        s.acls.put(NetworkAcl.builder()
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
        return s.describe(s.vpcs, FILTERS, r, DescribeVpcsResponse.builder(), r.vpcIds());
    }

    @Override
    default DescribeVpcAttributeResponse describeVpcAttribute(DescribeVpcAttributeRequest r) {
        Ec2State s = state();
        String id = s.vpcs.seen(r.vpcId()).id();
        var answer = DescribeVpcAttributeResponse.builder().vpcId(id);
        switch (r.attribute()) {
            case ENABLE_DNS_SUPPORT -> answer.enableDnsSupport(v -> v.value(isOn(s, id, DNS_SUPPORT)));
            case ENABLE_DNS_HOSTNAMES -> answer.enableDnsHostnames(v -> v.value(isOn(s, id, DNS_HOSTNAMES)));
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
        s.vpcs.need(r.vpcId());
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
        Map<String, String> attributes = s.vpcs.stored(r.vpcId()).attributes();
        Stream.ofNullable(r.enableDnsSupport()).forEach(on -> attributes.put(DNS_SUPPORT, String.valueOf(on.value())));
        Stream.ofNullable(r.enableDnsHostnames())
                .forEach(on -> attributes.put(DNS_HOSTNAMES, String.valueOf(on.value())));
        return ModifyVpcAttributeResponse.builder().build();
    }

    static boolean isOn(Ec2State s, String vpcId, String attribute) {
        return "true".equals(s.vpcs.stored(vpcId).attributes().get(attribute));
    }

    @Override
    default DeleteVpcResponse deleteVpc(DeleteVpcRequest r) {
        Ec2State s = state();
        String id = r.vpcId();
        s.vpcs.need(id);
        boolean held = s.subnets.stream().anyMatch(x -> x.vpcId().equals(id))
                || s.interfaces.stream().anyMatch(x -> x.vpcId().equals(id))
                || s.endpoints.stream().anyMatch(x -> x.vpcId().equals(id))
                || s.gateways.stream().anyMatch(x -> GatewayCalls.attachedTo(x, id))
                || s.groups.stream()
                        .anyMatch(x -> id.equals(x.vpcId()) && !x.groupName().equals(Ec2State.DEFAULT))
                || s.routeTables.stream().anyMatch(x -> x.vpcId().equals(id) && !RouteCalls.isMain(x))
                || s.acls.stream().anyMatch(x -> x.vpcId().equals(id) && !x.isDefault());
        if (held) {
            throw inUse("vpc", id);
        }
        s.groups.stream()
                .filter(x -> id.equals(x.vpcId()))
                .map(SecurityGroup::groupId)
                .toList()
                .forEach(x -> GroupCalls.remove(s, x));
        s.routeTables.stream().filter(x -> x.vpcId().equals(id)).forEach(x -> s.routeTables.remove(x.routeTableId()));
        s.acls.stream().filter(x -> x.vpcId().equals(id)).forEach(x -> s.acls.remove(x.networkAclId()));
        s.vpcs.remove(id);
        return DeleteVpcResponse.builder().build();
    }

    @Override
    default DescribeNetworkAclsResponse describeNetworkAcls(DescribeNetworkAclsRequest r) {
        Ec2State s = state();
        return s.describe(s.acls, ACL_FILTERS, r, DescribeNetworkAclsResponse.builder(), r.networkAclIds());
    }
}
