package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.invalid;
import static dev.holdfast.twin.ec2.Ec2Errors.missing;

import dev.holdfast.twin.store.Delay;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Address;
import software.amazon.awssdk.services.ec2.model.ConnectivityType;
import software.amazon.awssdk.services.ec2.model.CreateNatGatewayRequest;
import software.amazon.awssdk.services.ec2.model.CreateNatGatewayResponse;
import software.amazon.awssdk.services.ec2.model.DeleteNatGatewayRequest;
import software.amazon.awssdk.services.ec2.model.DeleteNatGatewayResponse;
import software.amazon.awssdk.services.ec2.model.DescribeNatGatewaysRequest;
import software.amazon.awssdk.services.ec2.model.DescribeNatGatewaysResponse;
import software.amazon.awssdk.services.ec2.model.NatGateway;
import software.amazon.awssdk.services.ec2.model.NatGatewayAddress;
import software.amazon.awssdk.services.ec2.model.NatGatewayState;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceType;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Subnet;

/**
 * NAT gateways: pending, then available, or failed for a reason that the create call did not tell; deleted ones stay to be
 * seen for about an hour.
 *
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html">Troubleshooting</a>
 */
interface NatCalls extends Ec2Client {
    Filters<NatGateway> FILTERS = Filters.of(NatGateway::tags)
            .one("nat-gateway-id", NatGateway::natGatewayId)
            .one("subnet-id", NatGateway::subnetId)
            .one("vpc-id", NatGateway::vpcId)
            .one("state", NatGateway::stateAsString);

    Ec2State state();

    static void settle(Ec2State s) {
        for (NatGateway nat : s.nats.all()) {
            switch (nat.state()) {
                case PENDING -> {
                    if (s.context.passed(Delay.NAT_GATEWAY, nat.createTime())) {
                        if (nat.failureCode() == null) {
                            s.nats.put(nat.natGatewayId(), inState(nat, NatGatewayState.AVAILABLE));
                        } else {
                            s.nats.put(nat.natGatewayId(), inState(nat, NatGatewayState.FAILED));
                        }
                    }
                }
                case DELETING -> {
                    if (s.context.passed(Delay.NAT_GATEWAY_DELETE, nat.deleteTime())) {
                        letGo(s, nat);
                        s.nats.put(nat.natGatewayId(), inState(nat, NatGatewayState.DELETED));
                    }
                }
                case DELETED -> {
                    if (s.context.passed(Delay.NAT_GATEWAY_LINGERS, nat.deleteTime())) {
                        s.drop(s.nats, nat.natGatewayId());
                    }
                }
                case FAILED -> {
                    if (s.context.passed(Delay.NAT_GATEWAY_LINGERS, nat.createTime())) {
                        s.drop(s.nats, nat.natGatewayId());
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
                s.drop(s.interfaces, a.networkInterfaceId());
            }
            Address address = s.addresses.get(a.allocationId());
            if (address != null) {
                s.addresses.put(
                        address.allocationId(),
                        address.toBuilder()
                                .associationId(null)
                                .networkInterfaceId(null)
                                .networkInterfaceOwnerId(null)
                                .privateIpAddress(null)
                                .build());
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
                .natGateway(shown(s, s.need(s.nats, id, Ec2Errors::noNat)))
                .build();
    }

    private static String make(Ec2State s, CreateNatGatewayRequest r) {
        Subnet subnet = s.need(s.subnets, r.subnetId(), Ec2Errors::noSubnet);
        ConnectivityType type = r.connectivityType() == null ? ConnectivityType.PUBLIC : r.connectivityType();
        boolean open = type == ConnectivityType.PUBLIC;
        if (open && r.allocationId() == null) {
            throw missing("AllocationId");
        }
        if (!open && r.allocationId() != null) {
            throw invalid("An allocation ID cannot be specified for a private NAT gateway");
        }
        Address address = open ? s.need(s.addresses, r.allocationId(), Ec2Errors::noAllocation) : null;
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
        s.nats.put(id, made.failureCode() == null ? connect(s, made, address) : made);
        s.tag(id, r.tagSpecifications());
        return id;
    }

    private static void fail(Ec2State s, NatGateway.Builder nat, Subnet subnet, @Nullable Address address) {
        if (address != null && s.gateways.all().stream().noneMatch(g -> GatewayCalls.attachedTo(g, subnet.vpcId()))) {
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
            s.addresses.put(
                    address.allocationId(),
                    address.toBuilder()
                            .associationId(association)
                            .networkInterfaceId(face.networkInterfaceId())
                            .networkInterfaceOwnerId(s.context.account())
                            .privateIpAddress(face.privateIpAddress())
                            .build());
            s.interfaces.put(
                    face.networkInterfaceId(),
                    face.toBuilder()
                            .association(a -> a.allocationId(address.allocationId())
                                    .associationId(association)
                                    .ipOwnerId(s.context.account())
                                    .publicIp(address.publicIp()))
                            .build());
        }
        return nat.toBuilder().natGatewayAddresses(own.build()).build();
    }

    private static NatGateway shown(Ec2State s, NatGateway nat) {
        NatGateway.Builder shown = nat.toBuilder().tags(s.tagList(nat.natGatewayId()));
        if (nat.state() == NatGatewayState.PENDING) {
            shown.failureCode(null).failureMessage(null);
        }
        return shown.build();
    }

    @Override
    default DescribeNatGatewaysResponse describeNatGateways(DescribeNatGatewaysRequest r) {
        Ec2State s = state();
        var page = s.describe(
                s.nats.visible().stream().map(n -> shown(s, n)).toList(),
                NatGateway::natGatewayId,
                Ec2Errors::noNat,
                FILTERS,
                new Ec2State.Asked(r.natGatewayIds(), r.filter(), r.nextToken(), r.maxResults()),
                5);
        return DescribeNatGatewaysResponse.builder()
                .natGateways(page.items())
                .nextToken(page.next())
                .build();
    }

    @Override
    default DeleteNatGatewayResponse deleteNatGateway(DeleteNatGatewayRequest r) {
        Ec2State s = state();
        NatGateway nat = s.need(s.nats, r.natGatewayId(), Ec2Errors::noNat);
        if (nat.state() != NatGatewayState.DELETING && nat.state() != NatGatewayState.DELETED) {
            s.nats.put(
                    nat.natGatewayId(),
                    nat.toBuilder()
                            .state(NatGatewayState.DELETING)
                            .deleteTime(s.context.now())
                            .build());
        }
        return DeleteNatGatewayResponse.builder().natGatewayId(r.natGatewayId()).build();
    }
}
