package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.inUse;
import static dev.holdfast.twin.ec2.Ec2Errors.invalid;
import static dev.holdfast.twin.ec2.Ec2Errors.missing;

import dev.holdfast.twin.store.TwinTags;
import inet.ipaddr.IPAddress;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;

/** Subnets and the availability zones that they are in. */
interface SubnetCalls extends Ec2Client {
    /** Most regions have three zones. */
    List<String> ZONES = List.of("a", "b", "c");

    Filters FILTERS = Filters.of(
            "subnet-id",
            "subnet-arn",
            "vpc-id",
            "cidr-block",
            "availability-zone",
            "availability-zone-id",
            "default-for-az",
            "map-public-ip-on-launch",
            "owner-id",
            "state");

    Filters ZONE_FILTERS = Filters.of("zone-name", "zone-id", "zone-type", "region-name", "state", "opt-in-status");

    Ec2State state();

    private static List<AvailabilityZone> zones(Ec2State s) {
        String region = s.context.region();
        return ZONES.stream()
                .map(z -> AvailabilityZone.builder()
                        .zoneName(region + z)
                        .zoneId(shortened(region) + "-az" + (1 + ZONES.indexOf(z)))
                        .zoneType("availability-zone")
                        .regionName(region)
                        .groupName(region + "-zg-1")
                        .networkBorderGroup(region)
                        .optInStatus(AvailabilityZoneOptInStatus.OPT_IN_NOT_REQUIRED)
                        .state(AvailabilityZoneState.AVAILABLE)
                        .messages(List.of())
                        .build())
                .toList();
    }

    /** The start of a region's zone ids, such as {@code euw2} for {@code eu-west-2}. */
    private static String shortened(String region) {
        String[] parts = region.split("-", -1);
        return parts.length < 3 ? region : parts[0] + parts[1].charAt(0) + parts[2];
    }

    @Override
    default DescribeAvailabilityZonesResponse describeAvailabilityZones(DescribeAvailabilityZonesRequest r) {
        Ec2State s = state();
        for (String name : r.zoneNames()) {
            if (zones(s).stream().noneMatch(z -> z.zoneName().equals(name))) {
                throw invalid("Invalid availability zone: [" + name + "]");
            }
        }
        Stream<AvailabilityZone> asked = zones(s).stream()
                .filter(z -> r.zoneIds().isEmpty() || r.zoneIds().contains(z.zoneId()))
                .filter(z -> r.zoneNames().isEmpty() || r.zoneNames().contains(z.zoneName()));
        return s.page(ZONE_FILTERS, r, DescribeAvailabilityZonesResponse.builder(), asked, 1000);
    }

    @Override
    default CreateSubnetResponse createSubnet(CreateSubnetRequest r) {
        Ec2State s = state();
        s.check(ResourceType.SUBNET, r.tagSpecifications());
        Vpc vpc = s.vpcs.need(r.vpcId());
        String cidr = range(s, vpc, r.cidrBlock());
        AvailabilityZone zone = zone(s, r.availabilityZone(), r.availabilityZoneId());
        String id = s.id("subnet");
        Subnet made = Subnet.builder()
                .subnetId(id)
                .subnetArn(s.context.arn("ec2", "subnet/" + id))
                .vpcId(vpc.vpcId())
                .ownerId(s.context.account())
                .cidrBlock(cidr)
                .ipv6CidrBlockAssociationSet(List.of())
                .availabilityZone(zone.zoneName())
                .availabilityZoneId(zone.zoneId())
                .assignIpv6AddressOnCreation(false)
                .defaultForAz(false)
                .enableDns64(false)
                .ipv6Native(false)
                .mapCustomerOwnedIpOnLaunch(false)
                .mapPublicIpOnLaunch(false)
                .privateDnsNameOptionsOnLaunch(p -> p.hostnameType(HostnameType.IP_NAME)
                        .enableResourceNameDnsARecord(false)
                        .enableResourceNameDnsAAAARecord(false))
                .state(SubnetState.AVAILABLE)
                .build();
        s.subnets.add(made, TwinTags.in(r));
        return CreateSubnetResponse.builder().subnet(s.subnets.shown(made)).build();
    }

    private static String range(Ec2State s, Vpc vpc, @Nullable String asked) {
        if (asked == null) {
            throw missing("cidrBlock");
        }
        IPAddress block = Blocks.parse(asked);
        if (block == null || !block.isIPv4()) {
            throw invalid("Value (" + asked + ") for parameter cidrBlock is invalid. This is not a valid CIDR block.");
        }
        String cidr = Blocks.text(block);
        if (block.getNetworkPrefixLength() < 16
                || block.getNetworkPrefixLength() > 28
                || !Blocks.contains(vpc.cidrBlock(), cidr)) {
            throw error("InvalidSubnet.Range", "The CIDR '" + asked + "' is invalid.");
        }
        if (s.subnets.stream().anyMatch(x -> x.vpcId().equals(vpc.vpcId()) && Blocks.overlap(x.cidrBlock(), cidr))) {
            throw error("InvalidSubnet.Conflict", "The CIDR '" + asked + "' conflicts with another subnet");
        }
        return cidr;
    }

    private static AvailabilityZone zone(Ec2State s, @Nullable String name, @Nullable String zoneId) {
        List<AvailabilityZone> zones = zones(s);
        if (name == null && zoneId == null) {
            return zones.getFirst();
        }
        return zones.stream()
                .filter(z ->
                        name == null ? z.zoneId().equals(zoneId) : z.zoneName().equals(name))
                .findFirst()
                .orElseThrow(() -> invalid("Value (" + (name == null ? zoneId : name)
                        + ") for parameter availabilityZone is invalid. Subnets can currently only be created in the"
                        + " following availability zones: "
                        + String.join(
                                ", ",
                                zones.stream().map(AvailabilityZone::zoneName).toList())
                        + "."));
    }

    @Override
    default DescribeSubnetsResponse describeSubnets(DescribeSubnetsRequest r) {
        Ec2State s = state();
        return s.describe(s.subnets, FILTERS, r, DescribeSubnetsResponse.builder(), r.subnetIds());
    }

    @Override
    default ModifySubnetAttributeResponse modifySubnetAttribute(ModifySubnetAttributeRequest r) {
        Ec2State s = state();
        Subnet old = s.subnets.need(r.subnetId());
        long asked = Stream.of(
                        r.mapPublicIpOnLaunch(),
                        r.assignIpv6AddressOnCreation(),
                        r.enableDns64(),
                        r.privateDnsHostnameTypeOnLaunch(),
                        r.enableResourceNameDnsARecordOnLaunch(),
                        r.enableResourceNameDnsAAAARecordOnLaunch())
                .filter(Objects::nonNull)
                .count();
        if (asked != 1) {
            throw error(
                    "InvalidParameterCombination",
                    "Exactly one attribute of a subnet can be modified in a request; " + asked + " were specified");
        }
        Subnet.Builder now = old.toBuilder();
        if (r.mapPublicIpOnLaunch() != null) {
            now.mapPublicIpOnLaunch(r.mapPublicIpOnLaunch().value());
        }
        PrivateDnsNameOptionsOnLaunch.Builder dns = old.privateDnsNameOptionsOnLaunch().toBuilder();
        if (r.privateDnsHostnameTypeOnLaunch() != null) {
            dns.hostnameType(r.privateDnsHostnameTypeOnLaunch());
        }
        if (r.enableResourceNameDnsARecordOnLaunch() != null) {
            dns.enableResourceNameDnsARecord(
                    r.enableResourceNameDnsARecordOnLaunch().value());
        }
        s.subnets.put(now.privateDnsNameOptionsOnLaunch(dns.build()).build());
        return ModifySubnetAttributeResponse.builder().build();
    }

    @Override
    default DeleteSubnetResponse deleteSubnet(DeleteSubnetRequest r) {
        Ec2State s = state();
        String id = r.subnetId();
        s.subnets.need(id);
        if (s.interfacesIn(id).findAny().isPresent()) {
            throw inUse("subnet", id);
        }
        // The subnet's associations end with it; the route table stays.
        RouteCalls.dissociate(s, id);
        s.subnets.remove(id);
        return DeleteSubnetResponse.builder().build();
    }
}
