package dev.holdfast.kinds.ec2;

import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.Map;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Address;
import software.amazon.awssdk.services.ec2.model.AllocateAddressRequest;
import software.amazon.awssdk.services.ec2.model.DomainType;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/** A public IPv4 address that is allocated to the account. */
@Singleton
public final class ElasticIpKind extends DeclaredKind<ElasticIpKind.Spec> {

    /** @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AllocateAddress.html">AllocateAddress</a> */
    public record Spec(
            @Doc("The pool of the address: amazon, or the id of a pool of the account.") @Immutable
            String publicIpv4Pool,

            @Doc("The zones or local zones from which AWS announces the address; the region if absent.") @Immutable
            String networkBorderGroup,

            @Doc("Tags.") @TagMap Map<String, String> tags) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Ec2.kind("ElasticIp", Spec.class)
                .description(
                        "A public IPv4 address that does not change, for NAT gateways, instances and load balancers.")
                // DescribeAddresses has no pages.
                .finds(Ec2.find(
                        Address::allocationId,
                        (ec2, f) -> ec2.describeAddresses(r -> r.filters(f)).addresses()))
                .id(Address::allocationId)
                .tags(Ec2.tagging(ResourceType.ELASTIC_IP))
                .creates(
                        AllocateAddressRequest::builder,
                        (request, desired) -> request.domain(DomainType.VPC),
                        Ec2Client::allocateAddress)
                .deletesObserved(ElasticIpKind::release)
                .output("allocationId", "The id of the allocation.", Address::allocationId)
                .output("publicIp", "The address.", Address::publicIp)
                .leavesOut("Domain", "its only value is vpc, because AWS ended EC2-Classic")
                .leavesOut("Address", "the recovery of a released address is done once, by hand")
                .leavesOut("CustomerOwnedIpv4Pool", "it is for Outposts, which this kind does not support")
                .leavesOut("IpamPoolId", "Holdfast does not manage IPAM pools yet")
                // EC2 gives this answer while a NAT gateway that is being deleted holds the address:
                // https://github.com/kubernetes/kops/issues/938
                .fault("AuthFailure", "do not have permission to access the specified resource", DEPENDENCY)
                .fault("InvalidNetworkInterfaceID.NotFound", DEPENDENCY)
                .fault("InvalidIPAddress.InUse", DEPENDENCY)
                .fault("AddressLimitExceeded", QUOTA)
                .permissions(Permissions.on("ec2:{region}:{account}:elastic-ip/*"))
                .page("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AllocateAddress.html");
    }

    /**
     * Without the border group, EC2 does not find an address that the region itself does not announce.
     *
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html">ReleaseAddress</a>
     */
    private static void release(Ec2Client ec2, Observed<Spec> observed) {
        String group = observed.spec().networkBorderGroup();
        boolean elsewhere = group != null && !group.equals(observed.clients().region());
        ec2.releaseAddress(r -> r.allocationId(observed.physicalId()).networkBorderGroup(elsewhere ? group : null));
    }
}
