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
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.Slow;
import dev.holdfast.kind.TagMap;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ResourceType;
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
                .leavesOut("Ipv4IpamPoolId, Ipv4NetmaskLength", "ranges are declared, not taken from a pool")
                .leavesOut(
                        "AmazonProvidedIpv6CidrBlock, Ipv6CidrBlock, Ipv6CidrBlockNetworkBorderGroup, Ipv6IpamPoolId,"
                                + " Ipv6NetmaskLength, Ipv6Pool",
                        "networks are IPv4 here")
                .leavesOut("VpcEncryptionControl", "not among what the first user runs")
                .permissions(Permissions.on("ec2:{region}:{account}:vpc/*")
                        .lists("ec2:DescribeVpcs")
                        .reads("ec2:DescribeVpcAttribute", "ec2:DescribeNetworkInterfaces")
                        .creates("ec2:CreateVpc")
                        .tags("ec2:CreateTags", "ec2:DeleteTags")
                        .changes("ec2:DeleteVpc")
                        .changesFor("enableDnsSupport", "ec2:ModifyVpcAttribute")
                        .changesFor("enableDnsHostnames", "ec2:ModifyVpcAttribute"))
                .build();
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        Ec2Client ec2 = scope.client(Ec2Client.class);
        Collection<Vpc> vpcs = Ec2.find(
                scope,
                "vpc-id",
                Vpc::vpcId,
                f -> ec2.describeVpcsPaginator(r -> r.filters(f).maxResults(Ec2.PAGE))
                        .vpcs());
        return scope.each(
                vpcs,
                vpc -> Ec2.identity(vpc.vpcId(), vpc.tags()),
                (vpc, identity) -> observed(
                        vpc, identity, scope.slow(vpc.vpcId(), "attributes", () -> switches(ec2, vpc.vpcId()))));
    }

    private record Switches(boolean hostnames, boolean support) {}

    /** One attribute a call. */
    private static Switches switches(Ec2Client ec2, String id) {
        return new Switches(
                ec2.describeVpcAttribute(r -> r.vpcId(id).attribute(VpcAttributeName.ENABLE_DNS_HOSTNAMES))
                        .enableDnsHostnames()
                        .value(),
                ec2.describeVpcAttribute(r -> r.vpcId(id).attribute(VpcAttributeName.ENABLE_DNS_SUPPORT))
                        .enableDnsSupport()
                        .value());
    }

    private static Known<Spec> observed(Vpc vpc, Identity identity, Switches on) {
        boolean ready = vpc.state() == VpcState.AVAILABLE;
        return Known.of(
                        identity,
                        new Spec(
                                vpc.cidrBlock(),
                                Ec2.constant(Tenancy.class, vpc.instanceTenancyAsString()),
                                on.hostnames(),
                                on.support(),
                                identity.tags()))
                .output("id", vpc.vpcId())
                .output("cidrBlock", vpc.cidrBlock())
                .phase(ready ? Phase.Steady : Phase.Creating)
                .health(ready ? Health.AVAILABLE : Health.notReady("Pending", null));
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        return desired.client(Ec2Client.class)
                .createVpc(r -> r.cidrBlock(desired.spec().cidrBlock())
                        .instanceTenancy(Ec2.text(desired.spec().instanceTenancy()))
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

    @Override
    public List<String> holders(Observed<Spec> observed) {
        return Holders.interfaces(observed.client(Ec2Client.class), "vpc-id", observed.physicalId());
    }
}
