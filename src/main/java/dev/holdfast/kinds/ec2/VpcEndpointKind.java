package dev.holdfast.kinds.ec2;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.FaultRule;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Delta;
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
import dev.holdfast.kind.PolicyDocument;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.TagMap;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DnsEntry;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.SecurityGroupIdentifier;
import software.amazon.awssdk.services.ec2.model.UnsuccessfulItem;
import software.amazon.awssdk.services.ec2.model.VpcEndpoint;

/** A VPC endpoint of the types gateway and interface. */
@Singleton
public final class VpcEndpointKind implements Kind<VpcEndpointKind.Spec> {

    /** @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html">CreateVpcEndpoint</a> */
    public record Spec(
            @Doc("The VPC that it is in.") @Required @Immutable @Ref("Vpc") @Nullable
            String vpcId,

            @Doc("The service, com.amazonaws.eu-west-2.s3.") @Required @Immutable @Nullable
            String serviceName,

            @Doc("Gateway, if nothing is said, or Interface.") @Immutable @Nullable
            EndpointType vpcEndpointType,

            @Doc("Of a gateway endpoint: the route tables that lead to it.") @Ref("RouteTable") @Nullable
            Set<String> routeTableIds,

            @Doc("Of an interface endpoint: a subnet in each zone that is to have one.") @Ref("Subnet") @Nullable
            Set<String> subnetIds,

            @Doc("Of an interface endpoint: who may reach it.") @Ref("SecurityGroup") @Nullable
            Set<String> securityGroupIds,

            @Doc("Of an interface endpoint: whether the service's usual names lead to it. The VPC needs both DNS"
                    + " attributes.")
            @Nullable
            Boolean privateDnsEnabled,

            @Doc("What may be done through it; everything, if nothing is said.") @PolicyDocument @Nullable
            JsonNode policyDocument,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {}

    public enum EndpointType {
        GATEWAY("Gateway"),
        INTERFACE("Interface");
        private final String wire;

        EndpointType(String wire) {
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
        return KindInfo.of("VpcEndpoint", Spec.class, OwnershipForm.TAG)
                .description("A way to an AWS service that does not leave the VPC.")
                .output("id", "The endpoint's id.")
                .output("dnsName", "The first of its own DNS names, of an interface endpoint.")
                .page("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html")
                .leavesOut("DnsOptions, IpAddressType, SubnetConfigurations", "networks are IPv4 here")
                .leavesOut("ServiceRegion", "services of the VPC's own region")
                .leavesOut(
                        "ResourceConfigurationArn, ServiceNetworkArn",
                        "endpoints of the types Resource and ServiceNetwork are not offered")
                .fault(FaultRule.of("RouteAlreadyExists", Fault.Category.CONFLICT))
                .fault(FaultRule.of("InvalidVpcEndpoint.NotFound", Fault.Category.ABSENT))
                .fault(FaultRule.of("InvalidParameter", "already a conflicting DNS domain", Fault.Category.CONFLICT))
                .fault(FaultRule.of(
                        "InvalidParameter", "enableDnsSupport and enableDnsHostnames", Fault.Category.DEPENDENCY))
                .fault(FaultRule.of("VpcEndpointLimitExceeded", Fault.Category.QUOTA))
                .permissions(Permissions.on("ec2:{region}:{account}:vpc-endpoint/*")
                        .lists("ec2:DescribeVpcEndpoints")
                        .creates("ec2:CreateVpcEndpoint")
                        .touches(
                                "ec2:CreateVpcEndpoint",
                                "ec2:{region}:{account}:vpc/*",
                                "ec2:{region}:{account}:route-table/*",
                                "ec2:{region}:{account}:subnet/*",
                                "ec2:{region}:{account}:security-group/*")
                        .touches(
                                "ec2:ModifyVpcEndpoint",
                                "ec2:{region}:{account}:route-table/*",
                                "ec2:{region}:{account}:subnet/*",
                                "ec2:{region}:{account}:security-group/*")
                        .tags("ec2:CreateTags", "ec2:DeleteTags")
                        .changes("ec2:ModifyVpcEndpoint", "ec2:DeleteVpcEndpoints"))
                .build();
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        Ec2Client ec2 = scope.client(Ec2Client.class);
        Collection<VpcEndpoint> endpoints = Ec2.find(
                scope,
                "vpc-endpoint-id",
                VpcEndpoint::vpcEndpointId,
                f -> ec2.describeVpcEndpointsPaginator(r -> r.filters(f).maxResults(Ec2.PAGE))
                        .vpcEndpoints());
        return scope.each(
                endpoints.stream().filter(e -> !state(e).equals("deleted")).toList(),
                e -> Ec2.identity(e.vpcEndpointId(), e.tags()),
                VpcEndpointKind::observed);
    }

    /** EC2 writes the states with a capital as often as without. */
    private static String state(VpcEndpoint endpoint) {
        return endpoint.stateAsString().toLowerCase(Locale.ROOT);
    }

    private static Known<Spec> observed(VpcEndpoint endpoint, Identity identity) {
        Known<Spec> known = Known.of(
                        identity,
                        new Spec(
                                endpoint.vpcId(),
                                endpoint.serviceName(),
                                Ec2.constant(EndpointType.class, endpoint.vpcEndpointTypeAsString()),
                                new LinkedHashSet<>(endpoint.routeTableIds()),
                                new LinkedHashSet<>(endpoint.subnetIds()),
                                endpoint.groups().stream()
                                        .map(SecurityGroupIdentifier::groupId)
                                        .collect(Collectors.toSet()),
                                endpoint.privateDnsEnabled(),
                                endpoint.policyDocument() == null
                                        ? null
                                        : PolicyDocuments.parse(endpoint.policyDocument()),
                                identity.tags()))
                .output("id", endpoint.vpcEndpointId())
                .output(
                        "dnsName",
                        endpoint.dnsEntries().stream()
                                .map(DnsEntry::dnsName)
                                .findFirst()
                                .orElse(null))
                .createdAt(endpoint.creationTimestamp());
        return switch (state(endpoint)) {
            case "available" -> known;
            case "pending" -> known.phase(Phase.Creating).health(Health.notReady("Pending", null));
            case "deleting" -> known.phase(Phase.Deleting).health(Health.notReady("Deleting", null));
            case "pendingacceptance" ->
                known.health(Health.notReady("PendingAcceptance", "the service's owner has not accepted it"));
            default ->
                known.health(Health.notReady(
                        "Failed",
                        endpoint.lastError() == null
                                ? endpoint.stateAsString()
                                : endpoint.lastError().message()));
        };
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        Spec spec = desired.spec();
        return desired.client(Ec2Client.class)
                .createVpcEndpoint(r -> r.clientToken(token)
                        .vpcId(spec.vpcId())
                        .serviceName(spec.serviceName())
                        .vpcEndpointType(Ec2.text(spec.vpcEndpointType()))
                        .routeTableIds(spec.routeTableIds())
                        .subnetIds(spec.subnetIds())
                        .securityGroupIds(spec.securityGroupIds())
                        .privateDnsEnabled(spec.privateDnsEnabled())
                        .policyDocument(PolicyDocuments.text(spec.policyDocument()))
                        .tagSpecifications(Ec2.tags(ResourceType.VPC_ENDPOINT, spec.tags())))
                .vpcEndpoint()
                .vpcEndpointId();
    }

    @Override
    public void update(Change<Spec> change) {
        Ec2Client ec2 = change.client(Ec2Client.class);
        Spec spec = change.spec();
        Delta<String> tables = change.deltaOfStrings(Spec::routeTableIds);
        Delta<String> subnets = change.deltaOfStrings(Spec::subnetIds);
        Delta<String> groups = change.deltaOfStrings(Spec::securityGroupIds);
        if (change.touches(
                Spec::routeTableIds,
                Spec::subnetIds,
                Spec::securityGroupIds,
                Spec::privateDnsEnabled,
                Spec::policyDocument)) {
            ec2.modifyVpcEndpoint(r -> r.vpcEndpointId(change.physicalId())
                    .addRouteTableIds(tables.added())
                    .removeRouteTableIds(tables.removed())
                    .addSubnetIds(subnets.added())
                    .removeSubnetIds(subnets.removed())
                    .addSecurityGroupIds(groups.added())
                    .removeSecurityGroupIds(groups.removed())
                    .privateDnsEnabled(change.touches(Spec::privateDnsEnabled) ? spec.privateDnsEnabled() : null)
                    .policyDocument(
                            change.touches(Spec::policyDocument) ? PolicyDocuments.text(spec.policyDocument()) : null));
        }
        Ec2.updateTags(ec2, change, Spec::tags);
    }

    /** A refusal comes in an answer that is no error: it is made one. */
    @Override
    public void delete(Observed<Spec> observed) {
        if (observed.known().phase() == Phase.Deleting) {
            return;
        }
        List<UnsuccessfulItem> refused = observed.client(Ec2Client.class)
                .deleteVpcEndpoints(r -> r.vpcEndpointIds(observed.physicalId()))
                .unsuccessful();
        if (!refused.isEmpty() && refused.getFirst().error() != null) {
            var error = refused.getFirst().error();
            throw Ec2Exception.builder()
                    .message(error.message())
                    .statusCode(400)
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .serviceName("Ec2")
                            .errorCode(error.code())
                            .errorMessage(error.message())
                            .build())
                    .build();
        }
    }
}
