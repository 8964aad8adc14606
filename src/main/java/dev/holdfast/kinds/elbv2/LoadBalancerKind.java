package dev.holdfast.kinds.elbv2;

import static dev.holdfast.model.Fault.Category.DENIED;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.IpAddressType;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerSchemeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerState;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerStateEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SetSecurityGroupsRequest;

/** An application or network load balancer. */
@Singleton
public final class LoadBalancerKind extends DeclaredKind<LoadBalancerKind.Spec> {

    /** @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html">CreateLoadBalancer</a> */
    public record Spec(
            @Doc("The name: letters, digits and hyphens, not beginning with \"internal-\".")
            @PhysicalName(max = 32, notPrefix = "internal-")
            String name,

            @Doc("The type: application balances requests, network balances connections.")
            @Immutable
            @Offers({"application", "network"})
            LoadBalancerTypeEnum type,

            @Doc("Whether the load balancer is reachable from the internet or only from its VPC.") @Immutable
            LoadBalancerSchemeEnum scheme,

            @Doc("The VPC, which AWS derives from the subnets. If it is set, a move of the subnets to another VPC"
                    + " replaces the load balancer, because AWS cannot move an existing one.")
            @Immutable
            @Ref("Vpc")
            String vpcId,

            @Doc("The subnets, one per Availability Zone; an application load balancer needs two.")
            @Required
            @Ref("Subnet")
            @ReadFrom("availabilityZones.subnetId")
            Set<String> subnets,

            @Doc("The security groups. A network load balancer that was created without any cannot get one.")
            @Ref("SecurityGroup")
            Set<String> securityGroups,

            @Doc("The types of IP addresses that clients may use.")
            IpAddressType ipAddressType,

            @Doc("The attributes by AWS's names, for example idle_timeout.timeout_seconds; only attributes that"
                    + " are declared here are compared.")
            @DeclaredKeys
            @Slow("attributes")
            Map<String, String> loadBalancerAttributes,

            @Doc("The ARN of a web ACL of WAF with the scope REGIONAL, for an application load balancer; empty: none."
                    + " If it is absent, the web ACL of another owner, for example Firewall Manager, is kept.")
            String webAclArn,

            @Doc("Tags.") @TagMap Map<String, String> tags) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        PointRead<ElasticLoadBalancingV2Client, LoadBalancer> read = PointRead.of(
                (elb, arn) ->
                        elb.describeLoadBalancers(r -> r.loadBalancerArns(arn)).loadBalancers(),
                (elb, name) -> elb.describeLoadBalancers(r -> r.names(name)).loadBalancers(),
                LoadBalancerNotFoundException.class);
        return Recipe.of("LoadBalancer", Spec.class, ElasticLoadBalancingV2Client.class)
                .description("A load balancer: it receives traffic on the ports that listeners open.")
                // A request with names fails if one of the load balancers does not exist, so that all are listed.
                .lists(
                        elb -> elb.describeLoadBalancersPaginator(r -> r.pageSize(Elb.PAGE))
                                .loadBalancers(),
                        read)
                .id(LoadBalancer::loadBalancerArn)
                .name(LoadBalancer::loadBalancerName)
                .tags(Elb.tagging("loadbalancer"))
                .creates(CreateLoadBalancerRequest::builder, ElasticLoadBalancingV2Client::createLoadBalancer)
                .changes(SetSecurityGroupsRequest::builder, ElasticLoadBalancingV2Client::setSecurityGroups)
                .updates(LoadBalancerKind::moveSubnets, Spec::subnets, Spec::ipAddressType)
                .attributes(
                        Spec::loadBalancerAttributes,
                        (elb, arn) -> elb.describeLoadBalancerAttributes(r -> r.loadBalancerArn(arn))
                                .attributes(),
                        (elb, arn, attributes) -> elb.modifyLoadBalancerAttributes(r -> r.loadBalancerArn(arn)
                                .attributes(SdkShapes.pairs(attributes, LoadBalancerAttribute::builder))))
                .facetOfOwners("webAclArn", WebAcls::read)
                .updates(WebAcls::change, Spec::webAclArn)
                .deletes((elb, arn) -> elb.deleteLoadBalancer(r -> r.loadBalancerArn(arn)))
                .output("arn", "The load balancer's ARN.", LoadBalancer::loadBalancerArn)
                .output("dnsName", "The host name by which it is reached.", LoadBalancer::dnsName)
                .output(
                        "canonicalHostedZoneId",
                        "The hosted zone for alias records that point to it.",
                        LoadBalancer::canonicalHostedZoneId)
                .output("name", "The load balancer's name.", LoadBalancer::loadBalancerName)
                .output(
                        "fullName",
                        "app/name/id, the dimension LoadBalancer of its metrics.",
                        lb -> lb.loadBalancerArn().split(":loadbalancer/", 2)[1])
                .state((known, lb) -> known.phase(phase(lb))
                        .health(health(lb))
                        .createdAt(lb.createdTime())
                        .fact("State", Values.of(lb.state(), LoadBalancerState::codeAsString))
                        .fact("Address", lb.dnsName())
                        .fact("Scheme", lb.schemeAsString())
                        .fact("Zones", lb.availabilityZones().size()))
                .leavesOut(
                        "SubnetMappings",
                        "fixed addresses are not offered yet; set subnets, and AWS selects the addresses")
                .leavesOut("CustomerOwnedIpv4Pool", "it is for Outposts, which this kind does not support")
                .leavesOut("EnablePrefixForIpv6SourceNat", "IPv6 is not offered yet, neither here nor in subnets")
                .leavesOut("IpamPools", "Holdfast does not manage IPAM pools yet; AWS selects public addresses")
                .fault("OperationNotPermitted", "deletion protection", DENIED)
                .fault("SubnetNotFound", DEPENDENCY)
                .fault("DuplicateLoadBalancerName", EXISTS)
                // WAF does not know a new web ACL or load balancer at once.
                .fault("WAFUnavailableEntityException", DEPENDENCY)
                .fault("WAFNonexistentItemException", DEPENDENCY)
                .permissions(
                        WebAcls.permissions(Permissions.on("elasticloadbalancing:{region}:{account}:loadbalancer/*")
                                // AWS requires it to create a load balancer; no call shows it.
                                .reads("ec2:DescribeAccountAttributes")
                                .needsServiceRole("elasticloadbalancing.amazonaws.com")))
                .page(
                        "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html");
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        WebAcls.check(spec, findings);
    }

    /** Dual-stack needs subnets with IPv6, so that one call changes both. */
    private static void moveSubnets(ElasticLoadBalancingV2Client elb, Change<Spec> change) {
        IpAddressType type = change.touches(Spec::ipAddressType) ? change.spec().ipAddressType() : null;
        if (change.touches(Spec::subnets)) {
            elb.setSubnets(r -> r.loadBalancerArn(change.physicalId())
                    .subnets(change.spec().subnets())
                    .ipAddressType(type));
        } else {
            elb.setIpAddressType(r -> r.loadBalancerArn(change.physicalId()).ipAddressType(type));
        }
    }

    private static Phase phase(LoadBalancer lb) {
        return lb.state() != null && lb.state().code() == LoadBalancerStateEnum.PROVISIONING
                ? Phase.Creating
                : Phase.Steady;
    }

    /** An impaired load balancer serves but cannot scale, so it counts as not ready. */
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
}
