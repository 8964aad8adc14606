package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.inUse;
import static dev.holdfast.twin.ec2.Ec2Errors.invalid;

import java.util.List;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AttachInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.AttachInternetGatewayResponse;
import software.amazon.awssdk.services.ec2.model.CreateInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.CreateInternetGatewayResponse;
import software.amazon.awssdk.services.ec2.model.DeleteInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.DeleteInternetGatewayResponse;
import software.amazon.awssdk.services.ec2.model.DescribeInternetGatewaysRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInternetGatewaysResponse;
import software.amazon.awssdk.services.ec2.model.DetachInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.DetachInternetGatewayResponse;
import software.amazon.awssdk.services.ec2.model.InternetGateway;
import software.amazon.awssdk.services.ec2.model.InternetGatewayAttachment;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/** Internet gateways. */
interface GatewayCalls extends Ec2Client {
    Filters<InternetGateway> FILTERS = Filters.of(InternetGateway::tags)
            .one("internet-gateway-id", InternetGateway::internetGatewayId)
            .one("owner-id", InternetGateway::ownerId)
            .many(
                    "attachment.vpc-id",
                    g -> g.attachments().stream()
                            .map(InternetGatewayAttachment::vpcId)
                            .toList())
            .many(
                    "attachment.state",
                    g -> g.attachments().stream()
                            .map(InternetGatewayAttachment::stateAsString)
                            .toList());

    Ec2State state();

    static boolean attachedTo(InternetGateway gateway, String vpcId) {
        return gateway.attachments().stream().anyMatch(a -> a.vpcId().equals(vpcId));
    }

    @Override
    default CreateInternetGatewayResponse createInternetGateway(CreateInternetGatewayRequest r) {
        Ec2State s = state();
        s.check(ResourceType.INTERNET_GATEWAY, r.tagSpecifications());
        String id = s.id("igw");
        InternetGateway made = InternetGateway.builder()
                .internetGatewayId(id)
                .ownerId(s.context.account())
                .attachments(List.of())
                .build();
        s.gateways.put(id, made);
        s.tag(id, r.tagSpecifications());
        return CreateInternetGatewayResponse.builder()
                .internetGateway(made.toBuilder().tags(s.tagList(id)).build())
                .build();
    }

    @Override
    default DescribeInternetGatewaysResponse describeInternetGateways(DescribeInternetGatewaysRequest r) {
        Ec2State s = state();
        List<InternetGateway> all = s.gateways.visible().stream()
                .map(g -> g.toBuilder().tags(s.tagList(g.internetGatewayId())).build())
                .toList();
        var page = s.describe(
                all,
                InternetGateway::internetGatewayId,
                Ec2Errors::noGateway,
                FILTERS,
                new Ec2State.Asked(r.internetGatewayIds(), r.filters(), r.nextToken(), r.maxResults()),
                5);
        return DescribeInternetGatewaysResponse.builder()
                .internetGateways(page.items())
                .nextToken(page.next())
                .build();
    }

    @Override
    default AttachInternetGatewayResponse attachInternetGateway(AttachInternetGatewayRequest r) {
        Ec2State s = state();
        InternetGateway gateway = s.need(s.gateways, r.internetGatewayId(), Ec2Errors::noGateway);
        s.need(s.vpcs, r.vpcId(), Ec2Errors::noVpc);
        if (!gateway.attachments().isEmpty()) {
            throw error(
                    "Resource.AlreadyAssociated",
                    "resource " + r.internetGatewayId() + " is already attached to network "
                            + gateway.attachments().getFirst().vpcId());
        }
        if (s.gateways.all().stream().anyMatch(g -> attachedTo(g, r.vpcId()))) {
            throw invalid("Network " + r.vpcId() + " already has an internet gateway attached");
        }
        s.gateways.put(
                r.internetGatewayId(),
                gateway.toBuilder()
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
        InternetGateway gateway = s.need(s.gateways, r.internetGatewayId(), Ec2Errors::noGateway);
        s.need(s.vpcs, r.vpcId(), Ec2Errors::noVpc);
        if (!attachedTo(gateway, r.vpcId())) {
            throw error(
                    "Gateway.NotAttached",
                    "resource " + r.internetGatewayId() + " is not attached to network " + r.vpcId());
        }
        boolean mapped =
                s.interfaces.all().stream().anyMatch(n -> n.vpcId().equals(r.vpcId()) && n.association() != null);
        if (mapped) {
            throw error(
                    "DependencyViolation",
                    "Network " + r.vpcId() + " has some mapped public address(es). Please unmap those public"
                            + " address(es) before detaching the gateway.");
        }
        s.gateways.put(
                r.internetGatewayId(),
                gateway.toBuilder().attachments(List.of()).build());
        return DetachInternetGatewayResponse.builder().build();
    }

    @Override
    default DeleteInternetGatewayResponse deleteInternetGateway(DeleteInternetGatewayRequest r) {
        Ec2State s = state();
        InternetGateway gateway = s.need(s.gateways, r.internetGatewayId(), Ec2Errors::noGateway);
        if (!gateway.attachments().isEmpty()) {
            throw inUse("internetGateway", r.internetGatewayId());
        }
        s.drop(s.gateways, r.internetGatewayId());
        return DeleteInternetGatewayResponse.builder().build();
    }
}
