package dev.holdfast.kinds.ec2;

import dev.holdfast.kind.Change;
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
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.Slow;
import dev.holdfast.kind.TagMap;
import dev.holdfast.model.Phase;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.Vpc;
import software.amazon.awssdk.services.ec2.model.VpcAttributeName;
import software.amazon.awssdk.services.ec2.model.VpcState;

/** A virtual private cloud. */
@Singleton
public final class VpcKind implements Kind<VpcKind.Spec> {

    /** @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html">CreateVpc</a> */
    public record Spec(
            @Doc("The IPv4 network range, in CIDR notation.") @Required @Immutable @Nullable
            String cidrBlock,

            @Doc("Whether instances may run on shared or dedicated hardware.") @Immutable @Nullable
            Tenancy instanceTenancy,

            @Doc("Whether instances get public DNS host names.") @Slow("attributes") @Nullable
            Boolean enableDnsHostnames,

            @Doc("Whether DNS resolution works in the VPC.") @Slow("attributes") @Nullable
            Boolean enableDnsSupport,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {
        public Spec {
            cidrBlock = Ec2.cidr(cidrBlock);
        }
    }

    public enum Tenancy {
        DEFAULT("default"),
        DEDICATED("dedicated");
        private final String wire;

        Tenancy(String wire) {
            this.wire = wire;
        }

        @com.fasterxml.jackson.annotation.JsonValue
        @Override
        public String toString() {
            return wire;
        }
    }

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("Vpc", Spec.class, OwnershipForm.TAG)
                .description("A virtual private cloud: the network that everything else stands in.")
                .output("id", "The VPC's id.")
                .output("cidrBlock", "Its IPv4 range.")
                .page("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html")
                .leavesOut("Ipv4IpamPoolId", "address pools are not managed here")
                .build();
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        Ec2Client ec2 = scope.client(Ec2Client.class);
        List<Vpc> vpcs = ec2.describeVpcsPaginator(r -> r.filters(Ec2.filters(scope, "vpc-id"))).vpcs().stream()
                .toList();
        return scope.each(vpcs, VpcKind::identify, (vpc, identity) -> observed(ec2, scope, vpc, identity));
    }

    private static Identity identify(Vpc vpc) {
        return Identity.of(vpc.vpcId()).tagged(vpc.tags(), Tag::key, Tag::value);
    }

    private static Known<Spec> observed(Ec2Client ec2, Scope<Spec> scope, Vpc vpc, Identity identity) {
        String id = vpc.vpcId();
        boolean hostnames = scope.slow(
                id,
                "attributes.hostnames",
                () -> ec2.describeVpcAttribute(r -> r.vpcId(id).attribute(VpcAttributeName.ENABLE_DNS_HOSTNAMES))
                        .enableDnsHostnames()
                        .value());
        boolean support = scope.slow(
                id,
                "attributes.support",
                () -> ec2.describeVpcAttribute(r -> r.vpcId(id).attribute(VpcAttributeName.ENABLE_DNS_SUPPORT))
                        .enableDnsSupport()
                        .value());
        Tenancy tenancy = "dedicated".equals(vpc.instanceTenancyAsString()) ? Tenancy.DEDICATED : Tenancy.DEFAULT;
        return Known.of(identity, new Spec(vpc.cidrBlock(), tenancy, hostnames, support, identity.tags()))
                .output("id", id)
                .output("cidrBlock", vpc.cidrBlock())
                .phase(vpc.state() == VpcState.AVAILABLE ? Phase.Steady : Phase.Creating);
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        return desired.client(Ec2Client.class)
                .createVpc(r -> r.cidrBlock(desired.spec().cidrBlock())
                        .instanceTenancy(
                                desired.spec().instanceTenancy() == null
                                        ? null
                                        : desired.spec().instanceTenancy().toString())
                        .tagSpecifications(
                                Ec2.tags(ResourceType.VPC, desired.spec().tags())))
                .vpc()
                .vpcId();
    }

    @Override
    public void update(Change<Spec> change) {
        Ec2Client ec2 = change.client(Ec2Client.class);
        String id = change.physicalId();
        // One attribute a call; host names need resolution: on in this order, off in the other.
        if (change.touches(Spec::enableDnsSupport)
                && Boolean.TRUE.equals(change.spec().enableDnsSupport())) {
            ec2.modifyVpcAttribute(r -> r.vpcId(id).enableDnsSupport(b -> b.value(true)));
        }
        if (change.touches(Spec::enableDnsHostnames)) {
            ec2.modifyVpcAttribute(r ->
                    r.vpcId(id).enableDnsHostnames(b -> b.value(change.spec().enableDnsHostnames())));
        }
        if (change.touches(Spec::enableDnsSupport)
                && Boolean.FALSE.equals(change.spec().enableDnsSupport())) {
            ec2.modifyVpcAttribute(r -> r.vpcId(id).enableDnsSupport(b -> b.value(false)));
        }
        Ec2.updateTags(ec2, change, Spec::tags);
    }

    @Override
    public void delete(Observed<Spec> observed) {
        observed.client(Ec2Client.class).deleteVpc(r -> r.vpcId(observed.physicalId()));
    }
}
