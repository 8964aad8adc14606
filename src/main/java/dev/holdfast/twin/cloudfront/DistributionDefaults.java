package dev.holdfast.twin.cloudfront;

import dev.holdfast.aws.SdkShapes;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.*;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * A distribution's configuration as CloudFront answers it: with the values that it fills in.
 *
 * @see <a href="https://docs.aws.amazon.com/cli/latest/reference/cloudfront/create-distribution.html#examples">an answer of
 *     CreateDistribution</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html">values of
 *     origins</a>
 */
final class DistributionDefaults {
    private DistributionDefaults() {}

    static DistributionConfig filled(DistributionConfig asked) {
        DistributionConfig.Builder whole = DistributionConfig.builder()
                .aliases(a -> a.quantity(0))
                .defaultRootObject("")
                .originGroups(g -> g.quantity(0))
                .cacheBehaviors(b -> b.quantity(0))
                .customErrorResponses(c -> c.quantity(0))
                .logging(l -> l.enabled(false).includeCookies(false).bucket("").prefix(""))
                .priceClass(PriceClass.PRICE_CLASS_ALL)
                .viewerCertificate(v -> v.cloudFrontDefaultCertificate(true))
                .restrictions(r -> r.geoRestriction(
                        g -> g.restrictionType(GeoRestrictionType.NONE).quantity(0)))
                .webACLId("")
                .httpVersion(HttpVersion.HTTP2)
                .isIPV6Enabled(false)
                .staging(false);
        lay(asked, whole);
        return whole.origins(o -> counted(
                        o,
                        asked.origins().items().stream()
                                .map(DistributionDefaults::origin)
                                .toList()))
                .defaultCacheBehavior(lay(asked.defaultCacheBehavior(), behavior(DefaultCacheBehavior.builder()))
                        .allowedMethods(methods(asked.defaultCacheBehavior().allowedMethods()))
                        .build())
                .cacheBehaviors(b -> counted(
                        b,
                        asked.cacheBehaviors() == null
                                ? List.of()
                                : asked.cacheBehaviors().items().stream()
                                        .map(one -> lay(one, behavior(CacheBehavior.builder()))
                                                .allowedMethods(methods(one.allowedMethods()))
                                                .build())
                                        .toList()))
                .viewerCertificate(certificate(asked.viewerCertificate()))
                .build();
    }

    /** Members that were set, over what is there; of a counted list, no items stay no items. */
    private static <B extends SdkPojo> B lay(SdkPojo asked, B over) {
        return SdkShapes.copy(asked, over);
    }

    private static <B extends SdkPojo & SdkBuilder<B, ?>> void counted(B list, List<?> items) {
        member(list, "quantity").set(list, items.size());
        if (!items.isEmpty()) {
            member(list, "items").set(list, items);
        }
    }

    private static SdkField<?> member(SdkPojo shape, String name) {
        return Objects.requireNonNull(SdkShapes.member(shape, name), name);
    }

    private static Origin origin(Origin asked) {
        Origin.Builder whole = lay(
                asked,
                Origin.builder()
                        .originPath("")
                        .customHeaders(h -> h.quantity(0))
                        .connectionAttempts(3)
                        .connectionTimeout(10)
                        .originShield(s -> s.enabled(false))
                        .originAccessControlId(""));
        if (asked.customOriginConfig() != null) {
            whole.customOriginConfig(lay(
                            asked.customOriginConfig(),
                            CustomOriginConfig.builder()
                                    .originSslProtocols(
                                            p -> p.quantity(2).items(SslProtocol.TLS_V1, SslProtocol.SSL_V3))
                                    .originReadTimeout(30)
                                    .originKeepaliveTimeout(5))
                    .build());
        }
        if (asked.vpcOriginConfig() != null) {
            whole.vpcOriginConfig(lay(
                            asked.vpcOriginConfig(),
                            VpcOriginConfig.builder().originReadTimeout(30).originKeepaliveTimeout(5))
                    .build());
        }
        if (asked.s3OriginConfig() != null) {
            whole.s3OriginConfig(
                    lay(asked.s3OriginConfig(), S3OriginConfig.builder().originReadTimeout(30))
                            .build());
        }
        return whole.build();
    }

    /** The members that the default behavior and the others have in common. */
    private static <B extends SdkPojo> B behavior(B builder) {
        return SdkShapes.copy(
                CacheBehavior.builder()
                        .trustedSigners(t -> t.enabled(false).quantity(0))
                        .trustedKeyGroups(t -> t.enabled(false).quantity(0))
                        .smoothStreaming(false)
                        .compress(false)
                        .lambdaFunctionAssociations(l -> l.quantity(0))
                        .functionAssociations(f -> f.quantity(0))
                        .fieldLevelEncryptionId("")
                        .grpcConfig(g -> g.enabled(false))
                        .build(),
                builder);
    }

    private static AllowedMethods methods(@Nullable AllowedMethods asked) {
        AllowedMethods.Builder whole =
                asked == null ? AllowedMethods.builder().quantity(2).items(Method.HEAD, Method.GET) : asked.toBuilder();
        return asked != null && asked.cachedMethods() != null
                ? asked
                : whole.cachedMethods(c -> c.quantity(2).items(Method.HEAD, Method.GET))
                        .build();
    }

    /** The deprecated members are answered too. */
    private static ViewerCertificate certificate(@Nullable ViewerCertificate asked) {
        if (asked == null || Boolean.TRUE.equals(asked.cloudFrontDefaultCertificate())) {
            return ViewerCertificate.builder()
                    .cloudFrontDefaultCertificate(true)
                    .sslSupportMethod(SSLSupportMethod.VIP)
                    .minimumProtocolVersion(MinimumProtocolVersion.TLS_V1)
                    .certificateSource(CertificateSource.CLOUDFRONT)
                    .build();
        }
        boolean acm = asked.acmCertificateArn() != null;
        return asked.toBuilder()
                .cloudFrontDefaultCertificate(false)
                .minimumProtocolVersion(
                        asked.minimumProtocolVersion() == null
                                ? MinimumProtocolVersion.TLS_V1
                                : asked.minimumProtocolVersion())
                .certificate(acm ? asked.acmCertificateArn() : asked.iamCertificateId())
                .certificateSource(acm ? CertificateSource.ACM : CertificateSource.IAM)
                .build();
    }
}
