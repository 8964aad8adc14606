package dev.holdfast.kinds.ec2;

import dev.holdfast.aws.FaultRule;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.TagMap;
import dev.holdfast.model.Fault;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Address;
import software.amazon.awssdk.services.ec2.model.DomainType;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/** A public IPv4 address of the account's own. */
@Singleton
public final class ElasticIpKind implements Kind<ElasticIpKind.Spec> {

    /** @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AllocateAddress.html">AllocateAddress</a> */
    public record Spec(
            @Doc("The pool that the address is taken from: amazon, or the id of one's own.") @Immutable @Nullable
            String publicIpv4Pool,

            @Doc("The zones or local zones from which AWS announces the address; the region, if nothing is said.")
            @Immutable
            @Nullable
            String networkBorderGroup,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {}

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("ElasticIp", Spec.class, OwnershipForm.TAG)
                .description(
                        "A public IPv4 address that stays the same: for a NAT gateway, an instance, a load balancer.")
                .output("allocationId", "The id of its allocation.")
                .output("publicIp", "The address.")
                .page("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AllocateAddress.html")
                .leavesOut("Domain", "it is vpc since EC2-Classic is gone")
                .leavesOut("Address", "to recover a released address is done once, by hand")
                .leavesOut("CustomerOwnedIpv4Pool", "there are no Outposts")
                .leavesOut("IpamPoolId", "address pools are not managed here")
                // A NAT gateway that is still going holds its address, and EC2 answers so:
                // https://github.com/kubernetes/kops/issues/938
                .fault(FaultRule.of(
                        "AuthFailure",
                        "do not have permission to access the specified resource",
                        Fault.Category.DEPENDENCY))
                .fault(FaultRule.of("InvalidNetworkInterfaceID.NotFound", Fault.Category.DEPENDENCY))
                .fault(FaultRule.of("InvalidIPAddress.InUse", Fault.Category.DEPENDENCY))
                .fault(FaultRule.of("AddressLimitExceeded", Fault.Category.QUOTA))
                .permissions(Permissions.on("ec2:{region}:{account}:elastic-ip/*")
                        .lists("ec2:DescribeAddresses")
                        .creates("ec2:AllocateAddress")
                        .tags("ec2:CreateTags", "ec2:DeleteTags")
                        .changes("ec2:ReleaseAddress"))
                .build();
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        Ec2Client ec2 = scope.client(Ec2Client.class);
        // This call has no pages.
        Collection<Address> addresses = Ec2.find(
                scope,
                "allocation-id",
                Address::allocationId,
                f -> ec2.describeAddresses(r -> r.filters(f)).addresses()::iterator);
        return scope.each(
                addresses,
                a -> Ec2.identity(a.allocationId(), a.tags()),
                (a, identity) -> Known.of(
                                identity, new Spec(a.publicIpv4Pool(), a.networkBorderGroup(), identity.tags()))
                        .output("allocationId", a.allocationId())
                        .output("publicIp", a.publicIp()));
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        Spec spec = desired.spec();
        return desired.client(Ec2Client.class)
                .allocateAddress(r -> r.domain(DomainType.VPC)
                        .publicIpv4Pool(spec.publicIpv4Pool())
                        .networkBorderGroup(spec.networkBorderGroup())
                        .tagSpecifications(Ec2.tags(ResourceType.ELASTIC_IP, spec.tags())))
                .allocationId();
    }

    @Override
    public void update(Change<Spec> change) {
        Ec2.updateTags(change.client(Ec2Client.class), change, Spec::tags);
    }

    /**
     * Without its group EC2 does not find an address that is announced elsewhere than from the region.
     *
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html">ReleaseAddress</a>
     */
    @Override
    public void delete(Observed<Spec> observed) {
        String group = observed.spec().networkBorderGroup();
        boolean elsewhere = group != null && !group.equals(observed.clients().region());
        observed.client(Ec2Client.class)
                .releaseAddress(
                        r -> r.allocationId(observed.physicalId()).networkBorderGroup(elsewhere ? group : null));
    }
}
