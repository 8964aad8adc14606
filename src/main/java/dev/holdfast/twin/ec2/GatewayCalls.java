package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.inUse;
import static dev.holdfast.twin.ec2.Ec2Errors.invalid;

import java.util.List;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;

/** Internet gateways. */
interface GatewayCalls extends Ec2Client {
    Filters FILTERS = Filters.of(
            "internet-gateway-id",
            "owner-id",
            "attachment.vpc-id=attachments.vpc-id",
            "attachment.state=attachments.state");

    Ec2State state();

    static boolean attachedTo(InternetGateway gateway, String vpcId) {
        return gateway.attachments().stream().anyMatch(a -> a.vpcId().equals(vpcId));
    }

    @Override
    default CreateInternetGatewayResponse createInternetGateway(CreateInternetGatewayRequest r) {
        Ec2State s = state();
        s.check(ResourceType.INTERNET_GATEWAY, r.tagSpecifications());
        InternetGateway made = s.gateways.create(
                r,
                g -> g.internetGatewayId(s.id("igw"))
                        .ownerId(s.context.account())
                        .attachments(List.of()));
        return CreateInternetGatewayResponse.builder()
                .internetGateway(s.gateways.shown(made))
                .build();
    }

    @Override
    default DescribeInternetGatewaysResponse describeInternetGateways(DescribeInternetGatewaysRequest r) {
        Ec2State s = state();
        return s.describe(s.gateways, FILTERS, r, DescribeInternetGatewaysResponse.builder(), r.internetGatewayIds());
    }

    @Override
    default AttachInternetGatewayResponse attachInternetGateway(AttachInternetGatewayRequest r) {
        Ec2State s = state();
        InternetGateway gateway = s.gateways.need(r.internetGatewayId());
        s.vpcs.need(r.vpcId());
        if (!gateway.attachments().isEmpty()) {
            throw error(
                    "Resource.AlreadyAssociated",
                    "resource " + r.internetGatewayId() + " is already attached to network "
                            + gateway.attachments().getFirst().vpcId());
        }
        if (s.gateways.stream().anyMatch(g -> attachedTo(g, r.vpcId()))) {
            throw invalid("Network " + r.vpcId() + " already has an internet gateway attached");
        }
        s.gateways.put(gateway.toBuilder()
                .attachments(InternetGatewayAttachment.builder()
                        .vpcId(r.vpcId())
                        .state("available")
                        .build())
                .build());
        return AttachInternetGatewayResponse.builder().build();
    }

    @Override
    default DetachInternetGatewayResponse detachInternetGateway(DetachInternetGatewayRequest r) {
        Ec2State s = state();
        InternetGateway gateway = s.gateways.need(r.internetGatewayId());
        s.vpcs.need(r.vpcId());
        if (!attachedTo(gateway, r.vpcId())) {
            throw error(
                    "Gateway.NotAttached",
                    "resource " + r.internetGatewayId() + " is not attached to network " + r.vpcId());
        }
        boolean mapped = s.interfaces.stream().anyMatch(n -> n.vpcId().equals(r.vpcId()) && n.association() != null);
        if (mapped) {
            throw error(
                    "DependencyViolation",
                    "Network " + r.vpcId() + " has some mapped public address(es). Please unmap those public"
                            + " address(es) before detaching the gateway.");
        }
        s.gateways.put(gateway.toBuilder().attachments(List.of()).build());
        return DetachInternetGatewayResponse.builder().build();
    }

    @Override
    default DeleteInternetGatewayResponse deleteInternetGateway(DeleteInternetGatewayRequest r) {
        Ec2State s = state();
        InternetGateway gateway = s.gateways.need(r.internetGatewayId());
        if (!gateway.attachments().isEmpty()) {
            throw inUse("internetGateway", r.internetGatewayId());
        }
        s.gateways.remove(r.internetGatewayId());
        return DeleteInternetGatewayResponse.builder().build();
    }
}
