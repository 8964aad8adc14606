package dev.holdfast.kinds.cloudfront;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Tagging;
import dev.holdfast.kind.wire.Wire;
import java.util.List;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.DefaultCacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.DistributionSummary;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionConfigResponse;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.Tag;
import software.amazon.awssdk.services.cloudfront.model.ViewerCertificate;

/** The calls that write a distribution: each reads the whole configuration with its version and puts it back. */
final class DistributionWrites {
    private DistributionWrites() {}

    static DistributionSummary summary(GetDistributionResponse found) {
        return SdkShapes.copy(
                        found.distribution(),
                        SdkShapes.copy(found.distribution().distributionConfig(), DistributionSummary.builder()))
                .eTag(found.eTag())
                .build();
    }

    static String create(
            CloudFrontClient cloudFront,
            Desired<DistributionKind.Spec> desired,
            String token,
            Tagging<CloudFrontClient> tagging) {
        DistributionConfig config = Wire.fill(DistributionConfig.builder(), desired.spec())
                .callerReference(token)
                .build();
        return cloudFront
                .createDistributionWithTags(r -> r.distributionConfigWithTags(d -> d.distributionConfig(config)
                        .tags(t -> t.items(SdkShapes.pairs(desired.spec().tags(), Tag::builder)))))
                .distribution()
                .id();
    }

    static void update(CloudFrontClient cloudFront, Change<DistributionKind.Spec> change) {
        GetDistributionConfigResponse now = cloudFront.getDistributionConfig(r -> r.id(change.physicalId()));
        DistributionConfig laid = change.over(now.distributionConfig(), now.distributionConfig().toBuilder())
                .build();
        cloudFront.updateDistribution(
                r -> r.id(change.physicalId()).ifMatch(now.eTag()).distributionConfig(consistent(laid)));
    }

    /** A distribution is disabled first, and deleted when the whole edge knows that. */
    static void delete(CloudFrontClient cloudFront, String id, boolean deployed) {
        GetDistributionConfigResponse now = cloudFront.getDistributionConfig(r -> r.id(id));
        if (now.distributionConfig().enabled()) {
            cloudFront.updateDistribution(r -> r.id(id)
                    .ifMatch(now.eTag())
                    .distributionConfig(
                            now.distributionConfig().toBuilder().enabled(false).build()));
        } else if (deployed) {
            cloudFront.deleteDistribution(r -> r.id(id).ifMatch(now.eTag()));
        }
    }

    /** Takes away what cannot stay beside what was laid over it. */
    private static DistributionConfig consistent(DistributionConfig laid) {
        List<CacheBehavior> ordered = laid.cacheBehaviors().items().stream()
                .map(DistributionWrites::consistent)
                .toList();
        return laid.toBuilder()
                .viewerCertificate(consistent(laid.viewerCertificate()))
                .defaultCacheBehavior(consistent(laid.defaultCacheBehavior()))
                .cacheBehaviors(b -> b.quantity(ordered.size()).items(ordered.isEmpty() ? null : ordered))
                .build();
    }

    private static ViewerCertificate consistent(ViewerCertificate laid) {
        return Boolean.TRUE.equals(laid.cloudFrontDefaultCertificate())
                ? ViewerCertificate.builder().cloudFrontDefaultCertificate(true).build()
                // Deprecated members repeat the certificate, and the former one after a change.
                : laid.toBuilder()
                        .certificate(null)
                        .certificateSource((String) null)
                        .build();
    }

    /** A cache policy takes the place of the values that were forwarded before there were policies. */
    private static DefaultCacheBehavior consistent(DefaultCacheBehavior laid) {
        return laid.cachePolicyId() == null
                ? laid
                : SdkShapes.copy(
                                consistent(SdkShapes.copy(laid, CacheBehavior.builder())
                                        .build()),
                                DefaultCacheBehavior.builder())
                        .build();
    }

    private static CacheBehavior consistent(CacheBehavior laid) {
        return laid.cachePolicyId() == null
                ? laid
                : laid.toBuilder()
                        .forwardedValues((software.amazon.awssdk.services.cloudfront.model.ForwardedValues) null)
                        .minTTL(null)
                        .defaultTTL(null)
                        .maxTTL(null)
                        .build();
    }
}
