package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.missing;

import java.util.List;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Address;
import software.amazon.awssdk.services.ec2.model.AllocateAddressRequest;
import software.amazon.awssdk.services.ec2.model.AllocateAddressResponse;
import software.amazon.awssdk.services.ec2.model.DescribeAddressesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeAddressesResponse;
import software.amazon.awssdk.services.ec2.model.DomainType;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.ReleaseAddressRequest;
import software.amazon.awssdk.services.ec2.model.ReleaseAddressResponse;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/** Elastic IP addresses. */
interface AddressCalls extends Ec2Client {
    Filters<Address> FILTERS = Filters.of(Address::tags)
            .one("allocation-id", Address::allocationId)
            .one("association-id", Address::associationId)
            .one("domain", Address::domainAsString)
            .one("instance-id", Address::instanceId)
            .one("network-border-group", Address::networkBorderGroup)
            .one("network-interface-id", Address::networkInterfaceId)
            .one("network-interface-owner-id", Address::networkInterfaceOwnerId)
            .one("private-ip-address", Address::privateIpAddress)
            .one("public-ip", Address::publicIp);

    Ec2State state();

    @Override
    default AllocateAddressResponse allocateAddress(AllocateAddressRequest r) {
        Ec2State s = state();
        s.check(ResourceType.ELASTIC_IP, r.tagSpecifications());
        String group = r.networkBorderGroup() == null ? s.context.region() : r.networkBorderGroup();
        // Those of the local zones that the account is taken to have opted in to: eu-west-2-wl1-lon-wlz-1.
        if (!group.equals(s.context.region()) && !group.startsWith(s.context.region() + "-wl1-")) {
            throw error(
                    "InvalidNetworkBorderGroup.NotFound", "The network border group '" + group + "' does not exist");
        }
        String id = s.id("eipalloc");
        String pool = r.publicIpv4Pool() == null ? "amazon" : r.publicIpv4Pool();
        Address made = Address.builder()
                .allocationId(id)
                .publicIp(unused(s))
                .domain(DomainType.VPC)
                .networkBorderGroup(group)
                .publicIpv4Pool(pool)
                .build();
        s.addresses.put(id, made);
        s.tag(id, r.tagSpecifications());
        return AllocateAddressResponse.builder()
                .allocationId(id)
                .publicIp(made.publicIp())
                .domain(DomainType.VPC)
                .networkBorderGroup(group)
                .publicIpv4Pool(pool)
                .build();
    }

    private static String unused(Ec2State s) {
        while (true) {
            String address = "3.8." + s.context.random(256) + "." + (1 + s.context.random(254));
            if (s.addresses.all().stream().noneMatch(a -> a.publicIp().equals(address))) {
                return address;
            }
        }
    }

    /** Answers everything at once: this call has no pages. */
    @Override
    default DescribeAddressesResponse describeAddresses(DescribeAddressesRequest r) {
        Ec2State s = state();
        List<Address> all = s.addresses.visible().stream()
                .map(a -> a.toBuilder().tags(s.tagList(a.allocationId())).build())
                .toList();
        for (String id : r.allocationIds()) {
            if (all.stream().noneMatch(a -> a.allocationId().equals(id))) {
                throw Ec2Errors.noAllocation(id);
            }
        }
        List<Address> asked = all.stream()
                .filter(a -> r.allocationIds().isEmpty() || r.allocationIds().contains(a.allocationId()))
                .filter(a -> r.publicIps().isEmpty() || r.publicIps().contains(a.publicIp()))
                .toList();
        return DescribeAddressesResponse.builder()
                .addresses(FILTERS.select(asked, r.filters()))
                .build();
    }

    @Override
    default ReleaseAddressResponse releaseAddress(ReleaseAddressRequest r) {
        Ec2State s = state();
        if (r.allocationId() == null) {
            throw missing("AllocationId");
        }
        Address address = s.need(s.addresses, r.allocationId(), Ec2Errors::noAllocation);
        String group = r.networkBorderGroup() == null ? s.context.region() : r.networkBorderGroup();
        if (!group.equals(address.networkBorderGroup())) {
            throw error("InvalidAddress.NotFound", "The address '" + address.publicIp() + "' does not exist.");
        }
        NetworkInterface face = s.interfaces.get(address.networkInterfaceId());
        if (face != null && face.requesterManaged()) {
            // What EC2 says of an address that a NAT gateway holds, misleading as it is:
            // https://github.com/kubernetes/kops/issues/938
            throw error("AuthFailure", "You do not have permission to access the specified resource.");
        }
        if (address.associationId() != null) {
            throw error("InvalidIPAddress.InUse", "Address " + address.publicIp() + " is in use.");
        }
        s.drop(s.addresses, r.allocationId());
        return ReleaseAddressResponse.builder().build();
    }
}
