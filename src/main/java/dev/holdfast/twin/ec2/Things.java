package dev.holdfast.twin.ec2;

import dev.holdfast.twin.store.TwinItem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import software.amazon.awssdk.services.ec2.model.Address;
import software.amazon.awssdk.services.ec2.model.InternetGateway;
import software.amazon.awssdk.services.ec2.model.NatGateway;
import software.amazon.awssdk.services.ec2.model.NetworkAcl;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Vpc;
import software.amazon.awssdk.services.ec2.model.VpcEndpoint;

/**
 * Everything that exists, of whatever type.
 *
 * @param type as in an ARN
 * @param bornWithVpc AWS made it together with its VPC, and takes it away with it
 */
record Things(String type, String id, boolean bornWithVpc, String detail) {

    static List<Things> of(Ec2State s) {
        List<Things> all = new ArrayList<>();
        add(all, "vpc", s.vpcs.all(), Vpc::vpcId, v -> false, v -> v + " " + s.vpcSwitches.get(v.vpcId()));
        add(all, "subnet", s.subnets.all(), Subnet::subnetId, x -> false, Subnet::toString);
        add(
                all,
                "internet-gateway",
                s.gateways.all(),
                InternetGateway::internetGatewayId,
                x -> false,
                InternetGateway::toString);
        add(all, "elastic-ip", s.addresses.all(), Address::allocationId, x -> false, Address::toString);
        add(
                all,
                "security-group",
                s.groups.all(),
                SecurityGroupState::id,
                g -> g.head().groupName().equals(GroupCalls.DEFAULT),
                SecurityGroupState::toString);
        s.groups
                .all()
                .forEach(g -> add(
                        all,
                        "security-group-rule",
                        g.rules(),
                        SecurityGroupRule::securityGroupRuleId,
                        r -> false,
                        SecurityGroupRule::toString));
        add(
                all,
                "route-table",
                s.routeTables.all().stream().map(t -> RouteCalls.shown(s, t)).toList(),
                RouteTable::routeTableId,
                RouteCalls::isMain,
                RouteTable::toString);
        add(all, "natgateway", s.nats.all(), NatGateway::natGatewayId, x -> false, NatGateway::toString);
        add(all, "vpc-endpoint", s.endpoints.all(), VpcEndpoint::vpcEndpointId, x -> false, VpcEndpoint::toString);
        add(all, "network-acl", s.acls.all(), NetworkAcl::networkAclId, NetworkAcl::isDefault, NetworkAcl::toString);
        add(
                all,
                "network-interface",
                s.interfaces.all(),
                NetworkInterface::networkInterfaceId,
                x -> false,
                NetworkInterface::toString);
        return all;
    }

    private static <T> void add(
            List<Things> all,
            String type,
            List<T> some,
            Function<T, String> id,
            Function<T, Boolean> bornWithVpc,
            Function<T, String> detail) {
        some.forEach(t -> all.add(new Things(type, id.apply(t), bornWithVpc.apply(t), detail.apply(t))));
    }

    /** Stands by itself: a rule is part of its group, though it has an id and tags of its own. */
    boolean byItself() {
        return !type.equals("security-group-rule");
    }

    TwinItem item(Ec2State s) {
        return new TwinItem(
                "ec2:" + type + (bornWithVpc ? " default" : ""),
                id,
                s.context.arn("ec2", type + "/" + id),
                s.tagsOf(id),
                detail);
    }
}
