package dev.holdfast.kinds.cloudfront;

import static dev.holdfast.kind.OwnershipForm.TAG;
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
 * A VPC origin: CloudFront's way to a load balancer or a server in private subnets.
 *
 * <p>AWS changes nothing of it while a distribution uses it, not even a tag. Every change therefore makes another one, which the
 * distribution uses from then on, and the old one goes when the whole edge knows that.
 */
@Singleton
public final class VpcOriginKind extends DeclaredKind<VpcOriginKind.Spec> {
    /** @see <a href="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_VpcOriginEndpointConfig.html">VpcOriginEndpointConfig</a> */
    public record Spec(
            @Doc("Its name, unique in the account.") @PhysicalName(max = 64, also = "_")
            String name,

            @Doc(
                    "The load balancer or the server, by its ARN. Its security group admits CloudFront's managed prefix list, or the"
                            + " group CloudFront-VPCOrigins-Service-SG that CloudFront makes in the VPC.")
            @Required
            @Immutable
            @Ref(value = "LoadBalancer", output = "arn")
            String arn,

            @Doc("The port for HTTP.") @Required @Immutable Integer httpPort,
            @Doc("The port for HTTPS.") @Required @Immutable Integer httpsPort,

            @Doc("Whether CloudFront speaks HTTP, HTTPS, or what the viewer speaks.") @Required @Immutable
            OriginProtocolPolicy originProtocolPolicy,

            @Doc("Versions of TLS that CloudFront offers to it.") @Immutable
            Set<SslProtocol> originSslProtocols,

            @Doc("The addresses by which CloudFront reaches it.") @Immutable
            VpcIpAddressType ipAddressType,

            @Doc("Tags. A change of them makes another one, too.") @TagMap @Immutable @Slow("tags")
            Map<String, String> tags) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of(
                        "VpcOrigin",
                        Spec.class,
                        CloudFrontClient.class,
                        TAG,
                        "CloudFront's way to a load balancer or a server in private subnets.")
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
                .output("id", "Its id.", VpcOriginSummary::id)
                .output("arn", "Its own ARN.", VpcOriginSummary::arn)
                .output("status", "Deployed, or Deploying: it cannot be used yet.", VpcOriginSummary::status)
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

    /** The list does not say the ports. They stay what they are until it is modified, by whomever. */
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
            default -> known.health(Health.notReady(status, "CloudFront says " + status));
        };
    }

    /** While CloudFront works on it, it takes no call. */
    private static void delete(CloudFrontClient cloudFront, Observed<Spec> observed) {
        if (observed.known().phase() == Phase.Steady) {
            String id = observed.physicalId();
            String etag = cloudFront.getVpcOrigin(r -> r.id(id)).eTag();
            cloudFront.deleteVpcOrigin(r -> r.id(id).ifMatch(etag));
        }
    }
}
