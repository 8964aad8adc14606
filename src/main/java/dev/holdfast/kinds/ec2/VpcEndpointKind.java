package dev.holdfast.kinds.ec2;

import static dev.holdfast.model.Fault.Category.ABSENT;
import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.QUOTA;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.kind.*;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.model.Health;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateVpcEndpointRequest;
import software.amazon.awssdk.services.ec2.model.DnsEntry;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.ModifyVpcEndpointRequest;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.UnsuccessfulItem;
import software.amazon.awssdk.services.ec2.model.VpcEndpoint;
import software.amazon.awssdk.services.ec2.model.VpcEndpointType;

/** A VPC endpoint of the type Gateway or Interface. */
@Singleton
public final class VpcEndpointKind extends DeclaredKind<VpcEndpointKind.Spec> {
    /** The policy that EC2 attaches to an endpoint if the request contains none. */
    private static final JsonNode FULL_ACCESS = PolicyDocuments.canonical(TextNode.valueOf(
            "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]}"));

    /** @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html">CreateVpcEndpoint</a> */
    public record Spec(
            @Doc("The VPC of the endpoint.") @Required @Immutable @Ref("Vpc")
            String vpcId,

            @Doc("The name of the service, for example com.amazonaws.eu-west-2.s3.") @Required @Immutable
            String serviceName,

            @Doc("The type: Gateway (the default) or Interface.") @Immutable @Offers({"Gateway", "Interface"})
            VpcEndpointType vpcEndpointType,

            @Doc("The route tables that lead to a gateway endpoint.")
            @Ref("RouteTable")
            @OnlyWith(
                    field = "vpcEndpointType",
                    value = {"", "Gateway"})
            Set<String> routeTableIds,

            @Doc("The subnets of an interface endpoint: one in each zone that the endpoint serves.")
            @Ref("Subnet")
            @OnlyWith(field = "vpcEndpointType", value = "Interface")
            Set<String> subnetIds,

            @Doc("The security groups of an interface endpoint, which control access.")
            @Ref("SecurityGroup")
            @ReadFrom("groups.groupId")
            @OnlyWith(field = "vpcEndpointType", value = "Interface")
            Set<String> securityGroupIds,

            @Doc("Whether the service's usual names lead to an interface endpoint. The VPC needs both DNS"
                    + " attributes.")
            @OnlyWith(field = "vpcEndpointType", value = "Interface")
            Boolean privateDnsEnabled,

            @Doc("The policy of the endpoint: the actions that it allows; all actions if absent.")
            @PolicyDocument
            @Risk(FieldRisk.RESTRICTION)
            JsonNode policyDocument,

            @Doc("Tags.") @TagMap Map<String, String> tags) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Ec2.kind("VpcEndpoint", Spec.class)
                .description("A connection to an AWS service that does not leave the VPC.")
                .finds(Ec2.find(
                        VpcEndpoint::vpcEndpointId,
                        (ec2, f) ->
                                ec2
                                        .describeVpcEndpointsPaginator(
                                                r -> r.filters(f).maxResults(Ec2.PAGE))
                                        .vpcEndpoints()
                                        .stream()
                                        .filter(e -> !e.stateAsString().equalsIgnoreCase("deleted"))
                                        .toList()))
                .id(VpcEndpoint::vpcEndpointId)
                .tags(Ec2.tagging(ResourceType.VPC_ENDPOINT))
                .state(VpcEndpointKind::complete)
                .creates(
                        CreateVpcEndpointRequest::builder,
                        VpcEndpointKind::leaveOutDefault,
                        Ec2Client::createVpcEndpoint)
                .updates(
                        VpcEndpointKind::modify,
                        Spec::routeTableIds,
                        Spec::subnetIds,
                        Spec::securityGroupIds,
                        Spec::privateDnsEnabled,
                        Spec::policyDocument)
                .deletes(VpcEndpointKind::delete)
                .output("id", "The endpoint's id.", VpcEndpoint::vpcEndpointId)
                .output(
                        "dnsName",
                        "The first DNS name of an interface endpoint.",
                        endpoint -> Values.of(Values.first(endpoint.dnsEntries()), DnsEntry::dnsName))
                .leavesOut(
                        "DnsOptions, IpAddressType, SubnetConfigurations",
                        "IPv6, its DNS records and fixed addresses are not offered yet; AWS selects the addresses")
                .leavesOut(
                        "ServiceRegion",
                        "not offered yet: a service of another region costs transfer between the regions")
                .leavesOut(
                        "ResourceConfigurationArn, ServiceNetworkArn",
                        "they lead to resources of VPC Lattice, which Holdfast does not manage yet")
                .fault("RouteAlreadyExists", CONFLICT)
                .fault("InvalidVpcEndpoint.NotFound", ABSENT)
                .fault("InvalidParameter", "already a conflicting DNS domain", CONFLICT)
                .fault("InvalidParameter", "enableDnsSupport and enableDnsHostnames", DEPENDENCY)
                .fault("VpcEndpointLimitExceeded", QUOTA)
                .permissions(Permissions.on("ec2:{region}:{account}:vpc-endpoint/*")
                        .touchesOwn(
                                "ec2:CreateVpcEndpoint",
                                "ec2:{region}:{account}:vpc/*",
                                "ec2:{region}:{account}:route-table/*",
                                "ec2:{region}:{account}:subnet/*",
                                "ec2:{region}:{account}:security-group/*")
                        .touchesOwn(
                                "ec2:ModifyVpcEndpoint",
                                "ec2:{region}:{account}:route-table/*",
                                "ec2:{region}:{account}:subnet/*",
                                "ec2:{region}:{account}:security-group/*"))
                .page("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html");
    }

    /**
     * EC2 accepts no policy for a service that does not support endpoint policies, and shows the default policy for its
     * endpoints all the same.
     *
     * @see <a href="https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html#vpce-endpoint-policy-support">
     *     View endpoint policy support</a>
     */
    private static void leaveOutDefault(CreateVpcEndpointRequest.Builder request, Desired<Spec> desired) {
        if (FULL_ACCESS.equals(PolicyDocuments.canonical(desired.spec().policyDocument()))) {
            request.policyDocument(null);
        }
    }

    private static Known<Spec> complete(Known<Spec> known, VpcEndpoint endpoint) {
        Health problem = endpoint.stateAsString().equalsIgnoreCase("pendingAcceptance")
                ? Health.notReady("PendingAcceptance", "the service's owner has not accepted the endpoint")
                : Health.notReady(
                        "Failed",
                        endpoint.lastError() == null
                                ? endpoint.stateAsString()
                                : endpoint.lastError().message());
        return Ec2.state(known.createdAt(endpoint.creationTimestamp()), endpoint.stateAsString(), problem);
    }

    private static void modify(Ec2Client ec2, Change<Spec> change) {
        Delta<String> tables = change.deltaOfStrings(Spec::routeTableIds);
        Delta<String> subnets = change.deltaOfStrings(Spec::subnetIds);
        Delta<String> groups = change.deltaOfStrings(Spec::securityGroupIds);
        ec2.modifyVpcEndpoint(
                Wire.fill(ModifyVpcEndpointRequest.builder(), change.spec(), change.changed()::contains, true)
                        .vpcEndpointId(change.physicalId())
                        .addRouteTableIds(tables.added())
                        .removeRouteTableIds(tables.removed())
                        .addSubnetIds(subnets.added())
                        .removeSubnetIds(subnets.removed())
                        .addSecurityGroupIds(groups.added())
                        .removeSecurityGroupIds(groups.removed())
                        .build());
    }

    /** Throws if EC2 rejects the deletion, which EC2 reports in an answer that is not an error. */
    private static void delete(Ec2Client ec2, String id) {
        List<UnsuccessfulItem> refused =
                ec2.deleteVpcEndpoints(r -> r.vpcEndpointIds(id)).unsuccessful();
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
