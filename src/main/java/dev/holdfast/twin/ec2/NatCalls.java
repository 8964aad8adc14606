package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.invalid;
import static dev.holdfast.twin.ec2.Ec2Errors.missing;

import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinTags;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;

/**
 * NAT gateways. They are pending at first, then available, or failed for a reason that the create call did not return.
 * Reads return a deleted gateway for about an hour.
 *
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html">Troubleshooting</a>
 */
interface NatCalls extends Ec2Client {
    Filters FILTERS = Filters.of("nat-gateway-id", "subnet-id", "vpc-id", "state");

    Ec2State state();

    static void settle(Ec2State s) {
        for (NatGateway nat : s.nats.all()) {
            switch (nat.state()) {
                case PENDING -> {
                    if (s.context.passed(Delay.NAT_GATEWAY, nat.createTime())) {
                        if (nat.failureCode() == null) {
                            s.nats.put(inState(nat, NatGatewayState.AVAILABLE));
                        } else {
                            s.nats.put(inState(nat, NatGatewayState.FAILED));
                        }
                    }
                }
                case DELETING -> {
                    if (s.context.passed(Delay.NAT_GATEWAY_DELETE, nat.deleteTime())) {
                        letGo(s, nat);
                        s.nats.put(inState(nat, NatGatewayState.DELETED));
                    }
                }
                case DELETED -> {
                    if (s.context.passed(Delay.NAT_GATEWAY_LINGERS, nat.deleteTime())) {
                        s.nats.remove(nat.natGatewayId());
                    }
                }
                case FAILED -> {
                    if (s.context.passed(Delay.NAT_GATEWAY_LINGERS, nat.createTime())) {
                        s.nats.remove(nat.natGatewayId());
                    }
                }
                default -> {}
            }
        }
    }

    private static NatGateway inState(NatGateway nat, NatGatewayState now) {
        return nat.toBuilder().state(now).build();
    }

    private static void letGo(Ec2State s, NatGateway nat) {
        for (NatGatewayAddress a : nat.natGatewayAddresses()) {
            if (a.networkInterfaceId() != null) {
                s.interfaces.remove(a.networkInterfaceId());
            }
            if (s.addresses.has(a.allocationId())) {
                s.addresses.change(
                        a.allocationId(),
                        address -> address.associationId(null)
                                .networkInterfaceId(null)
                                .networkInterfaceOwnerId(null)
                                .privateIpAddress(null));
            }
        }
    }

    @Override
    default CreateNatGatewayResponse createNatGateway(CreateNatGatewayRequest r) {
        Ec2State s = state();
        s.check(ResourceType.NATGATEWAY, r.tagSpecifications());
        String id = s.once(r.clientToken(), r, () -> make(s, r));
        return CreateNatGatewayResponse.builder()
                .clientToken(r.clientToken())
                .natGateway(s.nats.shown(id))
                .build();
    }

    private static String make(Ec2State s, CreateNatGatewayRequest r) {
        Subnet subnet = s.subnets.need(r.subnetId());
        ConnectivityType type = r.connectivityType() == null ? ConnectivityType.PUBLIC : r.connectivityType();
        boolean open = type == ConnectivityType.PUBLIC;
        if (open && r.allocationId() == null) {
            throw missing("AllocationId");
        }
        if (!open && r.allocationId() != null) {
            throw invalid("An allocation ID cannot be specified for a private NAT gateway");
        }
        Address address = open ? s.addresses.need(r.allocationId()) : null;
        String id = s.id("nat");
        NatGateway.Builder nat = NatGateway.builder()
                .natGatewayId(id)
                .subnetId(subnet.subnetId())
                .vpcId(subnet.vpcId())
                .connectivityType(type)
                .createTime(s.context.now())
                .state(NatGatewayState.PENDING)
                .natGatewayAddresses(NatGatewayAddress.builder()
                        .allocationId(r.allocationId())
                        .isPrimary(true)
                        .build());
        fail(s, nat, subnet, address);
        NatGateway made = nat.build();
        s.nats.add(made.failureCode() == null ? connect(s, made, address) : made, TwinTags.in(r));
        return id;
    }

    private static void fail(Ec2State s, NatGateway.Builder nat, Subnet subnet, @Nullable Address address) {
        if (address != null && s.gateways.stream().noneMatch(g -> GatewayCalls.attachedTo(g, subnet.vpcId()))) {
            nat.failureCode("Gateway.NotAttached")
                    .failureMessage("Network " + subnet.vpcId() + " has no Internet gateway attached");
        } else if (address != null && address.associationId() != null) {
            nat.failureCode("Resource.AlreadyAssociated")
                    .failureMessage("Elastic IP address [" + address.allocationId() + "] is already associated");
        }
    }

    private static NatGateway connect(Ec2State s, NatGateway nat, @Nullable Address address) {
        NetworkInterface face = InterfaceCalls.make(
                s,
                nat.subnetId(),
                List.of(),
                "Interface for NAT Gateway " + nat.natGatewayId(),
                NetworkInterfaceType.NAT_GATEWAY,
                true);
        NatGatewayAddress.Builder own = NatGatewayAddress.builder()
                .isPrimary(true)
                .networkInterfaceId(face.networkInterfaceId())
                .privateIp(face.privateIpAddress());
        if (address != null) {
            String association = s.id("eipassoc");
            own.allocationId(address.allocationId()).associationId(association).publicIp(address.publicIp());
            s.addresses.put(address.toBuilder()
                    .associationId(association)
                    .networkInterfaceId(face.networkInterfaceId())
                    .networkInterfaceOwnerId(s.context.account())
                    .privateIpAddress(face.privateIpAddress())
                    .build());
            s.interfaces.put(face.toBuilder()
                    .association(a -> a.allocationId(address.allocationId())
                            .associationId(association)
                            .ipOwnerId(s.context.account())
                            .publicIp(address.publicIp()))
                    .build());
        }
        return nat.toBuilder().natGatewayAddresses(own.build()).build();
    }

    /** EC2 shows the reason of a failure only after the gateway has failed. */
    static void hideFailure(NatGateway nat, NatGateway.Builder shown) {
        if (nat.state() == NatGatewayState.PENDING) {
            shown.failureCode(null).failureMessage(null);
        }
    }

    @Override
    default DescribeNatGatewaysResponse describeNatGateways(DescribeNatGatewaysRequest r) {
        Ec2State s = state();
        return s.describe(s.nats, FILTERS, r, DescribeNatGatewaysResponse.builder(), r.natGatewayIds());
    }

    @Override
    default DeleteNatGatewayResponse deleteNatGateway(DeleteNatGatewayRequest r) {
        Ec2State s = state();
        NatGateway nat = s.nats.need(r.natGatewayId());
        if (nat.state() != NatGatewayState.DELETING && nat.state() != NatGatewayState.DELETED) {
            s.nats.put(nat.toBuilder()
                    .state(NatGatewayState.DELETING)
                    .deleteTime(s.context.now())
                    .build());
        }
        return DeleteNatGatewayResponse.builder().natGatewayId(r.natGatewayId()).build();
    }
}
