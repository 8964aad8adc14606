package dev.holdfast.twin.elbv2;

import dev.holdfast.twin.Delay;
import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AvailabilityZone;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeLoadBalancersRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeLoadBalancersResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.IpAddressType;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerSchemeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerStateEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;

/** The load balancers: provisioned after a while, with interfaces in their subnets that outlive them. */
final class LoadBalancers {
    private static final int PAGE = 400;
    private static final int LONGEST_NAME = 32;
    /** https://docs.aws.amazon.com/general/latest/gr/elb.html */
    private static final Map<String, String> ZONES = Map.of(
            "us-east-1", "Z35SXDOTRQ7X7K",
            "us-west-2", "Z1H1FL5HABSF5",
            "eu-west-1", "Z32O12XQLNTSW2",
            "eu-west-2", "ZHURV8PSTC4K8",
            "eu-central-1", "Z215JYRZR1TBD5");

    record Row(LoadBalancer model, Map<String, String> attributes) {}

    private final TwinContext context;
    private final ElbTags tags;
    private final ElbNetwork network;
    private final TwinTable<Row> rows;

    LoadBalancers(TwinContext context, ElbTags tags) {
        this.context = context;
        this.tags = tags;
        this.network = new ElbNetwork(context);
        this.rows = new TwinTable<>(context);
    }

    LoadBalancer create(CreateLoadBalancerRequest r) {
        checkName(r.name());
        boolean application = r.type() == null || r.type() == LoadBalancerTypeEnum.APPLICATION;
        List<ElbNetwork.Place> places = places(r.subnets(), application);
        LoadBalancer asked = LoadBalancer.builder()
                .loadBalancerName(r.name())
                .type(application ? LoadBalancerTypeEnum.APPLICATION : LoadBalancerTypeEnum.NETWORK)
                .scheme(r.scheme() == null ? LoadBalancerSchemeEnum.INTERNET_FACING : r.scheme())
                .ipAddressType(r.ipAddressType() == null ? IpAddressType.IPV4 : r.ipAddressType())
                .vpcId(places.getFirst().vpcId())
                .availabilityZones(zones(places))
                .securityGroups(network.securityGroups(
                        r.securityGroups(), places.getFirst().vpcId(), application))
                .build();
        for (Row row : rows.all()) {
            if (Objects.equals(row.model().loadBalancerName(), r.name())) {
                return repeated(row.model(), asked, r);
            }
        }
        String id = (application ? "app/" : "net/") + r.name() + "/" + context.hex(16);
        String arn = context.arn("elasticloadbalancing", "loadbalancer/" + id);
        LoadBalancer made = asked.toBuilder()
                .loadBalancerArn(arn)
                .createdTime(context.now())
                .canonicalHostedZoneId(ZONES.getOrDefault(context.region(), "Z2IFOLAFXWLO4F"))
                .dnsName(dnsName(asked, id))
                .build();
        tags.begin(arn, r.tags());
        rows.put(arn, new Row(made, ElbAttributes.ofLoadBalancer(application)));
        network.occupy(id, facing(made), places, made.securityGroups());
        return view(made);
    }

    private LoadBalancer repeated(LoadBalancer there, LoadBalancer asked, CreateLoadBalancerRequest r) {
        boolean same = there.type() == asked.type()
                && there.scheme() == asked.scheme()
                && there.ipAddressType() == asked.ipAddressType()
                && subnets(there).equals(subnets(asked))
                && Set.copyOf(there.securityGroups()).equals(Set.copyOf(asked.securityGroups()))
                && tags.same(there.loadBalancerArn(), r.tags());
        if (same) {
            return view(there);
        }
        throw ElbErrors.refused(
                "DuplicateLoadBalancerName",
                "A load balancer with the same name '" + r.name() + "' exists, but with different settings");
    }

    private String dnsName(LoadBalancer asked, String id) {
        String internal = asked.scheme() == LoadBalancerSchemeEnum.INTERNAL ? "internal-" : "";
        return asked.type() == LoadBalancerTypeEnum.APPLICATION
                ? internal + asked.loadBalancerName() + "-" + (100_000_000 + context.random(900_000_000)) + "."
                        + context.region() + ".elb.amazonaws.com"
                : asked.loadBalancerName() + "-" + id.substring(id.lastIndexOf('/') + 1) + ".elb." + context.region()
                        + ".amazonaws.com";
    }

    private static void checkName(@Nullable String name) {
        if (name == null || !name.matches("[a-zA-Z0-9-]+") || name.startsWith("-") || name.endsWith("-")) {
            throw ElbErrors.invalid("The load balancer name '" + name
                    + "' can only contain characters that are alphanumeric characters and hyphens(-)");
        }
        if (name.startsWith("internal-")) {
            throw ElbErrors.invalid("The load balancer name '" + name + "' cannot begin with 'internal-'");
        }
        if (name.length() > LONGEST_NAME) {
            throw ElbErrors.invalid(
                    "The load balancer name '" + name + "' cannot be longer than '" + LONGEST_NAME + "' characters");
        }
    }

    private List<ElbNetwork.Place> places(List<String> subnets, boolean application) {
        List<ElbNetwork.Place> places = network.places(subnets);
        Set<String> zones = new TreeSet<>();
        for (ElbNetwork.Place place : places) {
            if (!zones.add(place.zone())) {
                throw ElbErrors.refused(
                        "InvalidConfigurationRequest",
                        "A load balancer cannot be attached to multiple subnets in the same Availability Zone");
            }
        }
        if (places.isEmpty()) {
            throw ElbErrors.invalid("At least one subnet must be specified");
        }
        if (application && zones.size() < 2) {
            throw ElbErrors.invalid("At least two subnets in two different Availability Zones must be specified");
        }
        if (places.stream().map(ElbNetwork.Place::vpcId).distinct().count() > 1) {
            throw ElbErrors.refused("InvalidSubnet", "All subnets must be in the same VPC");
        }
        return places;
    }

    private static List<AvailabilityZone> zones(List<ElbNetwork.Place> places) {
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
        Set<String> ids = new TreeSet<>();
        lb.availabilityZones().forEach(z -> ids.add(z.subnetId()));
        return ids;
    }

    LoadBalancer setSubnets(String arn, List<String> subnets) {
        LoadBalancer old = get(arn).model();
        List<ElbNetwork.Place> places = places(subnets, old.type() == LoadBalancerTypeEnum.APPLICATION);
        if (!places.getFirst().vpcId().equals(old.vpcId())) {
            // https://github.com/hashicorp/terraform-provider-aws/issues/18317
            throw ElbErrors.refused(
                    "InvalidConfigurationRequest",
                    "The subnets must be in the VPC of the load balancer, " + old.vpcId());
        }
        network.occupy(fullName(arn), facing(old), places, old.securityGroups());
        return change(arn, b -> b.availabilityZones(zones(places)));
    }

    LoadBalancer setSecurityGroups(String arn, List<String> groups) {
        LoadBalancer old = get(arn).model();
        if (old.type() == LoadBalancerTypeEnum.NETWORK && old.securityGroups().isEmpty()) {
            throw ElbErrors.refused(
                    "InvalidConfigurationRequest",
                    "You cannot set security groups on a network load balancer that was created without any");
        }
        List<String> known = network.securityGroups(groups, old.vpcId(), true);
        network.occupy(fullName(arn), facing(old), network.places(List.copyOf(subnets(old))), known);
        return change(arn, b -> b.securityGroups(known));
    }

    LoadBalancer setIpAddressType(String arn, IpAddressType type) {
        return change(arn, b -> b.ipAddressType(type));
    }

    Map<String, String> modifyAttributes(String arn, Map<String, String> asked) {
        Row row = get(arn);
        Map<String, String> merged = ElbAttributes.merged("Load balancer", row.attributes(), asked);
        rows.put(arn, new Row(row.model(), merged));
        return merged;
    }

    /** @return whether there was one; to delete what is not there succeeds, as in AWS */
    boolean delete(String arn) {
        Row row = rows.get(arn);
        if (row == null) {
            return false;
        }
        if ("true".equals(row.attributes().get("deletion_protection.enabled"))) {
            throw ElbErrors.refused(
                    "OperationNotPermitted",
                    "Load balancer '" + arn + "' cannot be deleted because deletion protection is enabled");
        }
        rows.remove(arn);
        tags.end(arn);
        network.leave(fullName(arn));
        return true;
    }

    DescribeLoadBalancersResponse describe(DescribeLoadBalancersRequest r) {
        for (String arn : r.loadBalancerArns()) {
            if (rows.visible(arn) == null) {
                throw ElbErrors.noLoadBalancer(arn);
            }
        }
        List<LoadBalancer> seen = new ArrayList<>();
        rows.visible().forEach(row -> seen.add(view(row.model())));
        for (String name : r.names()) {
            if (seen.stream().noneMatch(lb -> lb.loadBalancerName().equals(name))) {
                throw ElbErrors.noLoadBalancer(name);
            }
        }
        List<LoadBalancer> wanted = seen.stream()
                .filter(lb ->
                        r.loadBalancerArns().isEmpty() || r.loadBalancerArns().contains(lb.loadBalancerArn()))
                .filter(lb -> r.names().isEmpty() || r.names().contains(lb.loadBalancerName()))
                .toList();
        TwinContext.Page<LoadBalancer> page = context.page(wanted, r.marker(), PAGE, r.pageSize());
        return DescribeLoadBalancersResponse.builder()
                .loadBalancers(page.items())
                .nextMarker(page.next())
                .build();
    }

    Row get(@Nullable String arn) {
        Row row = rows.get(arn);
        if (row == null) {
            throw ElbErrors.noLoadBalancer(String.valueOf(arn));
        }
        return row;
    }

    Stream<LoadBalancer> all() {
        return rows.all().stream().map(r -> view(r.model()));
    }

    boolean exists(String arn) {
        return rows.get(arn) != null;
    }

    /** {@code app/name/hash} */
    static String fullName(String arn) {
        return arn.substring(arn.indexOf(":loadbalancer/") + ":loadbalancer/".length());
    }

    private LoadBalancer change(String arn, UnaryOperator<LoadBalancer.Builder> change) {
        Row row = get(arn);
        LoadBalancer made = change.apply(row.model().toBuilder()).build();
        rows.put(arn, new Row(made, row.attributes()));
        return view(made);
    }

    private LoadBalancer view(LoadBalancer lb) {
        Instant since = Objects.requireNonNull(lb.createdTime());
        LoadBalancerStateEnum state = context.passed(Delay.LOAD_BALANCER, since)
                ? LoadBalancerStateEnum.ACTIVE
                : LoadBalancerStateEnum.PROVISIONING;
        return lb.toBuilder().state(s -> s.code(state)).build();
    }
}
