package dev.holdfast.twin.ec2;

import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinErrors;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;

/**
 * The twin of EC2's networking, with the calls that the kinds need. The interfaces that it implements contain these
 * calls by subject. Its own methods serve the twins of other services, whose resources use networks.
 */
public final class TwinEc2
        implements Ec2Client,
                TwinService,
                VpcCalls,
                SubnetCalls,
                GatewayCalls,
                AddressCalls,
                GroupCalls,
                RuleCalls,
                InterfaceCalls,
                RouteCalls,
                NatCalls,
                EndpointCalls,
                TagCalls {
    private final Ec2State state;

    public TwinEc2(TwinContext context) {
        this.state = new Ec2State(context);
    }

    @Override
    public Ec2State state() {
        state.settle();
        return state;
    }

    /** The subnet, visible or not; null if it does not exist. */
    public @Nullable Subnet subnet(@Nullable String subnetId) {
        return state().subnets.get(subnetId);
    }

    /** The VPC, visible or not; null if it does not exist. */
    public @Nullable Vpc vpc(@Nullable String vpcId) {
        return state().vpcs.get(vpcId);
    }

    /** The id of the VPC of a subnet; null if the subnet does not exist. */
    public @Nullable String vpcOf(@Nullable String subnetId) {
        Subnet subnet = subnet(subnetId);
        return subnet == null ? null : subnet.vpcId();
    }

    /** The subnets of a group of databases or caches, whose services return the same error for another VPC's subnet. */
    public List<Subnet> subnets(@Nullable String vpcId, Collection<String> asked) {
        List<Subnet> subnets = new ArrayList<>();
        for (String id : asked) {
            Subnet subnet = subnet(id);
            if (subnet == null || !subnet.vpcId().equals(vpcId)) {
                throw TwinErrors.refused("InvalidSubnet", "Some input subnets in :[" + id + "] are invalid.");
            }
            subnets.add(subnet);
        }
        return subnets;
    }

    /** The security group without its rules, visible or not; null if it does not exist. */
    public @Nullable SecurityGroup securityGroup(@Nullable String groupId) {
        return state().groups.get(groupId);
    }

    /** The id of a VPC's default group, which applies if a request names no group. */
    public @Nullable String defaultSecurityGroup(String vpcId) {
        return state().groups.all().stream()
                .filter(g -> g.groupName().equals("default") && g.vpcId().equals(vpcId))
                .map(SecurityGroup::groupId)
                .findFirst()
                .orElse(null);
    }

    /**
     * The security groups of a resource in a VPC: the groups of the request, or the VPC's default group if it names
     * none.
     *
     * @param refusal the service's error for a group that is not in the VPC
     */
    public List<String> securityGroups(
            String vpcId, List<String> asked, Function<String, AwsServiceException> refusal) {
        if (asked.isEmpty()) {
            String usual = defaultSecurityGroup(vpcId);
            return usual == null ? List.of() : List.of(usual);
        }
        for (String id : asked) {
            SecurityGroup group = securityGroup(id);
            if (group == null || !vpcId.equals(group.vpcId())) {
                throw refusal.apply(id);
            }
        }
        return List.copyOf(new TreeSet<>(asked));
    }

    /** The same for databases and caches, whose services return the same error. */
    public List<String> securityGroups(String vpcId, List<String> asked) {
        return securityGroups(
                vpcId,
                asked,
                id -> TwinErrors.refused(
                        "InvalidVPCNetworkStateFault", "The security group " + id + " is not in the VPC " + vpcId));
    }

    /** The interface with its private and public address and its zone, visible or not; null if it does not exist. */
    public @Nullable NetworkInterface networkInterface(@Nullable String interfaceId) {
        return state().interfaces.get(interfaceId);
    }

    /**
     * Creates an interface that another service uses. Until its deletion, its subnet, groups and VPC cannot be deleted.
     *
     * @param description the description that the service sets: {@code ELB app/name/id}
     * @param requesterManaged whether AWS manages the interface, so that the account cannot detach it
     * @return the id of the interface
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException the error of CreateNetworkInterface for a
     *     missing subnet or group, or for a full subnet
     */
    public String createInterface(
            String subnetId, Collection<String> groups, String description, boolean requesterManaged) {
        return InterfaceCalls.make(
                        state(), subnetId, groups, description, NetworkInterfaceType.INTERFACE, requesterManaged)
                .networkInterfaceId();
    }

    /**
     * Maps a public address to an interface. Meanwhile the VPC's internet gateway cannot be detached. @return the
     * address
     */
    public String mapPublicAddress(String interfaceId) {
        return InterfaceCalls.mapPublic(state(), interfaceId);
    }

    /** Replaces the groups of an interface, as SetSecurityGroups of a load balancer does. */
    public void setInterfaceGroups(String interfaceId, Collection<String> groups) {
        InterfaceCalls.regroup(state(), interfaceId, groups);
    }

    /**
     * Starts the deletion of an interface, which takes {@code NETWORK_INTERFACE_DELETE}. A missing interface is
     * ignored.
     */
    public void deleteInterface(String interfaceId) {
        state().leave(interfaceId);
    }

    /** Starts the deletion of an interface that takes another delay. */
    public void deleteInterface(String interfaceId, Delay delay) {
        state().leave(interfaceId, delay);
    }

    @Override
    public List<TwinItem> inventory() {
        return state().items();
    }
}
