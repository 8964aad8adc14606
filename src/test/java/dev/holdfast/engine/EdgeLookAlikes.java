package dev.holdfast.engine;

import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.FunctionRuntime;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControl;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControlOriginTypes;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControlSigningBehaviors;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControlSigningProtocols;
import software.amazon.awssdk.services.cloudfront.model.Tag;
import software.amazon.awssdk.services.cloudfront.model.ViewerProtocolPolicy;

/** Objects of strangers at the edge that resemble those of a stack. */
final class EdgeLookAlikes {
    private EdgeLookAlikes() {}

    /** @return the id of the origin access control */
    static String control(World world, String name, String description) {
        OriginAccessControl made = world.somebody(CloudFrontClient.class)
                .createOriginAccessControl(r -> r.originAccessControlConfig(c -> c.name(name)
                        .description(description)
                        .signingProtocol(OriginAccessControlSigningProtocols.SIGV4)
                        .signingBehavior(OriginAccessControlSigningBehaviors.ALWAYS)
                        .originAccessControlOriginType(OriginAccessControlOriginTypes.S3)))
                .originAccessControl();
        return made.id();
    }

    /** @return the ARN of the distribution */
    static String distribution(World world, String name, MadeTags tags) {
        DistributionConfig config = DistributionConfig.builder()
                .callerReference(name)
                .comment(name)
                .enabled(true)
                .origins(o -> o.quantity(1)
                        .items(i -> i.id("media")
                                .domainName(name + ".s3.eu-west-2.amazonaws.com")
                                .s3OriginConfig(s -> s.originAccessIdentity(""))))
                .defaultCacheBehavior(b -> b.targetOriginId("media")
                        .viewerProtocolPolicy(ViewerProtocolPolicy.HTTPS_ONLY)
                        .cachePolicyId("658327ea-f89d-4fab-a63d-7e88639e58f6"))
                .build();
        return world.somebody(CloudFrontClient.class)
                .createDistributionWithTags(r -> r.distributionConfigWithTags(
                        d -> d.distributionConfig(config).tags(t -> t.items(tags.as(Tag::builder)))))
                .distribution()
                .arn();
    }

    /** @return the name of the function */
    static String function(World world, String name, MadeTags tags) {
        CloudFrontClient cloudFront = world.somebody(CloudFrontClient.class);
        String etag = cloudFront
                .createFunction(r -> r.name(name)
                        .functionConfig(c -> c.comment("theirs").runtime(FunctionRuntime.CLOUDFRONT_JS_2_0))
                        .functionCode(SdkBytes.fromUtf8String("function handler(event) { return event.request; }"))
                        .tags(t -> t.items(tags.as(Tag::builder))))
                .eTag();
        cloudFront.publishFunction(r -> r.name(name).ifMatch(etag));
        return name;
    }

    /** @return the ARN of the VPC origin */
    static String vpcOrigin(World world, String name, String loadBalancer, MadeTags tags) {
        return world.somebody(CloudFrontClient.class)
                .createVpcOrigin(r -> r.vpcOriginEndpointConfig(c -> c.name(name)
                                .arn(loadBalancer)
                                .httpPort(80)
                                .httpsPort(443)
                                .originProtocolPolicy("http-only"))
                        .tags(t -> t.items(tags.as(Tag::builder))))
                .vpcOrigin()
                .arn();
    }

    /**
     * Policies of strangers whose names resemble ours.
     *
     * @return the ids, by kind
     */
    static Map<String, String> policies(World world, String name) {
        CloudFrontClient cloudFront = world.somebody(CloudFrontClient.class);
        return Map.of(
                "CachePolicy",
                cloudFront
                        .createCachePolicy(r -> r.cachePolicyConfig(c -> c.name(name)
                                .comment("theirs")
                                .minTTL(1L)
                                .parametersInCacheKeyAndForwardedToOrigin(p -> p.enableAcceptEncodingGzip(true)
                                        .headersConfig(h -> h.headerBehavior("none"))
                                        .cookiesConfig(k -> k.cookieBehavior("none"))
                                        .queryStringsConfig(q -> q.queryStringBehavior("none")))))
                        .cachePolicy()
                        .id(),
                "OriginRequestPolicy",
                cloudFront
                        .createOriginRequestPolicy(r -> r.originRequestPolicyConfig(c -> c.name(name)
                                .comment("theirs")
                                .headersConfig(h -> h.headerBehavior("none"))
                                .cookiesConfig(k -> k.cookieBehavior("none"))
                                .queryStringsConfig(q -> q.queryStringBehavior("none"))))
                        .originRequestPolicy()
                        .id(),
                "ResponseHeadersPolicy",
                cloudFront
                        .createResponseHeadersPolicy(r ->
                                r.responseHeadersPolicyConfig(c -> c.name(name).comment("theirs")))
                        .responseHeadersPolicy()
                        .id());
    }
}
