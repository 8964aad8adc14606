package dev.holdfast.kinds.ec2;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.aws.FaultRule;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.Unique;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.NatGateway;
import software.amazon.awssdk.services.ec2.model.NatGatewayAddress;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/** A NAT gateway in a subnet. */
@Singleton
public final class NatGatewayKind implements Kind<NatGatewayKind.Spec> {
    /** All but {@code deleted}: a deleted gateway is still told of for about an hour. */
    private static final Filter THERE = Ec2.filter("state", List.of("pending", "available", "deleting", "failed"));

    /** @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html">CreateNatGateway</a> */
    public record Spec(
            @Doc("The subnet that it stands in. For a public one, the VPC must have its internet gateway by then.")
            @Required
            @Immutable
            @Ref("Subnet")
            @Nullable
            String subnetId,

            @Doc("The Elastic IP address of a public gateway.") @Immutable @Unique @Ref("ElasticIp") @Nullable
            String allocationId,

            @Doc("Whether it leads to the internet; public, if nothing is said.") @Immutable @Nullable
            ConnectivityType connectivityType,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {}

    public enum ConnectivityType {
        PUBLIC("public"),
        PRIVATE("private");
        private final String wire;

        ConnectivityType(String wire) {
            this.wire = wire;
        }

        @JsonValue
        @Override
        public String toString() {
            return wire;
        }
    }

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("NatGateway", Spec.class, OwnershipForm.TAG)
                .description("The way out for what stands in private subnets.")
                .output("id", "The gateway's id.")
                .output("publicIp", "The address that the outside sees.")
                .page("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html")
                .leavesOut("PrivateIpAddress", "AWS picks one in the subnet")
                .leavesOut(
                        "SecondaryAllocationIds, SecondaryPrivateIpAddresses, SecondaryPrivateIpAddressCount",
                        "one address carries 55,000 connections to each destination")
                .leavesOut(
                        "AvailabilityMode, AvailabilityZoneAddresses, VpcId",
                        "gateways are zonal: one in each zone that is to have its own")
                .fault(FaultRule.of("NatGatewayLimitExceeded", Fault.Category.QUOTA))
                .permissions(Permissions.on("ec2:{region}:{account}:natgateway/*")
                        .lists("ec2:DescribeNatGateways")
                        .creates("ec2:CreateNatGateway")
                        .touches(
                                "ec2:CreateNatGateway",
                                "ec2:{region}:{account}:subnet/*",
                                "ec2:{region}:{account}:elastic-ip/*")
                        .tags("ec2:CreateTags", "ec2:DeleteTags")
                        .changes("ec2:DeleteNatGateway"))
                .build();
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        Ec2Client ec2 = scope.client(Ec2Client.class);
        Collection<NatGateway> gateways = Ec2.find(
                scope,
                "nat-gateway-id",
                NatGateway::natGatewayId,
                f -> ec2.describeNatGatewaysPaginator(r -> r.filter(f, THERE).maxResults(Ec2.PAGE))
                        .natGateways());
        return scope.each(gateways, g -> Ec2.identity(g.natGatewayId(), g.tags()), NatGatewayKind::observed);
    }

    private static Known<Spec> observed(NatGateway gateway, Identity identity) {
        NatGatewayAddress address = gateway.natGatewayAddresses().stream()
                .filter(a -> !Boolean.FALSE.equals(a.isPrimary()))
                .findFirst()
                .orElse(null);
        Known<Spec> known = Known.of(
                        identity,
                        new Spec(
                                gateway.subnetId(),
                                address == null ? null : address.allocationId(),
                                Ec2.constant(ConnectivityType.class, gateway.connectivityTypeAsString()),
                                identity.tags()))
                .output("id", gateway.natGatewayId())
                .output("publicIp", address == null ? null : address.publicIp())
                .createdAt(gateway.createTime());
        return switch (gateway.stateAsString()) {
            case "available" -> known;
            case "pending" -> known.phase(Phase.Creating).health(Health.notReady("Pending", null));
            // AWS deletes a failed gateway by itself, within about an hour:
            // https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
            case "failed" ->
                known.phase(Phase.Deleting)
                        .health(Health.notReady(
                                gateway.failureCode() == null ? "Failed" : gateway.failureCode(),
                                gateway.failureMessage()));
            default -> known.phase(Phase.Deleting).health(Health.notReady("Deleting", null));
        };
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        Spec spec = desired.spec();
        return desired.client(Ec2Client.class)
                .createNatGateway(r -> r.clientToken(token)
                        .subnetId(spec.subnetId())
                        .allocationId(spec.allocationId())
                        .connectivityType(Ec2.text(spec.connectivityType()))
                        .tagSpecifications(Ec2.tags(ResourceType.NATGATEWAY, spec.tags())))
                .natGateway()
                .natGatewayId();
    }

    @Override
    public void update(Change<Spec> change) {
        Ec2.updateTags(change.client(Ec2Client.class), change, Spec::tags);
    }

    @Override
    public void delete(Observed<Spec> observed) {
        if (observed.known().phase() != Phase.Deleting) {
            observed.client(Ec2Client.class).deleteNatGateway(r -> r.natGatewayId(observed.physicalId()));
        }
    }
}
