package dev.holdfast.kinds.ec2;

import dev.holdfast.kind.*;
import dev.holdfast.model.Health;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateSubnetRequest;
import software.amazon.awssdk.services.ec2.model.HostnameType;
import software.amazon.awssdk.services.ec2.model.ModifySubnetAttributeRequest;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Subnet;

/** A subnet of a VPC, in one availability zone. */
@Singleton
public final class SubnetKind extends DeclaredKind<SubnetKind.Spec> {

    /** @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html">CreateSubnet</a> */
    public record Spec(
            @Doc("The VPC of the subnet.") @Required @Immutable @Ref("Vpc")
            String vpcId,

            @Doc("The IPv4 network range, in CIDR notation, within the range of the VPC.")
            @Required
            @Immutable
            @Unique(within = "vpcId")
            String cidrBlock,

            @Doc("The availability zone, by name (eu-west-2a).") @Immutable
            String availabilityZone,

            @Doc("Whether resources that are launched in the subnet get a public IPv4 address.")
            Boolean mapPublicIpOnLaunch,

            @Doc("The source of the DNS host names of instances.")
            @ReadFrom("privateDnsNameOptionsOnLaunch.hostnameType")
            HostnameType privateDnsHostnameTypeOnLaunch,

            @Doc("Whether DNS answers queries for resource names with A records.")
            @ReadFrom("privateDnsNameOptionsOnLaunch.enableResourceNameDnsARecord")
            Boolean enableResourceNameDnsARecordOnLaunch,

            @Doc("Tags.") @TagMap Map<String, String> tags) {
        public Spec {
            cidrBlock = Ec2.cidr(cidrBlock);
        }
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Ec2.kind("Subnet", Spec.class)
                .description("A range of a VPC's addresses in one availability zone.")
                .finds(Ec2.find(
                        Subnet::subnetId,
                        (ec2, f) -> ec2.describeSubnetsPaginator(
                                        r -> r.filters(f).maxResults(Ec2.PAGE))
                                .subnets()))
                .id(Subnet::subnetId)
                .tags(Ec2.tagging(ResourceType.SUBNET))
                .state((known, subnet) -> Ec2.state(
                        known,
                        subnet.stateAsString(),
                        Health.notReady("Unavailable", "the state of the subnet is " + subnet.stateAsString())))
                .creates(CreateSubnetRequest::builder, Ec2Client::createSubnet)
                .changesOneByOne(ModifySubnetAttributeRequest::builder, Ec2Client::modifySubnetAttribute)
                .deletes((ec2, id) -> ec2.deleteSubnet(r -> r.subnetId(id)))
                .output("id", "The subnet's id.", Subnet::subnetId)
                .output("availabilityZone", "The zone of the subnet.", Subnet::availabilityZone)
                .output("cidrBlock", "The subnet's IPv4 range.", Subnet::cidrBlock)
                .leavesOut("AvailabilityZoneId", "availabilityZone sets the zone by its name")
                .leavesOut("Ipv4IpamPoolId, Ipv4NetmaskLength", "Holdfast does not manage IPAM pools yet")
                .leavesOut(
                        "Ipv6CidrBlock, Ipv6IpamPoolId, Ipv6Native, Ipv6NetmaskLength",
                        "IPv6 is not offered yet, neither here nor in VPCs")
                .leavesOut("OutpostArn", "it is for Outposts, which this kind does not support")
                .permissions(Permissions.on("ec2:{region}:{account}:subnet/*")
                        .touchesOwn("ec2:CreateSubnet", "ec2:{region}:{account}:vpc/*"))
                .page("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html");
    }

    @Override
    public List<String> holders(Observed<Spec> observed) {
        return Ec2.interfaces(observed.client(Ec2Client.class), "subnet-id", observed.physicalId());
    }
}
