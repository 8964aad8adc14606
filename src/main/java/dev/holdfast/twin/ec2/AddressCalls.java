package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.invalid;
import static dev.holdfast.twin.ec2.Ec2Errors.missing;

import dev.holdfast.aws.SdkShapes;
import java.util.Objects;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;

/** Elastic IP addresses. */
interface AddressCalls extends Ec2Client {
    Filters FILTERS = Filters.of(
            "allocation-id",
            "association-id",
            "domain",
            "instance-id",
            "network-border-group",
            "network-interface-id",
            "network-interface-owner-id",
            "private-ip-address",
            "public-ip");

    Ec2State state();

    @Override
    default AllocateAddressResponse allocateAddress(AllocateAddressRequest r) {
        Ec2State s = state();
        s.check(ResourceType.ELASTIC_IP, r.tagSpecifications());
        String group = r.networkBorderGroup() == null ? s.context.region() : r.networkBorderGroup();
        // The groups of the region's Wavelength zones, to which the account counts as opted in:
        // eu-west-2-wl1-lon-wlz-1.
        if (!group.equals(s.context.region()) && !group.startsWith(s.context.region() + "-wl1-")) {
            throw error(
                    "InvalidNetworkBorderGroup.NotFound", "The network border group '" + group + "' does not exist");
        }
        Address made = s.addresses.create(
                r,
                a -> a.allocationId(s.id("eipalloc"))
                        .publicIp(unused(s))
                        .domain(DomainType.VPC)
                        .networkBorderGroup(group)
                        .publicIpv4Pool(Objects.requireNonNullElse(r.publicIpv4Pool(), "amazon")));
        return SdkShapes.copy(made, AllocateAddressResponse.builder()).build();
    }

    private static String unused(Ec2State s) {
        while (true) {
            String address = "3.8." + s.context.random(256) + "." + (1 + s.context.random(254));
            if (s.addresses.stream().noneMatch(a -> a.publicIp().equals(address))) {
                return address;
            }
        }
    }

    /** Returns all addresses, because this call has no pages. */
    @Override
    default DescribeAddressesResponse describeAddresses(DescribeAddressesRequest r) {
        Ec2State s = state();
        return DescribeAddressesResponse.builder()
                .addresses(FILTERS.select(
                                s.addresses
                                        .visible(r.allocationIds())
                                        .filter(a -> r.publicIps().isEmpty()
                                                || r.publicIps().contains(a.publicIp())),
                                r.filters())
                        .toList())
                .build();
    }

    /** EC2's address has a DNS name only if its owner has set one. The twin does not support this setting. */
    @Override
    default DescribeAddressesAttributeResponse describeAddressesAttribute(DescribeAddressesAttributeRequest r) {
        Ec2State s = state();
        if (r.attribute() != AddressAttributeName.DOMAIN_NAME) {
            throw invalid("Value (" + r.attributeAsString() + ") for parameter attribute is invalid.");
        }
        return s.addresses.page(
                r,
                DescribeAddressesAttributeResponse.builder(),
                s.addresses
                        .visible(r.allocationIds())
                        .map(a -> AddressAttribute.builder()
                                .allocationId(a.allocationId())
                                .publicIp(a.publicIp())
                                .build()));
    }

    @Override
    default DisassociateAddressResponse disassociateAddress(DisassociateAddressRequest r) {
        Ec2State s = state();
        if (r.associationId() == null) {
            throw missing("AssociationId");
        }
        if (s.addresses.stream().noneMatch(a -> r.associationId().equals(a.associationId()))) {
            throw error(
                    "InvalidAssociationID.NotFound", "The association ID '" + r.associationId() + "' does not exist");
        }
        // In the twin, only network interfaces of AWS's services have addresses.
        throw error("AuthFailure", "You do not have permission to access the specified resource.");
    }

    @Override
    default ReleaseAddressResponse releaseAddress(ReleaseAddressRequest r) {
        Ec2State s = state();
        if (r.allocationId() == null) {
            throw missing("AllocationId");
        }
        Address address = s.addresses.need(r.allocationId());
        String group = r.networkBorderGroup() == null ? s.context.region() : r.networkBorderGroup();
        if (!group.equals(address.networkBorderGroup())) {
            throw error("InvalidAddress.NotFound", "The address '" + address.publicIp() + "' does not exist.");
        }
        NetworkInterface face = s.interfaces.get(address.networkInterfaceId());
        if (face != null && face.requesterManaged()) {
            // EC2 returns this misleading error for an address that a NAT gateway uses:
            // https://github.com/kubernetes/kops/issues/938
            throw error("AuthFailure", "You do not have permission to access the specified resource.");
        }
        if (address.associationId() != null) {
            throw error("InvalidIPAddress.InUse", "Address " + address.publicIp() + " is in use.");
        }
        s.addresses.remove(r.allocationId());
        return ReleaseAddressResponse.builder().build();
    }
}
