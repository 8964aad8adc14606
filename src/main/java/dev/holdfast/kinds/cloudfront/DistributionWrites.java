package dev.holdfast.kinds.cloudfront;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.aws.WholeAnswers;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Tagging;
import dev.holdfast.kind.wire.Wire;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.CustomOriginConfig;
import software.amazon.awssdk.services.cloudfront.model.DefaultCacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.DistributionSummary;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionConfigResponse;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.Method;
import software.amazon.awssdk.services.cloudfront.model.Origin;
import software.amazon.awssdk.services.cloudfront.model.OriginSslProtocols;
import software.amazon.awssdk.services.cloudfront.model.SslProtocol;
import software.amazon.awssdk.services.cloudfront.model.Tag;
import software.amazon.awssdk.services.cloudfront.model.ViewerCertificate;

/**
 * The calls that write a distribution. Each call reads the whole configuration with its version, and writes it with the
 * changes.
 */
final class DistributionWrites {
    private static final List<String> LEGACY = List.of("ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL");

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
        return TakenAliases.named(
                        cloudFront,
                        null,
                        config,
                        () -> cloudFront.createDistributionWithTags(r ->
                                r.distributionConfigWithTags(d -> d.distributionConfig(config)
                                        .tags(t -> t.items(
                                                SdkShapes.pairs(desired.spec().tags(), Tag::builder))))))
                .distribution()
                .id();
    }

    /**
     * Fails if the answer has members that this version of the SDK does not know, because the write would delete them.
     */
    private static GetDistributionConfigResponse now(CloudFrontClient cloudFront, String id) {
        return WholeAnswers.read(() -> cloudFront.getDistributionConfig(r -> r.id(id)));
    }

    static void update(CloudFrontClient cloudFront, Change<DistributionKind.Spec> change) {
        GetDistributionConfigResponse now = now(cloudFront, change.physicalId());
        DistributionConfig laid = change.over(now.distributionConfig(), now.distributionConfig().toBuilder())
                .build();
        TakenAliases.named(
                cloudFront,
                change.physicalId(),
                laid,
                () -> cloudFront.updateDistribution(
                        r -> r.id(change.physicalId()).ifMatch(now.eTag()).distributionConfig(consistent(laid))));
    }

    /** CloudFront deletes only a distribution that is disabled at all edge locations: the first call disables it. */
    static void delete(CloudFrontClient cloudFront, String id, boolean deployed) {
        GetDistributionConfigResponse now = now(cloudFront, id);
        if (now.distributionConfig().enabled()) {
            cloudFront.updateDistribution(r -> r.id(id)
                    .ifMatch(now.eTag())
                    .distributionConfig(
                            now.distributionConfig().toBuilder().enabled(false).build()));
        } else if (deployed) {
            cloudFront.deleteDistribution(r -> r.id(id).ifMatch(now.eTag()));
        }
    }

    /**
     * Removes members that conflict with the changed members, and adds members that an update requires in new elements.
     */
    private static DistributionConfig consistent(DistributionConfig laid) {
        List<CacheBehavior> ordered = laid.cacheBehaviors().items().stream()
                .map(one -> filled(one, consistent(one.toBuilder(), one.cachePolicyId()))
                        .build())
                .toList();
        DefaultCacheBehavior others = laid.defaultCacheBehavior();
        return laid.toBuilder()
                .defaultRootObject(Objects.requireNonNullElse(laid.defaultRootObject(), ""))
                .webACLId(Objects.requireNonNullElse(laid.webACLId(), ""))
                .viewerCertificate(consistent(laid.viewerCertificate()))
                .origins(o -> o.quantity(laid.origins().items().size())
                        .items(laid.origins().items().stream()
                                .map(DistributionWrites::filled)
                                .toList()))
                .defaultCacheBehavior(consistent(others.toBuilder(), others.cachePolicyId())
                        .fieldLevelEncryptionId(Objects.requireNonNullElse(others.fieldLevelEncryptionId(), ""))
                        .build())
                .cacheBehaviors(b -> b.quantity(ordered.size()).items(ordered.isEmpty() ? null : ordered))
                .build();
    }

    private static ViewerCertificate consistent(ViewerCertificate laid) {
        return Boolean.TRUE.equals(laid.cloudFrontDefaultCertificate())
                ? ViewerCertificate.builder().cloudFrontDefaultCertificate(true).build()
                // Deprecated members repeat the certificate; after a change, they would name the former certificate.
                : laid.toBuilder()
                        .certificate(null)
                        .certificateSource((String) null)
                        .build();
    }

    /** CloudFront rejects a cache policy together with the legacy members that it replaces. */
    private static <B extends SdkPojo> B consistent(B laid, @Nullable String cachePolicy) {
        for (String legacy : cachePolicy == null ? List.<String>of() : LEGACY) {
            Objects.requireNonNull(SdkShapes.member(laid, legacy), legacy).set(laid, null);
        }
        return laid;
    }

    /** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-overview-required-fields.html */
    private static CacheBehavior.Builder filled(CacheBehavior laid, CacheBehavior.Builder more) {
        if (laid.allowedMethods() == null) {
            more.allowedMethods(m -> m.quantity(2)
                    .items(Method.GET, Method.HEAD)
                    .cachedMethods(c -> c.quantity(2).items(Method.GET, Method.HEAD)));
        }
        if (laid.lambdaFunctionAssociations() == null) {
            more.lambdaFunctionAssociations(l -> l.quantity(0));
        }
        return more.compress(Boolean.TRUE.equals(laid.compress()))
                .smoothStreaming(Boolean.TRUE.equals(laid.smoothStreaming()))
                .fieldLevelEncryptionId(Objects.requireNonNullElse(laid.fieldLevelEncryptionId(), ""));
    }

    private static Origin filled(Origin laid) {
        Origin.Builder more = laid.toBuilder()
                .originPath(Objects.requireNonNullElse(laid.originPath(), ""))
                .originAccessControlId(Objects.requireNonNullElse(laid.originAccessControlId(), ""));
        if (laid.customHeaders() == null) {
            more.customHeaders(h -> h.quantity(0));
        }
        CustomOriginConfig custom = laid.customOriginConfig();
        if (custom != null) {
            more.customOriginConfig(custom.copy(c -> c.originSslProtocols(
                            custom.originSslProtocols() == null
                                    ? OriginSslProtocols.builder()
                                            .quantity(1)
                                            .items(SslProtocol.TLS_V1_2)
                                            .build()
                                    : custom.originSslProtocols())
                    .originReadTimeout(Objects.requireNonNullElse(custom.originReadTimeout(), 30))
                    .originKeepaliveTimeout(Objects.requireNonNullElse(custom.originKeepaliveTimeout(), 5))));
        }
        return more.build();
    }
}
