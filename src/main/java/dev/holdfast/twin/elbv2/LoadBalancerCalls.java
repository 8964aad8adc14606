package dev.holdfast.twin.elbv2;

import static dev.holdfast.twin.elbv2.ElbState.invalid;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TwinTags;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/** Load balancers. They are provisioned for a while, and EC2 deletes their interfaces later than the load balancer. */
interface LoadBalancerCalls extends ElasticLoadBalancingV2Client {
    /** https://docs.aws.amazon.com/general/latest/gr/elb.html */
    Map<String, String> ZONES = Map.of(
            "us-east-1", "Z35SXDOTRQ7X7K",
            "us-west-2", "Z1H1FL5HABSF5",
            "eu-west-1", "Z32O12XQLNTSW2",
            "eu-west-2", "ZHURV8PSTC4K8",
            "eu-central-1", "Z215JYRZR1TBD5");

    ElbState state();

    @Override
    default CreateLoadBalancerResponse createLoadBalancer(CreateLoadBalancerRequest r) {
        ElbState s = state();
        ElbState.checkName("The load balancer", r.name());
        if (r.name().startsWith("internal-")) {
            throw invalid("The load balancer name '" + r.name() + "' cannot begin with 'internal-'");
        }
        boolean application = r.type() == null || r.type() == LoadBalancerTypeEnum.APPLICATION;
        List<ElbNetwork.SubnetPlace> places = s.network.places(r.subnets(), application);
        String vpc = places.getFirst().vpcId();
        LoadBalancer asked = LoadBalancer.builder()
                .loadBalancerName(r.name())
                .type(application ? LoadBalancerTypeEnum.APPLICATION : LoadBalancerTypeEnum.NETWORK)
                .scheme(Objects.requireNonNullElse(r.scheme(), LoadBalancerSchemeEnum.INTERNET_FACING))
                .ipAddressType(Objects.requireNonNullElse(r.ipAddressType(), IpAddressType.IPV4))
                .vpcId(vpc)
                .availabilityZones(zones(places))
                .securityGroups(s.network.securityGroups(r.securityGroups(), vpc, application))
                .build();
        LoadBalancer there = s.balancers.stream()
                .filter(lb -> lb.loadBalancerName().equals(r.name()))
                .findFirst()
                .orElse(null);
        if (there == null) {
            there = make(s, asked, r);
            s.network.occupy(fullName(there.loadBalancerArn()), facing(there), places, there.securityGroups());
        } else if (!same(there, asked) || !TwinTags.in(r).equals(s.balancers.tags(there.loadBalancerArn()))) {
            throw refused(
                    "DuplicateLoadBalancerName",
                    "A load balancer with the same name '" + r.name() + "' exists, but with different settings");
        }
        return CreateLoadBalancerResponse.builder()
                .loadBalancers(s.balancers.shown(there))
                .build();
    }

    private static LoadBalancer make(ElbState s, LoadBalancer asked, CreateLoadBalancerRequest r) {
        boolean application = asked.type() == LoadBalancerTypeEnum.APPLICATION;
        String id = (application ? "app/" : "net/") + r.name() + "/" + s.context.hex(16);
        String arn = s.context.arn("elasticloadbalancing", "loadbalancer/" + id);
        LoadBalancer made = s.balancers.add(
                asked.toBuilder()
                        .loadBalancerArn(arn)
                        .createdTime(s.context.now())
                        .canonicalHostedZoneId(ZONES.getOrDefault(s.context.region(), "Z2IFOLAFXWLO4F"))
                        .dnsName(dnsName(s, asked, id))
                        .build(),
                TwinTags.in(r));
        s.balancers.stored(arn).attributes().putAll(ElbAttributes.ofLoadBalancer(application));
        return made;
    }

    private static boolean same(LoadBalancer there, LoadBalancer asked) {
        return there.type() == asked.type()
                && there.scheme() == asked.scheme()
                && there.ipAddressType() == asked.ipAddressType()
                && subnets(there).equals(subnets(asked))
                && Set.copyOf(there.securityGroups()).equals(Set.copyOf(asked.securityGroups()));
    }

    private static String dnsName(ElbState s, LoadBalancer asked, String id) {
        String internal = asked.scheme() == LoadBalancerSchemeEnum.INTERNAL ? "internal-" : "";
        String region = s.context.region();
        return asked.type() == LoadBalancerTypeEnum.APPLICATION
                ? internal + asked.loadBalancerName() + "-" + (100_000_000 + s.context.random(900_000_000)) + "."
                        + region + ".elb.amazonaws.com"
                : asked.loadBalancerName() + "-" + id.substring(id.lastIndexOf('/') + 1) + ".elb." + region
                        + ".amazonaws.com";
    }

    private static List<AvailabilityZone> zones(List<ElbNetwork.SubnetPlace> places) {
        return places.stream()
                .map(p -> AvailabilityZone.builder()
                        .zoneName(p.zone())
                        .subnetId(p.subnetId())
                        .loadBalancerAddresses(List.of())
                        .build())
                .toList();
    }

    private static boolean facing(LoadBalancer lb) {
        return lb.scheme() == LoadBalancerSchemeEnum.INTERNET_FACING;
    }

    private static Set<String> subnets(LoadBalancer lb) {
        return lb.availabilityZones().stream()
                .map(AvailabilityZone::subnetId)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The part of the ARN with the form {@code app/name/hash}. */
    private static String fullName(String arn) {
        return arn.substring(arn.indexOf(":loadbalancer/") + ":loadbalancer/".length());
    }

    @Override
    default DescribeLoadBalancersResponse describeLoadBalancers(DescribeLoadBalancersRequest r) {
        return state().balancers
                .page(
                        r,
                        DescribeLoadBalancersResponse.builder(),
                        state().balancers.visible(r.loadBalancerArns(), r.names()));
    }

    /** The answer contains no reservation, because the twin does not support ModifyCapacityReservation. */
    @Override
    default DescribeCapacityReservationResponse describeCapacityReservation(DescribeCapacityReservationRequest r) {
        state().balancers.seen(r.loadBalancerArn());
        return DescribeCapacityReservationResponse.builder()
                .capacityReservationState(List.of())
                .build();
    }

    @Override
    default SetSubnetsResponse setSubnets(SetSubnetsRequest r) {
        ElbState s = state();
        LoadBalancer old = s.balancers.need(r.loadBalancerArn());
        List<ElbNetwork.SubnetPlace> places =
                s.network.places(r.subnets(), old.type() == LoadBalancerTypeEnum.APPLICATION);
        if (!places.getFirst().vpcId().equals(old.vpcId())) {
            // https://github.com/hashicorp/terraform-provider-aws/issues/18317
            throw refused(
                    "InvalidConfigurationRequest",
                    "The subnets must be in the VPC of the load balancer, " + old.vpcId());
        }
        s.network.occupy(fullName(r.loadBalancerArn()), facing(old), places, old.securityGroups());
        return SdkShapes.copy(
                        s.balancers.change(
                                r.loadBalancerArn(), b -> SdkShapes.copy(r, b).availabilityZones(zones(places))),
                        SetSubnetsResponse.builder())
                .build();
    }

    @Override
    default SetSecurityGroupsResponse setSecurityGroups(SetSecurityGroupsRequest r) {
        ElbState s = state();
        LoadBalancer old = s.balancers.need(r.loadBalancerArn());
        if (old.type() == LoadBalancerTypeEnum.NETWORK && old.securityGroups().isEmpty()) {
            throw refused(
                    "InvalidConfigurationRequest",
                    "You cannot set security groups on a network load balancer that was created without any");
        }
        List<String> known = s.network.securityGroups(r.securityGroups(), old.vpcId(), true);
        s.network.occupy(
                fullName(r.loadBalancerArn()), facing(old), s.network.places(List.copyOf(subnets(old))), known);
        s.balancers.change(r.loadBalancerArn(), b -> b.securityGroups(known));
        return SetSecurityGroupsResponse.builder().securityGroupIds(known).build();
    }

    @Override
    default SetIpAddressTypeResponse setIpAddressType(SetIpAddressTypeRequest r) {
        return SetIpAddressTypeResponse.builder()
                .ipAddressType(state().balancers.modify(r.loadBalancerArn(), r).ipAddressType())
                .build();
    }

    @Override
    default ModifyLoadBalancerAttributesResponse modifyLoadBalancerAttributes(ModifyLoadBalancerAttributesRequest r) {
        return ModifyLoadBalancerAttributesResponse.builder()
                .attributes(SdkShapes.pairs(
                        ElbState.setAttributes(
                                state().balancers.stored(r.loadBalancerArn()), "Load balancer", r.attributes()),
                        LoadBalancerAttribute::builder))
                .build();
    }

    @Override
    default DescribeLoadBalancerAttributesResponse describeLoadBalancerAttributes(
            DescribeLoadBalancerAttributesRequest r) {
        return DescribeLoadBalancerAttributesResponse.builder()
                .attributes(SdkShapes.pairs(
                        state().balancers.stored(r.loadBalancerArn()).attributes(), LoadBalancerAttribute::builder))
                .build();
    }

    /**
     * Deletes a load balancer, its listeners and their rules; the target groups stay. As in AWS, a missing one is no
     * error.
     */
    @Override
    default DeleteLoadBalancerResponse deleteLoadBalancer(DeleteLoadBalancerRequest r) {
        ElbState s = state();
        String arn = r.loadBalancerArn();
        if (s.balancers.has(arn)) {
            StoredResource<LoadBalancer> gone = s.balancers.stored(arn);
            if ("true".equals(gone.attributes().get("deletion_protection.enabled"))) {
                throw refused(
                        "OperationNotPermitted",
                        "Load balancer '" + arn + "' cannot be deleted because deletion protection is enabled");
            }
            s.balancers.remove(arn);
            s.webAcls.remove(arn);
            s.network.leave(fullName(arn));
            s.listenersOf(arn).map(Listener::listenerArn).toList().forEach(s::removeListener);
        }
        return DeleteLoadBalancerResponse.builder().build();
    }
}
