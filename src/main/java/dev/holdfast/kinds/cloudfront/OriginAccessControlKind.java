package dev.holdfast.kinds.cloudfront;

import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.List;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.NoSuchOriginAccessControlException;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControl;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControlConfig;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControlOriginTypes;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControlSigningBehaviors;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControlSigningProtocols;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControlSummary;

/** An origin access control: how CloudFront signs its requests to an origin. Its description contains the ownership. */
@Singleton
public final class OriginAccessControlKind extends DeclaredKind<OriginAccessControlKind.Spec> {
    /** @see <a href="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateOriginAccessControl.html">CreateOriginAccessControl</a> */
    public record Spec(
            @Doc("The name of the origin access control, unique in the account.") @PhysicalName(max = 64, also = "_")
            String name,

            @Doc("The purpose of the origin access control; Holdfast appends the ownership.") @Marker(max = 256)
            String description,

            @Doc("The protocol for signatures: sigv4.") @Required
            OriginAccessControlSigningProtocols signingProtocol,

            @Doc("The requests that are signed: always, never, or no-override (only requests without a signature of"
                    + " the viewer).")
            @Required
            OriginAccessControlSigningBehaviors signingBehavior,

            @Doc("The type of the origin: s3, lambda, mediastore or mediapackagev2.") @Required
            OriginAccessControlOriginTypes originAccessControlOriginType) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("OriginAccessControl", Spec.class, CloudFrontClient.class)
                .description(
                        "An origin access control: how CloudFront signs its requests to a bucket or another origin.")
                .lists(
                        cloudFront -> cloudFront
                                .listOriginAccessControlsPaginator(r -> r.maxItems("100"))
                                .items(),
                        PointRead.of(
                                (cloudFront, id) -> List.of(summary(cloudFront
                                        .getOriginAccessControl(r -> r.id(id))
                                        .originAccessControl())),
                                NoSuchOriginAccessControlException.class))
                .id(OriginAccessControlSummary::id)
                .name(OriginAccessControlSummary::name)
                .creates(
                        OriginAccessControlConfig::builder,
                        (cloudFront, config) ->
                                cloudFront.createOriginAccessControl(r -> r.originAccessControlConfig(config)))
                .rewrites(
                        OriginAccessControlConfig.builder(),
                        OriginAccessControlKind::now,
                        (cloudFront, id, now) -> cloudFront.updateOriginAccessControl(
                                r -> r.id(id).ifMatch(now.version()).originAccessControlConfig(now.configuration())))
                .deletes(
                        OriginAccessControlKind::now,
                        (cloudFront, id, version) -> cloudFront.deleteOriginAccessControl(
                                r -> r.id(id).ifMatch(version)))
                .output("id", "The id of the origin access control.", OriginAccessControlSummary::id)
                .info(KindInfo.Builder::global)
                .fault("OriginAccessControlInUse", DEPENDENCY)
                .fault("TooManyOriginAccessControls", QUOTA)
                .permissions(CloudFrontTags.untagged("origin-access-control", "OriginAccessControl"))
                .page("https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateOriginAccessControl.html");
    }

    private static OriginAccessControlSummary summary(OriginAccessControl control) {
        return SdkShapes.copy(control.originAccessControlConfig(), OriginAccessControlSummary.builder())
                .id(control.id())
                .build();
    }

    private static Versioned<OriginAccessControlConfig> now(CloudFrontClient cloudFront, String id) {
        var now = cloudFront.getOriginAccessControlConfig(r -> r.id(id));
        return new Versioned<>(now.originAccessControlConfig(), now.eTag());
    }
}
