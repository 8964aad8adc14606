package dev.holdfast.twin.ec2;

import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinErrors;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;

/**
 * The twin of EC2's networking, as far as the kinds need it. Its calls are written by subject, in the interfaces that it
 * implements; beside them it offers the twins of other services what their things stand in.
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

    /** The subnet, seen or not, or null if there is none. */
    public @Nullable Subnet subnet(@Nullable String subnetId) {
        return state().subnets.get(subnetId);
    }

    /** The VPC, seen or not, or null if there is none. */
    public @Nullable Vpc vpc(@Nullable String vpcId) {
        return state().vpcs.get(vpcId);
    }

    /** The id of the VPC that a subnet is in, or null if there is no such subnet. */
    public @Nullable String vpcOf(@Nullable String subnetId) {
        Subnet subnet = subnet(subnetId);
        return subnet == null ? null : subnet.vpcId();
    }

    /** The security group without its rules, seen or not, or null if there is none. */
    public @Nullable SecurityGroup securityGroup(@Nullable String groupId) {
        return state().groups.get(groupId);
    }

    /** The id of the default group of a VPC, which applies where a request names no group. */
    public @Nullable String defaultSecurityGroup(String vpcId) {
        return state().groups.all().stream()
                .filter(g -> g.groupName().equals("default") && g.vpcId().equals(vpcId))
                .map(SecurityGroup::groupId)
                .findFirst()
                .orElse(null);
    }

    /**
     * The security groups of something in a VPC: those asked for, or the VPC's default group where none is.
     *
     * @param refusal of a group that is not in the VPC, in the words of the service
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

    /** The same for databases and caches, whose services say it alike. */
    public List<String> securityGroups(String vpcId, List<String> asked) {
        return securityGroups(
                vpcId,
                asked,
                id -> TwinErrors.error(
                        400,
                        "InvalidVPCNetworkStateFault",
                        "The security group " + id + " is not in the VPC " + vpcId));
    }

    /** The interface, seen or not, or null if there is none: its private and public address, its zone. */
    public @Nullable NetworkInterface networkInterface(@Nullable String interfaceId) {
        return state().interfaces.get(interfaceId);
    }

    /**
     * Makes an interface that another service uses. It holds its subnet, its groups and its VPC until it is deleted.
     *
     * @param description as the service writes it, {@code ELB app/name/id}
     * @param requesterManaged whether AWS keeps it, so that the account cannot detach it
     * @return its id
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException as CreateNetworkInterface does, for a subnet or
     *     group that is not there, or a full subnet
     */
    public String createInterface(
            String subnetId, Collection<String> groups, String description, boolean requesterManaged) {
        return InterfaceCalls.make(
                        state(), subnetId, groups, description, NetworkInterfaceType.INTERFACE, requesterManaged)
                .networkInterfaceId();
    }

    /** Maps a public address to an interface; the VPC's internet gateway cannot be detached while it has one. @return the address */
    public String mapPublicAddress(String interfaceId) {
        return InterfaceCalls.mapPublic(state(), interfaceId);
    }

    /** Gives an interface other groups, as SetSecurityGroups of a load balancer does. */
    public void setInterfaceGroups(String interfaceId, Collection<String> groups) {
        InterfaceCalls.regroup(state(), interfaceId, groups);
    }

    /** Begins to delete an interface, which is gone after {@code NETWORK_INTERFACE_DELETE}. Nothing happens if it does not exist. */
    public void deleteInterface(String interfaceId) {
        state().leave(interfaceId);
    }

    /** The same for an interface that is gone after another delay. */
    public void deleteInterface(String interfaceId, Delay delay) {
        state().leave(interfaceId, delay);
    }

    @Override
    public List<TwinItem> inventory() {
        return state().items();
    }
}
