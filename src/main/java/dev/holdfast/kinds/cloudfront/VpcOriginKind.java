package dev.holdfast.kinds.cloudfront;

import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.EntityNotFoundException;
import software.amazon.awssdk.services.cloudfront.model.GetVpcOriginResponse;
import software.amazon.awssdk.services.cloudfront.model.OriginProtocolPolicy;
import software.amazon.awssdk.services.cloudfront.model.SslProtocol;
import software.amazon.awssdk.services.cloudfront.model.Tag;
import software.amazon.awssdk.services.cloudfront.model.VpcIpAddressType;
import software.amazon.awssdk.services.cloudfront.model.VpcOriginEndpointConfig;
import software.amazon.awssdk.services.cloudfront.model.VpcOriginSummary;

/**
 * A VPC origin, by which CloudFront reaches a load balancer or a server in private subnets.
 *
 * <p>AWS rejects every change, even of a tag, while a distribution uses the VPC origin. Every change therefore creates
 * a new VPC origin, to which the distribution switches. The old VPC origin is deleted when all edge locations have the
 * change.
 */
@Singleton
public final class VpcOriginKind extends DeclaredKind<VpcOriginKind.Spec> {
    /** @see <a href="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_VpcOriginEndpointConfig.html">VpcOriginEndpointConfig</a> */
    public record Spec(
            @Doc("The name of the VPC origin, unique in the account.") @PhysicalName(max = 64, also = "_")
            String name,

            @Doc("The ARN of the load balancer or the server. Its security group must admit CloudFront's managed"
                    + " prefix list, or the group CloudFront-VPCOrigins-Service-SG that CloudFront creates in"
                    + " the VPC.")
            @Required
            @Immutable
            @Ref(value = "LoadBalancer", output = "arn")
            String arn,

            @Doc("The port of the load balancer or the server for HTTP.") @Required @Immutable
            Integer httpPort,

            @Doc("The port of the load balancer or the server for HTTPS.") @Required @Immutable
            Integer httpsPort,

            @Doc("The protocol that CloudFront uses: http-only, https-only, or match-viewer (that of the viewer's"
                    + " request).")
            @Required
            @Immutable
            OriginProtocolPolicy originProtocolPolicy,

            @Doc("The TLS versions that CloudFront offers.") @Immutable
            Set<SslProtocol> originSslProtocols,

            @Doc("The types of IP addresses that CloudFront uses.") @Immutable
            VpcIpAddressType ipAddressType,

            @Doc("Tags. A change of tags also creates a new VPC origin.") @TagMap @Immutable @Slow("tags")
            Map<String, String> tags) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("VpcOrigin", Spec.class, CloudFrontClient.class)
                .description(
                        "A VPC origin, by which CloudFront reaches a load balancer or a server in private subnets.")
                .lists(
                        cloudFront -> Listings.pages(
                                marker -> cloudFront
                                        .listVpcOrigins(r -> r.marker(marker))
                                        .vpcOriginList(),
                                page -> page.items(),
                                page -> page.nextMarker()),
                        PointRead.of(
                                (cloudFront, id) -> List.of(summary(cloudFront.getVpcOrigin(r -> r.id(id)))),
                                EntityNotFoundException.class))
                .id(VpcOriginSummary::id)
                .name(VpcOriginSummary::name)
                .arn(VpcOriginSummary::arn)
                .tags(CloudFrontTags.of("vpcorigin"))
                .detail(VpcOriginKind::configuration)
                .creates((cloudFront, desired, token, tagging) -> cloudFront
                        .createVpcOrigin(r -> r.vpcOriginEndpointConfig(
                                        Wire.fill(VpcOriginEndpointConfig.builder(), desired.spec())
                                                .build())
                                .tags(t ->
                                        t.items(SdkShapes.pairs(desired.spec().tags(), Tag::builder))))
                        .vpcOrigin()
                        .id())
                .deletesObserved(VpcOriginKind::delete)
                .state((known, there) -> state(known, String.valueOf(there.status())))
                .output("id", "The id of the VPC origin.", VpcOriginSummary::id)
                .output("arn", "The ARN of the VPC origin.", VpcOriginSummary::arn)
                .output(
                        "status",
                        "Deployed, or Deploying while the VPC origin cannot be used yet.",
                        VpcOriginSummary::status)
                .info(KindInfo.Builder::global)
                .fault("CannotUpdateEntityWhileInUse", DEPENDENCY)
                .fault("CannotDeleteEntityWhileInUse", DEPENDENCY)
                .fault("EntityLimitExceeded", QUOTA)
                .permissions(Permissions.on("cloudfront::{account}:vpcorigin/*")
                        .tags("cloudfront:TagResource", "cloudfront:UntagResource")
                        .needsServiceRole("vpcorigin.cloudfront.amazonaws.com"))
                .page("https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateVpcOrigin.html");
    }

    private static VpcOriginSummary summary(GetVpcOriginResponse found) {
        return SdkShapes.copy(found.vpcOrigin(), VpcOriginSummary.builder())
                .name(found.vpcOrigin().vpcOriginEndpointConfig().name())
                .build();
    }

    /** The list does not return the ports. They do not change until the time of the last modification changes. */
    private static Object configuration(Scope<Spec> scope, CloudFrontClient cloudFront, VpcOriginSummary there) {
        return scope.forever(
                there.id(),
                there.lastModifiedTime(),
                () -> cloudFront.getVpcOrigin(r -> r.id(there.id())).vpcOrigin().vpcOriginEndpointConfig());
    }

    private static Observation.Known<Spec> state(Observation.Known<Spec> known, String status) {
        return switch (status) {
            case "Deployed" -> known;
            case "Deploying" -> known.phase(Phase.Creating).health(Health.notReady(status, null));
            default -> known.health(Health.notReady(status, "CloudFront reports the status " + status));
        };
    }

    /** CloudFront rejects calls while it changes the VPC origin. */
    private static void delete(CloudFrontClient cloudFront, Observed<Spec> observed) {
        if (observed.known().phase() == Phase.Steady) {
            String id = observed.physicalId();
            String etag = cloudFront.getVpcOrigin(r -> r.id(id)).eTag();
            cloudFront.deleteVpcOrigin(r -> r.id(id).ifMatch(etag));
        }
    }
}
