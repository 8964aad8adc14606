package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesResponse;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceStatus;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceType;
import software.amazon.awssdk.services.ec2.model.Subnet;

/** Network interfaces: made and kept by other services here, and in the way of deletes. */
interface InterfaceCalls extends Ec2Client {
    Filters<NetworkInterface> FILTERS = Filters.of(NetworkInterface::tagSet)
            .one("network-interface-id", NetworkInterface::networkInterfaceId)
            .one("subnet-id", NetworkInterface::subnetId)
            .one("vpc-id", NetworkInterface::vpcId)
            .one("availability-zone", NetworkInterface::availabilityZone)
            .one("description", NetworkInterface::description)
            .one("interface-type", NetworkInterface::interfaceTypeAsString)
            .one("private-ip-address", NetworkInterface::privateIpAddress)
            .one("requester-id", NetworkInterface::requesterId)
            .one("requester-managed", NetworkInterface::requesterManaged)
            .one("status", NetworkInterface::statusAsString)
            .one(
                    "association.allocation-id",
                    n -> n.association() == null ? null : n.association().allocationId())
            .one(
                    "association.public-ip",
                    n -> n.association() == null ? null : n.association().publicIp())
            .many(
                    "group-id",
                    n -> n.groups().stream().map(GroupIdentifier::groupId).toList());

    Ec2State state();

    @Override
    default DescribeNetworkInterfacesResponse describeNetworkInterfaces(DescribeNetworkInterfacesRequest r) {
        Ec2State s = state();
        List<NetworkInterface> all = s.interfaces.visible().stream()
                .map(n ->
                        n.toBuilder().tagSet(s.tagList(n.networkInterfaceId())).build())
                .toList();
        var page = s.describe(
                all,
                NetworkInterface::networkInterfaceId,
                Ec2Errors::noInterface,
                FILTERS,
                new Ec2State.Asked(r.networkInterfaceIds(), r.filters(), r.nextToken(), r.maxResults()),
                5);
        return DescribeNetworkInterfacesResponse.builder()
                .networkInterfaces(page.items())
                .nextToken(page.next())
                .build();
    }

    /** Makes an interface that is in use. */
    static NetworkInterface make(
            Ec2State s,
            String subnetId,
            Collection<String> groups,
            String description,
            NetworkInterfaceType type,
            boolean requesterManaged) {
        Subnet subnet = s.need(s.subnets, subnetId, Ec2Errors::noSubnet);
        String address = Blocks.free(
                subnet.cidrBlock(),
                s.interfaces.all().stream()
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
        s.interfaces.put(made.networkInterfaceId(), made);
        return made;
    }

    static String mapPublic(Ec2State s, String interfaceId) {
        NetworkInterface one = s.need(s.interfaces, interfaceId, Ec2Errors::noInterface);
        String address = "18.130." + s.context.random(256) + "." + (1 + s.context.random(254));
        s.interfaces.put(
                interfaceId,
                one.toBuilder()
                        .association(a -> a.publicIp(address).ipOwnerId("amazon"))
                        .build());
        return address;
    }

    static void regroup(Ec2State s, String interfaceId, Collection<String> groups) {
        NetworkInterface one = s.need(s.interfaces, interfaceId, Ec2Errors::noInterface);
        s.interfaces.put(
                interfaceId,
                one.toBuilder()
                        .groups(groups.stream()
                                .distinct()
                                .map(g -> member(s, g))
                                .toList())
                        .build());
    }

    private static GroupIdentifier member(Ec2State s, String groupId) {
        SecurityGroupState group = s.need(s.groups, groupId, Ec2Errors::noGroup);
        return GroupIdentifier.builder()
                .groupId(groupId)
                .groupName(group.head().groupName())
                .build();
    }
}
