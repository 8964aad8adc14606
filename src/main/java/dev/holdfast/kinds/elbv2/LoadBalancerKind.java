package dev.holdfast.kinds.elbv2;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.aws.FaultRule;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.DeclaredKeys;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.Slow;
import dev.holdfast.kind.TagMap;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AvailabilityZone;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerStateEnum;

/** An application or network load balancer. */
@Singleton
public final class LoadBalancerKind implements Kind<LoadBalancerKind.Spec> {

    /** @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html">CreateLoadBalancer</a> */
    public record Spec(
            @Doc("The name: letters, digits and hyphens, not beginning with \"internal-\".")
            @PhysicalName(max = 32, notPrefix = "internal-")
            @Nullable
            String name,

            @Doc("Whether it balances requests (application) or connections (network).") @Immutable @Nullable
            Type type,

            @Doc("Whether it is reached from the internet or only from its VPC.") @Immutable @Nullable
            Scheme scheme,

            @Doc("The VPC that its subnets are in, from which AWS takes it: said, a load balancer is replaced where"
                    + " they move to another one, which AWS does not do with what there is.")
            @Immutable
            @Ref("Vpc")
            @Nullable
            String vpcId,

            @Doc("The subnets, one an Availability Zone; an application load balancer needs two.")
            @Required
            @Ref("Subnet")
            @Nullable
            Set<String> subnets,

            @Doc("The security groups. A network load balancer that was created without any cannot get one.")
            @Ref("SecurityGroup")
            @Nullable
            Set<String> securityGroups,

            @Doc("The types of IP addresses that clients may use.") @Nullable
            IpAddressType ipAddressType,

            @Doc("Attributes by AWS's own names, such as idle_timeout.timeout_seconds; only those named here are"
                    + " compared.")
            @DeclaredKeys
            @Slow("attributes")
            @Nullable
            Map<String, String> loadBalancerAttributes,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {}

    public enum Type {
        APPLICATION("application"),
        NETWORK("network");
        private final String wire;

        Type(String wire) {
            this.wire = wire;
        }

        @JsonValue
        @Override
        public String toString() {
            return wire;
        }
    }

    public enum Scheme {
        INTERNET_FACING("internet-facing"),
        INTERNAL("internal");
        private final String wire;

        Scheme(String wire) {
            this.wire = wire;
        }

        @JsonValue
        @Override
        public String toString() {
            return wire;
        }
    }

    public enum IpAddressType {
        IPV4("ipv4"),
        DUALSTACK("dualstack"),
        DUALSTACK_WITHOUT_PUBLIC_IPV4("dualstack-without-public-ipv4");
        private final String wire;

        IpAddressType(String wire) {
            this.wire = wire;
        }

        @JsonValue
        @Override
        public String toString() {
            return wire;
        }
    }

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("LoadBalancer", Spec.class, OwnershipForm.TAG)
                .description("A load balancer: the entrance, which listeners open port by port.")
                .output("arn", "The load balancer's ARN.")
                .output("dnsName", "The host name by which it is reached.")
                .output("canonicalHostedZoneId", "The hosted zone for alias records that point to it.")
                .output("name", "Its name.")
                .output("fullName", "app/name/id, the dimension LoadBalancer of its metrics.")
                .page(
                        "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html")
                .leavesOut("SubnetMappings", "fixed addresses are not managed here; subnets say the rest")
                .leavesOut("CustomerOwnedIpv4Pool", "Outposts are not managed here")
                .leavesOut("EnablePrefixForIpv6SourceNat", "IPv6 source NAT is not managed here")
                .leavesOut("IpamPools", "address pools are not managed here")
                .fault(FaultRule.of("OperationNotPermitted", "deletion protection", Fault.Category.DENIED))
                .fault(FaultRule.of("SubnetNotFound", Fault.Category.DEPENDENCY))
                .fault(FaultRule.of("DuplicateLoadBalancerName", Fault.Category.EXISTS))
                .permissions(Permissions.on("elasticloadbalancing:{region}:{account}:loadbalancer/*")
                        .lists("elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTags")
                        // AWS wants the second one of whoever makes a load balancer, with reads that other kinds make.
                        .reads("elasticloadbalancing:DescribeLoadBalancerAttributes", "ec2:DescribeAccountAttributes")
                        .creates("elasticloadbalancing:CreateLoadBalancer")
                        .tags("elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags")
                        .changes("elasticloadbalancing:DeleteLoadBalancer")
                        .changesFor("loadBalancerAttributes", "elasticloadbalancing:ModifyLoadBalancerAttributes")
                        .changesFor("securityGroups", "elasticloadbalancing:SetSecurityGroups")
                        .changesFor("subnets", "elasticloadbalancing:SetSubnets")
                        .changesFor("ipAddressType", "elasticloadbalancing:SetIpAddressType")
                        .needsServiceRole("elasticloadbalancing.amazonaws.com"))
                .build();
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        if (Elb.nothingToDo(scope)) {
            return List.of();
        }
        ElasticLoadBalancingV2Client elb = scope.client(ElasticLoadBalancingV2Client.class);
        Set<String> arns = Elb.recorded(scope);
        Set<String> names = Elb.names(scope);
        // Named in the request, one that is missing would hide all the others.
        List<LoadBalancer> all = scope.confirming()
                ? named(elb, arns, names)
                : elb.describeLoadBalancersPaginator(r -> r.pageSize(Elb.PAGE)).loadBalancers().stream()
                        .toList();
        List<Elb.Tagged<LoadBalancer>> ours = Elb.ours(
                scope,
                all,
                LoadBalancer::loadBalancerArn,
                lb -> arns.contains(lb.loadBalancerArn()) || names.contains(lb.loadBalancerName()));
        return scope.each(
                ours,
                f -> Elb.identity(f.thing().loadBalancerArn(), f)
                        .named(f.thing().loadBalancerName()),
                (f, identity) -> observed(elb, scope, f.thing(), identity));
    }

    private static List<LoadBalancer> named(ElasticLoadBalancingV2Client elb, Set<String> arns, Set<String> names) {
        try {
            return arns.isEmpty()
                    ? elb.describeLoadBalancers(r -> r.names(names)).loadBalancers()
                    : elb.describeLoadBalancers(r -> r.loadBalancerArns(arns)).loadBalancers();
        } catch (LoadBalancerNotFoundException e) {
            return List.of();
        }
    }

    private static Known<Spec> observed(
            ElasticLoadBalancingV2Client elb, Scope<Spec> scope, LoadBalancer lb, Identity identity) {
        String arn = lb.loadBalancerArn();
        Map<String, String> attributes = scope.slow(
                arn,
                "attributes",
                () -> Elb.map(
                        elb.describeLoadBalancerAttributes(r -> r.loadBalancerArn(arn))
                                .attributes(),
                        LoadBalancerAttribute::key,
                        LoadBalancerAttribute::value));
        Spec spec = new Spec(
                lb.loadBalancerName(),
                Elb.constant(Type.class, lb.typeAsString()),
                Elb.constant(Scheme.class, lb.schemeAsString()),
                lb.vpcId(),
                lb.availabilityZones().stream().map(AvailabilityZone::subnetId).collect(Collectors.toUnmodifiableSet()),
                Set.copyOf(lb.securityGroups()),
                Elb.constant(IpAddressType.class, lb.ipAddressTypeAsString()),
                attributes,
                identity.tags());
        return Known.of(identity, spec)
                .output("arn", arn)
                .output("dnsName", lb.dnsName())
                .output("canonicalHostedZoneId", lb.canonicalHostedZoneId())
                .output("name", lb.loadBalancerName())
                .output("fullName", arn.substring(arn.indexOf(":loadbalancer/") + ":loadbalancer/".length()))
                .phase(
                        lb.state() != null && lb.state().code() == LoadBalancerStateEnum.PROVISIONING
                                ? Phase.Creating
                                : Phase.Steady)
                .health(health(lb))
                .createdAt(lb.createdTime());
    }

    /** An impaired one serves, but cannot scale: that is worth somebody's look. */
    private static Health health(LoadBalancer lb) {
        if (lb.state() == null || lb.state().code() == null) {
            return Health.unknown("NoState", null);
        }
        return switch (lb.state().code()) {
            case ACTIVE -> Health.AVAILABLE;
            case PROVISIONING -> Health.notReady("Provisioning", null);
            case ACTIVE_IMPAIRED -> Health.notReady("Impaired", lb.state().reason());
            case FAILED -> Health.notReady("Failed", lb.state().reason());
            case UNKNOWN_TO_SDK_VERSION ->
                Health.unknown(lb.state().codeAsString(), lb.state().reason());
        };
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        Spec spec = desired.spec();
        return desired.client(ElasticLoadBalancingV2Client.class)
                .createLoadBalancer(r -> r.name(spec.name())
                        .type(Elb.wire(spec.type()))
                        .scheme(Elb.wire(spec.scheme()))
                        .subnets(spec.subnets())
                        .securityGroups(spec.securityGroups())
                        .ipAddressType(Elb.wire(spec.ipAddressType()))
                        .tags(Elb.tags(spec.tags())))
                .loadBalancers()
                .getFirst()
                .loadBalancerArn();
    }

    @Override
    public void update(Change<Spec> change) {
        ElasticLoadBalancingV2Client elb = change.client(ElasticLoadBalancingV2Client.class);
        String arn = change.physicalId();
        Spec spec = change.spec();
        if (change.touches(Spec::securityGroups)) {
            elb.setSecurityGroups(r -> r.loadBalancerArn(arn).securityGroups(spec.securityGroups()));
        }
        // Dual-stack needs subnets with IPv6, so that a change of both goes in one call.
        if (change.touches(Spec::subnets)) {
            elb.setSubnets(r -> r.loadBalancerArn(arn)
                    .subnets(spec.subnets())
                    .ipAddressType(change.touches(Spec::ipAddressType) ? Elb.wire(spec.ipAddressType()) : null));
        } else if (change.touches(Spec::ipAddressType)) {
            elb.setIpAddressType(r -> r.loadBalancerArn(arn).ipAddressType(Elb.wire(spec.ipAddressType())));
        }
        if (change.touches(Spec::loadBalancerAttributes)) {
            elb.modifyLoadBalancerAttributes(r -> r.loadBalancerArn(arn)
                    .attributes(Elb.differing(
                            spec.loadBalancerAttributes(),
                            change.observed().spec().loadBalancerAttributes(),
                            (k, v) -> LoadBalancerAttribute.builder()
                                    .key(k)
                                    .value(v)
                                    .build())));
        }
        Elb.updateTags(elb, change, Spec::tags);
    }

    @Override
    public void delete(Observed<Spec> observed) {
        observed.client(ElasticLoadBalancingV2Client.class)
                .deleteLoadBalancer(r -> r.loadBalancerArn(observed.physicalId()));
    }
}
