package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;

import java.util.Collection;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;

/**
 * Network interfaces. In the twin only other services create and delete them. They prevent the deletion of other
 * resources.
 */
interface InterfaceCalls extends Ec2Client {
    Filters FILTERS = Filters.of(
            "network-interface-id",
            "subnet-id",
            "vpc-id",
            "availability-zone",
            "description",
            "interface-type",
            "private-ip-address",
            "requester-id",
            "requester-managed",
            "status",
            "association.allocation-id",
            "association.public-ip",
            "group-id=groups.group-id");

    Ec2State state();

    @Override
    default DescribeNetworkInterfacesResponse describeNetworkInterfaces(DescribeNetworkInterfacesRequest r) {
        Ec2State s = state();
        return s.describe(
                s.interfaces, FILTERS, r, DescribeNetworkInterfacesResponse.builder(), r.networkInterfaceIds());
    }

    /** Creates an interface that is in use. */
    static NetworkInterface make(
            Ec2State s,
            String subnetId,
            Collection<String> groups,
            String description,
            NetworkInterfaceType type,
            boolean requesterManaged) {
        Subnet subnet = s.subnets.need(subnetId);
        String address = Blocks.free(
                subnet.cidrBlock(),
                s.interfaces.stream()
                        .filter(n -> n.subnetId().equals(subnetId))
                        .map(NetworkInterface::privateIpAddress)
                        .collect(Collectors.toSet()));
        if (address == null) {
            throw error(
                    "InsufficientFreeAddressesInSubnet",
                    "The specified subnet does not have enough free addresses to satisfy the request.");
        }
        NetworkInterface made = NetworkInterface.builder()
                .networkInterfaceId(s.id("eni"))
                .subnetId(subnetId)
                .vpcId(subnet.vpcId())
                .availabilityZone(subnet.availabilityZone())
                .groups(groups.stream().distinct().map(g -> member(s, g)).toList())
                .description(description)
                .interfaceType(type)
                .ownerId(s.context.account())
                .privateIpAddress(address)
                .requesterManaged(requesterManaged)
                .sourceDestCheck(true)
                .status(NetworkInterfaceStatus.IN_USE)
                .build();
        s.interfaces.put(made);
        return made;
    }

    static String mapPublic(Ec2State s, String interfaceId) {
        NetworkInterface one = s.interfaces.need(interfaceId);
        String address = "18.130." + s.context.random(256) + "." + (1 + s.context.random(254));
        s.interfaces.put(one.toBuilder()
                .association(a -> a.publicIp(address).ipOwnerId("amazon"))
                .build());
        return address;
    }

    static void regroup(Ec2State s, String interfaceId, Collection<String> groups) {
        NetworkInterface one = s.interfaces.need(interfaceId);
        s.interfaces.put(one.toBuilder()
                .groups(groups.stream().distinct().map(g -> member(s, g)).toList())
                .build());
    }

    private static GroupIdentifier member(Ec2State s, String groupId) {
        SecurityGroup group = s.groups.need(groupId);
        return GroupIdentifier.builder()
                .groupId(groupId)
                .groupName(group.groupName())
                .build();
    }
}
