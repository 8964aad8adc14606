package dev.holdfast.kinds.ec2;

import com.fasterxml.jackson.annotation.JsonValue;
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
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.Unique;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.PrivateDnsNameOptionsOnLaunch;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.SubnetState;

/** A subnet of a VPC, in one availability zone. */
@Singleton
public final class SubnetKind implements Kind<SubnetKind.Spec> {

    /** @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html">CreateSubnet</a> */
    public record Spec(
            @Doc("The VPC that it is part of.") @Required @Immutable @Ref("Vpc") @Nullable
            String vpcId,

            @Doc("The IPv4 network range, in CIDR notation, within its VPC's.")
            @Required
            @Immutable
            @Unique(within = "vpcId")
            @Nullable
            String cidrBlock,

            @Doc("The availability zone, by name (eu-west-2a).") @Immutable @Nullable
            String availabilityZone,

            @Doc("Whether what is launched here gets a public IPv4 address.") @Nullable
            Boolean mapPublicIpOnLaunch,

            @Doc("What the DNS host names of instances are made of.") @Nullable
            HostnameType privateDnsHostnameTypeOnLaunch,

            @Doc("Whether DNS answers queries for resource names with A records.") @Nullable
            Boolean enableResourceNameDnsARecordOnLaunch,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {
        public Spec {
            cidrBlock = Ec2.cidr(cidrBlock);
        }
    }

    public enum HostnameType {
        IP_NAME("ip-name"),
        RESOURCE_NAME("resource-name");
        private final String wire;

        HostnameType(String wire) {
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
        return KindInfo.of("Subnet", Spec.class, OwnershipForm.TAG)
                .description("A range of a VPC's addresses in one availability zone.")
                .output("id", "The subnet's id.")
                .output("availabilityZone", "The zone that it is in.")
                .output("cidrBlock", "Its IPv4 range.")
                .page("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html")
                .leavesOut("AvailabilityZoneId", "the zone is given by its name")
                .leavesOut("Ipv4IpamPoolId, Ipv4NetmaskLength", "ranges are declared, not taken from a pool")
                .leavesOut("Ipv6CidrBlock, Ipv6IpamPoolId, Ipv6Native, Ipv6NetmaskLength", "networks are IPv4 here")
                .leavesOut("OutpostArn", "there are no Outposts")
                .permissions(Permissions.on("ec2:{region}:{account}:subnet/*")
                        .lists("ec2:DescribeSubnets")
                        .reads("ec2:DescribeNetworkInterfaces")
                        .creates("ec2:CreateSubnet")
                        .touches("ec2:CreateSubnet", "ec2:{region}:{account}:vpc/*")
                        .tags("ec2:CreateTags", "ec2:DeleteTags")
                        .changes("ec2:DeleteSubnet")
                        .changesFor("mapPublicIpOnLaunch", "ec2:ModifySubnetAttribute")
                        .changesFor("privateDnsHostnameTypeOnLaunch", "ec2:ModifySubnetAttribute")
                        .changesFor("enableResourceNameDnsARecordOnLaunch", "ec2:ModifySubnetAttribute"))
                .build();
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        Ec2Client ec2 = scope.client(Ec2Client.class);
        Collection<Subnet> subnets = Ec2.find(
                scope,
                "subnet-id",
                Subnet::subnetId,
                f -> ec2.describeSubnetsPaginator(r -> r.filters(f).maxResults(Ec2.PAGE))
                        .subnets());
        return scope.each(subnets, s -> Ec2.identity(s.subnetId(), s.tags()), SubnetKind::observed);
    }

    private static Known<Spec> observed(Subnet subnet, Identity identity) {
        PrivateDnsNameOptionsOnLaunch dns = subnet.privateDnsNameOptionsOnLaunch();
        Known<Spec> known = Known.of(
                        identity,
                        new Spec(
                                subnet.vpcId(),
                                subnet.cidrBlock(),
                                subnet.availabilityZone(),
                                subnet.mapPublicIpOnLaunch(),
                                dns == null ? null : Ec2.constant(HostnameType.class, dns.hostnameTypeAsString()),
                                dns == null ? null : dns.enableResourceNameDnsARecord(),
                                identity.tags()))
                .output("id", subnet.subnetId())
                .output("availabilityZone", subnet.availabilityZone())
                .output("cidrBlock", subnet.cidrBlock());
        if (subnet.state() == SubnetState.PENDING) {
            return known.phase(Phase.Creating).health(Health.notReady("Pending", null));
        }
        return subnet.state() == SubnetState.AVAILABLE
                ? known
                : known.health(Health.notReady("Unavailable", "its state is " + subnet.stateAsString()));
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        Spec spec = desired.spec();
        return desired.client(Ec2Client.class)
                .createSubnet(r -> r.vpcId(spec.vpcId())
                        .cidrBlock(spec.cidrBlock())
                        .availabilityZone(spec.availabilityZone())
                        .tagSpecifications(Ec2.tags(ResourceType.SUBNET, spec.tags())))
                .subnet()
                .subnetId();
    }

    @Override
    public void update(Change<Spec> change) {
        Ec2Client ec2 = change.client(Ec2Client.class);
        Spec spec = change.spec();
        String id = change.physicalId();
        // One attribute a call.
        if (change.touches(Spec::mapPublicIpOnLaunch)) {
            ec2.modifySubnetAttribute(
                    r -> r.subnetId(id).mapPublicIpOnLaunch(b -> b.value(spec.mapPublicIpOnLaunch())));
        }
        if (change.touches(Spec::privateDnsHostnameTypeOnLaunch)) {
            ec2.modifySubnetAttribute(r ->
                    r.subnetId(id).privateDnsHostnameTypeOnLaunch(Ec2.text(spec.privateDnsHostnameTypeOnLaunch())));
        }
        if (change.touches(Spec::enableResourceNameDnsARecordOnLaunch)) {
            ec2.modifySubnetAttribute(r -> r.subnetId(id)
                    .enableResourceNameDnsARecordOnLaunch(b -> b.value(spec.enableResourceNameDnsARecordOnLaunch())));
        }
        Ec2.updateTags(ec2, change, Spec::tags);
    }

    @Override
    public void delete(Observed<Spec> observed) {
        observed.client(Ec2Client.class).deleteSubnet(r -> r.subnetId(observed.physicalId()));
    }

    @Override
    public List<String> holders(Observed<Spec> observed) {
        return Holders.interfaces(observed.client(Ec2Client.class), "subnet-id", observed.physicalId());
    }
}
