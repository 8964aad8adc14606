package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.missing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.model.*;

/** The creation and modification of VPC endpoints of both types. */
final class Endpoints {
    private static final String OPEN_POLICY = "{\"Version\":\"2008-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
            + "\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]}";

    /**
     * Services that do not support endpoint policies, as AWS's page and
     * <a href="https://github.com/prowler-cloud/prowler/issues/12841">a report</a> name them; AWS has more.
     *
     * @see <a href="https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html#vpce-endpoint-policy-support">
     *     View endpoint policy support</a>
     */
    private static final Set<String> WITHOUT_POLICIES = Set.of(
            "appmesh-envoy-management",
            "apprunner.requests",
            "appstream.api",
            "appstream.streaming",
            "awsconnector",
            "email-smtp",
            "transfer.server");

    private Endpoints() {}

    private static void policyAllowed(Ec2State s, String service, @Nullable String policy) {
        String start = "com.amazonaws." + s.context.region() + ".";
        if (policy != null
                && service.startsWith(start)
                && WITHOUT_POLICIES.contains(service.substring(start.length()))) {
            throw error("InvalidParameter", "The service " + service + " does not support endpoint policies");
        }
    }

    static AwsServiceException noService(@Nullable String service) {
        return error("InvalidServiceName", "The Vpc Endpoint Service '" + service + "' does not exist");
    }

    static VpcEndpoint newGateway(Ec2State s, CreateVpcEndpointRequest r, Collection<String> services) {
        if (!services.contains(r.serviceName())) {
            throw noService(r.serviceName());
        }
        VpcEndpoint made = head(s, r)
                .vpcEndpointType(VpcEndpointType.GATEWAY)
                .privateDnsEnabled(false)
                .routeTableIds(List.of())
                .subnetIds(List.of())
                .groups(List.of())
                .networkInterfaceIds(List.of())
                .dnsEntries(List.of())
                .state(State.AVAILABLE)
                .build();
        return made.toBuilder()
                .routeTableIds(tables(s, made, r.routeTableIds()))
                .build();
    }

    private static VpcEndpoint.Builder head(Ec2State s, CreateVpcEndpointRequest r) {
        s.vpcs.need(r.vpcId());
        policyAllowed(s, r.serviceName(), r.policyDocument());
        return VpcEndpoint.builder()
                .vpcEndpointId(s.id("vpce"))
                .vpcId(r.vpcId())
                .serviceName(r.serviceName())
                .serviceRegion(s.context.region())
                .ownerId(s.context.account())
                .requesterManaged(false)
                .policyDocument(r.policyDocument() == null ? OPEN_POLICY : r.policyDocument())
                .ipAddressType(r.ipAddressType() == null ? IpAddressType.IPV4 : r.ipAddressType())
                .dnsOptions(d -> d.dnsRecordIpType(DnsRecordIpType.IPV4))
                .creationTimestamp(s.context.now());
    }

    private static List<String> tables(Ec2State s, VpcEndpoint e, List<String> asked) {
        for (String id : asked) {
            RouteTable table = s.routeTables.need(id);
            if (!table.vpcId().equals(e.vpcId())) {
                throw error(
                        "InvalidParameter", "Route table " + id + " and VPC " + e.vpcId() + " are different networks");
            }
            if (s.endpoints.stream()
                    .anyMatch(x -> x.serviceName().equals(e.serviceName())
                            && x.routeTableIds().contains(id))) {
                throw error(
                        "RouteAlreadyExists",
                        "route table " + id + " already has a route with destination-prefix-list-id of "
                                + e.serviceName());
            }
        }
        return asked;
    }

    static VpcEndpoint newInterface(Ec2State s, CreateVpcEndpointRequest r) {
        String service = r.serviceName();
        if (service == null) {
            throw missing("serviceName");
        }
        String everywhere = service.startsWith("cn.") ? service.substring("cn.".length()) : service;
        if (!everywhere.startsWith("com.amazonaws." + s.context.region() + ".")
                && !everywhere.startsWith("com.amazonaws.vpce.")) {
            throw noService(service);
        }
        VpcEndpoint made = head(s, r)
                .vpcEndpointType(VpcEndpointType.INTERFACE)
                .privateDnsEnabled(r.privateDnsEnabled() == null || r.privateDnsEnabled())
                .routeTableIds(List.of())
                .dnsEntries(DnsEntry.builder()
                        .dnsName(s.id("vpce") + "." + service.substring(service.lastIndexOf('.') + 1) + "."
                                + s.context.region() + ".vpce.amazonaws.com")
                        .hostedZoneId("Z7K1066E3PUKB")
                        .build())
                .state(State.PENDING)
                .build();
        if (made.privateDnsEnabled()) {
            privateDnsAllowed(s, made);
        }
        List<GroupIdentifier> groups = r.securityGroupIds().isEmpty()
                ? s.groups.stream()
                        .filter(g ->
                                g.vpcId().equals(r.vpcId()) && g.groupName().equals(Ec2State.DEFAULT))
                        .map(g -> group(s, made, g.groupId()))
                        .toList()
                : r.securityGroupIds().stream().map(g -> group(s, made, g)).toList();
        zonesDiffer(s, made, r.subnetIds());
        return faces(s, made, groups, r.subnetIds());
    }

    private static void privateDnsAllowed(Ec2State s, VpcEndpoint e) {
        Vpc vpc = s.vpcs.need(e.vpcId());
        if (!VpcCalls.isOn(s, vpc.vpcId(), VpcCalls.DNS_SUPPORT)
                || !VpcCalls.isOn(s, vpc.vpcId(), VpcCalls.DNS_HOSTNAMES)) {
            throw error(
                    "InvalidParameter",
                    "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to"
                            + " true for " + e.vpcId());
        }
        if (s.endpoints.stream()
                .anyMatch(x -> !x.vpcEndpointId().equals(e.vpcEndpointId())
                        && x.vpcId().equals(e.vpcId())
                        && x.serviceName().equals(e.serviceName())
                        && x.privateDnsEnabled())) {
            throw error(
                    "InvalidParameter",
                    "private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
                            + e.serviceName() + " in the VPC " + e.vpcId());
        }
    }

    private static GroupIdentifier group(Ec2State s, VpcEndpoint e, String id) {
        SecurityGroup group = s.groups.need(id);
        if (!group.vpcId().equals(e.vpcId())) {
            throw error("InvalidParameter", "Security group " + id + " does not belong to VPC " + e.vpcId());
        }
        return GroupIdentifier.builder()
                .groupId(id)
                .groupName(group.groupName())
                .build();
    }

    private static void zonesDiffer(Ec2State s, VpcEndpoint e, Collection<String> subnets) {
        Set<String> zones = new HashSet<>();
        for (String id : subnets) {
            Subnet subnet = s.subnets.need(id);
            if (!subnet.vpcId().equals(e.vpcId())) {
                throw error("InvalidParameter", "Subnet " + id + " does not belong to VPC " + e.vpcId());
            }
            if (!zones.add(subnet.availabilityZone())) {
                throw error(
                        "DuplicateSubnetsInSameZone",
                        "Found another VPC endpoint subnet in the availability zone of " + id
                                + ". VPC endpoint subnets should be in different availability zones supported by the"
                                + " VPC endpoint service.");
            }
        }
    }

    /**
     * Gives the endpoint one interface with these groups in each subnet, and deletes its interfaces in other subnets.
     */
    private static VpcEndpoint faces(
            Ec2State s, VpcEndpoint e, List<GroupIdentifier> groups, Collection<String> subnets) {
        List<String> groupIds = groups.stream().map(GroupIdentifier::groupId).toList();
        List<String> faces = new ArrayList<>();
        Set<String> covered = new HashSet<>();
        for (String id : e.networkInterfaceIds()) {
            var face = s.interfaces.need(id);
            if (subnets.contains(face.subnetId())) {
                InterfaceCalls.regroup(s, id, groupIds);
                covered.add(face.subnetId());
                faces.add(id);
            } else {
                s.leave(id);
            }
        }
        for (String subnet : subnets) {
            if (!covered.contains(subnet)) {
                faces.add(InterfaceCalls.make(
                                s,
                                subnet,
                                groupIds,
                                "VPC Endpoint Interface " + e.vpcEndpointId(),
                                NetworkInterfaceType.VPC_ENDPOINT,
                                true)
                        .networkInterfaceId());
            }
        }
        return e.toBuilder()
                .subnetIds(List.copyOf(subnets))
                .networkInterfaceIds(faces)
                .groups(groups.stream()
                        .map(g -> SecurityGroupIdentifier.builder()
                                .groupId(g.groupId())
                                .groupName(g.groupName())
                                .build())
                        .toList())
                .build();
    }

    static VpcEndpoint modified(Ec2State s, VpcEndpoint old, ModifyVpcEndpointRequest r) {
        policyAllowed(s, old.serviceName(), r.policyDocument());
        VpcEndpoint.Builder now = old.toBuilder();
        if (r.policyDocument() != null) {
            now.policyDocument(r.policyDocument());
        } else if (Boolean.TRUE.equals(r.resetPolicy())) {
            now.policyDocument(OPEN_POLICY);
        }
        if (old.vpcEndpointType() == VpcEndpointType.GATEWAY) {
            tables(s, old, r.addRouteTableIds());
            return now.routeTableIds(changed(old.routeTableIds(), r.addRouteTableIds(), r.removeRouteTableIds()))
                    .build();
        }
        if (r.privateDnsEnabled() != null) {
            if (r.privateDnsEnabled() && !old.privateDnsEnabled()) {
                privateDnsAllowed(s, old);
            }
            now.privateDnsEnabled(r.privateDnsEnabled());
        }
        List<String> subnets = changed(old.subnetIds(), r.addSubnetIds(), r.removeSubnetIds());
        zonesDiffer(s, old, subnets);
        List<String> groups = changed(
                old.groups().stream().map(SecurityGroupIdentifier::groupId).toList(),
                r.addSecurityGroupIds(),
                r.removeSecurityGroupIds());
        return faces(s, now.build(), groups.stream().map(g -> group(s, old, g)).toList(), subnets);
    }

    private static List<String> changed(List<String> old, List<String> more, List<String> less) {
        Set<String> now = new LinkedHashSet<>(old);
        now.addAll(more);
        now.removeAll(Set.copyOf(less));
        return List.copyOf(now);
    }
}
