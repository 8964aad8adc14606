package dev.holdfast.twin.elbv2;

import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.twin.ec2.TwinEc2;
import dev.holdfast.twin.store.TwinContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.Subnet;

/** The network of load balancers: subnets, security groups, and the interfaces that keep both in use. */
final class ElbNetwork {
    record SubnetPlace(String subnetId, String zone, String vpcId) {}

    private final TwinContext context;
    /** The interface in each subnet, by the load balancer's full name. */
    private final Map<String, Map<String, String>> interfaces = new LinkedHashMap<>();

    ElbNetwork(TwinContext context) {
        this.context = context;
    }

    /** The subnets in the order of the request. */
    List<SubnetPlace> places(List<String> subnets) {
        List<SubnetPlace> places = new ArrayList<>();
        for (String id : subnets) {
            Subnet subnet = ec2().subnet(id);
            if (subnet == null) {
                throw refused("SubnetNotFound", "The subnet ID '" + id + "' does not exist");
            }
            places.add(new SubnetPlace(id, subnet.availabilityZone(), subnet.vpcId()));
        }
        return places;
    }

    /**
     * The subnets of a load balancer, at most one in each zone. An application load balancer needs at least two zones.
     */
    List<SubnetPlace> places(List<String> subnets, boolean application) {
        List<SubnetPlace> places = places(subnets);
        Set<String> zones = new TreeSet<>();
        for (SubnetPlace place : places) {
            if (!zones.add(place.zone())) {
                throw refused(
                        "InvalidConfigurationRequest",
                        "A load balancer cannot be attached to multiple subnets in the same Availability Zone");
            }
        }
        if (places.isEmpty()) {
            throw ElbState.invalid("At least one subnet must be specified");
        }
        if (application && zones.size() < 2) {
            throw ElbState.invalid("At least two subnets in two different Availability Zones must be specified");
        }
        if (places.stream().map(SubnetPlace::vpcId).distinct().count() > 1) {
            throw refused("InvalidSubnet", "All subnets must be in the same VPC");
        }
        return places;
    }

    /** @param orDefault whether an empty request selects the VPC's default group */
    List<String> securityGroups(List<String> asked, String vpcId, boolean orDefault) {
        return asked.isEmpty() && !orDefault
                ? List.of()
                : ec2().securityGroups(
                                vpcId,
                                asked,
                                id -> refused(
                                        "InvalidSecurityGroup", "The security group '" + id + "' does not exist"));
    }

    /**
     * Creates the missing interfaces, with public addresses if the load balancer faces the internet. Deletes those in
     * subnets that are no longer used.
     */
    void occupy(String loadBalancer, boolean facing, List<SubnetPlace> places, List<String> securityGroups) {
        Map<String, String> mine = interfaces.computeIfAbsent(loadBalancer, n -> new LinkedHashMap<>());
        Set<String> subnets = places.stream().map(SubnetPlace::subnetId).collect(Collectors.toSet());
        mine.entrySet().removeIf(e -> {
            boolean unused = !subnets.contains(e.getKey());
            if (unused) {
                ec2().deleteInterface(e.getValue());
            }
            return unused;
        });
        for (SubnetPlace place : places) {
            String there = mine.get(place.subnetId());
            if (there == null) {
                String made = ec2().createInterface(place.subnetId(), securityGroups, "ELB " + loadBalancer, true);
                if (facing) {
                    ec2().mapPublicAddress(made);
                }
                mine.put(place.subnetId(), made);
            } else {
                ec2().setInterfaceGroups(there, securityGroups);
            }
        }
    }

    /** Deletes all interfaces. EC2 still returns them for a while. */
    void leave(String loadBalancer) {
        Map<String, String> mine = interfaces.remove(loadBalancer);
        if (mine != null) {
            mine.values().forEach(ec2()::deleteInterface);
        }
    }

    private TwinEc2 ec2() {
        return context.peer(TwinEc2.class);
    }
}
