package dev.holdfast.kinds.ec2;

import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.kind.*;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ConnectivityType;
import software.amazon.awssdk.services.ec2.model.CreateNatGatewayRequest;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.NatGateway;
import software.amazon.awssdk.services.ec2.model.NatGatewayAddress;
import software.amazon.awssdk.services.ec2.model.NatGatewayState;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/** A NAT gateway in a subnet. */
@Singleton
public final class NatGatewayKind extends DeclaredKind<NatGatewayKind.Spec> {
    /** All states except {@code deleted}: EC2 still lists a deleted gateway for about an hour. */
    private static final Filter NOT_DELETED =
            Ec2.filter("state", List.of("pending", "available", "deleting", "failed"));

    /** @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html">CreateNatGateway</a> */
    public record Spec(
            @Doc("The subnet of the gateway. For a public gateway, the VPC must already have an internet gateway.")
            @Required
            @Immutable
            @Ref("Subnet")
            String subnetId,

            @Doc("The Elastic IP address of a public gateway.")
            @Immutable
            @Unique
            @Ref("ElasticIp")
            @OnlyWith(
                    field = "connectivityType",
                    value = {"", "public"})
            String allocationId,

            @Doc("Whether the gateway leads to the internet (public) or not (private); public if absent.") @Immutable
            ConnectivityType connectivityType,

            @Doc("Tags.") @TagMap Map<String, String> tags) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Ec2.kind("NatGateway", Spec.class)
                .description("The gateway through which resources in private subnets reach other networks.")
                .finds(Ec2.find(
                        NatGateway::natGatewayId,
                        (ec2, f) -> ec2.describeNatGatewaysPaginator(
                                        r -> r.filter(f, NOT_DELETED).maxResults(Ec2.PAGE))
                                .natGateways()))
                .id(NatGateway::natGatewayId)
                .tags(Ec2.tagging(ResourceType.NATGATEWAY))
                .reads(Spec::allocationId, gateway -> ofAddress(gateway, NatGatewayAddress::allocationId))
                .state(NatGatewayKind::state)
                .creates(CreateNatGatewayRequest::builder, Ec2Client::createNatGateway)
                .deletes((ec2, id) -> ec2.deleteNatGateway(r -> r.natGatewayId(id)))
                .output("id", "The gateway's id.", NatGateway::natGatewayId)
                .output(
                        "publicIp",
                        "The public address of outgoing connections.",
                        gateway -> ofAddress(gateway, NatGatewayAddress::publicIp))
                .leavesOut("PrivateIpAddress", "AWS selects an address in the subnet")
                .leavesOut(
                        "SecondaryAllocationIds, SecondaryPrivateIpAddresses, SecondaryPrivateIpAddressCount",
                        "not offered yet: a gateway has one address, which carries 55,000 connections to each destination")
                .leavesOut(
                        "AvailabilityMode, AvailabilityZoneAddresses, VpcId",
                        "regional gateways are not offered yet; a zonal gateway in each zone has the same effect")
                .fault("NatGatewayLimitExceeded", QUOTA)
                .permissions(Permissions.on("ec2:{region}:{account}:natgateway/*")
                        .touchesOwn(
                                "ec2:CreateNatGateway",
                                "ec2:{region}:{account}:subnet/*",
                                "ec2:{region}:{account}:elastic-ip/*"))
                .page("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html");
    }

    /** A value of the primary address. */
    private static @Nullable String ofAddress(NatGateway gateway, Function<NatGatewayAddress, @Nullable String> value) {
        return gateway.natGatewayAddresses().stream()
                .filter(a -> !Boolean.FALSE.equals(a.isPrimary()))
                .findFirst()
                .map(value)
                .orElse(null);
    }

    /** AWS deletes a failed gateway by itself, within about an hour:
     * https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html */
    private static Known<Spec> state(Known<Spec> known, NatGateway gateway) {
        Health failed = Health.notReady(
                gateway.failureCode() == null ? "Failed" : gateway.failureCode(), gateway.failureMessage());
        return Ec2.state(
                known.createdAt(gateway.createTime())
                        .phase(gateway.state() == NatGatewayState.FAILED ? Phase.Deleting : Phase.Steady),
                gateway.stateAsString(),
                failed);
    }
}
