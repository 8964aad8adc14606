package dev.holdfast.kinds.cloudfront;

import static dev.holdfast.kind.OwnershipForm.MARKER;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.aws.WholeAnswers;
import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import jakarta.inject.Singleton;
import java.util.List;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.GetOriginAccessControlConfigResponse;
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
    private static final String ARN = "cloudfront::{account}:origin-access-control/*";

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
        return Recipe.of("OriginAccessControl", Spec.class, CloudFrontClient.class, MARKER)
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
                .creates((cloudFront, desired, token, tagging) -> cloudFront
                        .createOriginAccessControl(r -> r.originAccessControlConfig(
                                Wire.fill(OriginAccessControlConfig.builder(), desired.spec())
                                        .build()))
                        .originAccessControl()
                        .id())
                .rewrites(OriginAccessControlConfig.builder(), OriginAccessControlKind::update)
                .deletes((cloudFront, id) -> {
                    String etag = cloudFront
                            .getOriginAccessControlConfig(r -> r.id(id))
                            .eTag();
                    cloudFront.deleteOriginAccessControl(r -> r.id(id).ifMatch(etag));
                })
                .output("id", "The id of the origin access control.", OriginAccessControlSummary::id)
                .info(KindInfo.Builder::global)
                .fault("OriginAccessControlInUse", DEPENDENCY)
                .fault("TooManyOriginAccessControls", QUOTA)
                .permissions(Permissions.on(ARN)
                        .changesAnything("cloudfront:CreateOriginAccessControl")
                        .touches("cloudfront:UpdateOriginAccessControl", ARN)
                        .touches("cloudfront:DeleteOriginAccessControl", ARN))
                .page("https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateOriginAccessControl.html");
    }

    private static OriginAccessControlSummary summary(OriginAccessControl control) {
        return SdkShapes.copy(control.originAccessControlConfig(), OriginAccessControlSummary.builder())
                .id(control.id())
                .build();
    }

    private static void update(CloudFrontClient cloudFront, Change<Spec> change) {
        GetOriginAccessControlConfigResponse now =
                WholeAnswers.read(() -> cloudFront.getOriginAccessControlConfig(r -> r.id(change.physicalId())));
        cloudFront.updateOriginAccessControl(r -> r.id(change.physicalId())
                .ifMatch(now.eTag())
                .originAccessControlConfig(
                        change.over(now.originAccessControlConfig(), now.originAccessControlConfig().toBuilder())
                                .build()));
    }
}
