package dev.holdfast.twin.elbv2;

import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.ec2.TwinEc2;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Subnet;

/** Where load balancers stand in EC2: subnets, security groups, and the interfaces that hold both in use. */
final class ElbNetwork {
    record Place(String subnetId, String zone, String vpcId) {}

    private final TwinContext context;
    /** Interfaces by subnet, by the load balancer's full name. */
    private final Map<String, Map<String, String>> interfaces = new LinkedHashMap<>();

    ElbNetwork(TwinContext context) {
        this.context = context;
    }

    /** In the order asked for. */
    List<Place> places(List<String> subnets) {
        List<Place> places = new ArrayList<>();
        for (String id : subnets) {
            Subnet subnet = ec2().subnet(id);
            if (subnet == null) {
                throw ElbErrors.refused("SubnetNotFound", "The subnet ID '" + id + "' does not exist");
            }
            places.add(new Place(id, subnet.availabilityZone(), subnet.vpcId()));
        }
        return places;
    }

    /** @param orDefault whether none means the VPC's default group */
    List<String> securityGroups(List<String> asked, String vpcId, boolean orDefault) {
        if (asked.isEmpty()) {
            String group = orDefault ? ec2().defaultSecurityGroup(vpcId) : null;
            return group == null ? List.of() : List.of(group);
        }
        for (String id : asked) {
            SecurityGroup group = ec2().securityGroup(id);
            if (group == null || !vpcId.equals(group.vpcId())) {
                throw ElbErrors.refused("InvalidSecurityGroup", "The security group '" + id + "' does not exist");
            }
        }
        return List.copyOf(new TreeSet<>(asked));
    }

    /** Makes the interfaces that are missing, public ones if it faces the internet, and lets go of those in subnets that are no longer used. */
    void occupy(String loadBalancer, boolean facing, List<Place> places, List<String> securityGroups) {
        Map<String, String> mine = interfaces.computeIfAbsent(loadBalancer, n -> new LinkedHashMap<>());
        Set<String> subnets = places.stream().map(Place::subnetId).collect(Collectors.toSet());
        mine.entrySet().removeIf(e -> {
            boolean unused = !subnets.contains(e.getKey());
            if (unused) {
                ec2().deleteInterface(e.getValue());
            }
            return unused;
        });
        for (Place place : places) {
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

    /** Lets go of all; EC2 shows them for a while yet. */
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
