package dev.holdfast.kinds.cloudfront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kinds.KindHarness;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CachePolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.ViewerProtocolPolicy;

/** Policies have the ownership in their comments, unique names, and stay while a distribution uses them. */
class EdgePoliciesTest {
    private static final String SPEC = "{'comment':'pages MARK','minTTL':1,"
            + "'parametersInCacheKeyAndForwardedToOrigin':{'enableAcceptEncodingGzip':true,"
            + "'headersConfig':{'headerBehavior':'whitelist','headers':['Origin']},"
            + "'cookiesConfig':{'cookieBehavior':'none'},'queryStringsConfig':{'queryStringBehavior':'none'}}}";

    private final KindHarness<CachePolicyKind.Spec> harness =
            new KindHarness<>(new CachePolicyKind(), "name").untagged();
    private final CloudFrontClient cloudFront = harness.twin.service("eu-west-2", CloudFrontClient.class);
    private final String spec = SPEC.replace("MARK", harness.stack.marker(harness.id));

    private CachePolicyConfig config() {
        return cloudFront
                .listCachePolicies(r -> {})
                .cachePolicyList()
                .items()
                .getFirst()
                .cachePolicy()
                .cachePolicyConfig();
    }

    @Test
    void isCreatedInOneCallAndThenLeftAlone() {
        harness.isCreatedByAndThenLeftAlone(spec, "createCachePolicy");

        assertThat(harness.known().identity().tags()).isEqualTo(harness.stack.ownershipTags(harness.id));
    }

    /** The list returns the whole configuration without its version, so that no other read is needed. */
    @Test
    void isReadByTheListAlone() {
        harness.isReadBy(spec, true, "listCachePolicies");
    }

    @Test
    void whatIsNotDeclaredSurvivesAChange() {
        harness.desire(spec).converge();
        String id = harness.known().identity().physicalId();
        String etag = cloudFront.getCachePolicy(r -> r.id(id)).eTag();
        cloudFront.updateCachePolicy(r -> r.id(id).ifMatch(etag).cachePolicyConfig(config().copy(c -> c.maxTTL(77L))));

        harness.desire(spec, "{'minTTL':9}").converge();

        assertThat(config().minTTL()).isEqualTo(9);
        assertThat(config().maxTTL()).isEqualTo(77);
    }

    /** The names of headers are removed when the behavior changes to none. */
    @Test
    void takesTheNamesAwayWithTheList() {
        harness.desire(spec).converge();

        harness.desire(spec.replace("'whitelist','headers':['Origin']", "'none'"))
                .converge();

        assertThat(config().parametersInCacheKeyAndForwardedToOrigin()
                        .headersConfig()
                        .headers())
                .isNull();
    }

    @Test
    void staysWhileADistributionUsesIt() {
        harness.desire(spec).converge();
        String id = harness.known().identity().physicalId();
        cloudFront.createDistribution(r -> r.distributionConfig(c -> c.callerReference("a")
                .comment("")
                .enabled(true)
                .origins(o -> o.quantity(1)
                        .items(i -> i.id("m")
                                .domainName("m.s3.eu-west-2.amazonaws.com")
                                .s3OriginConfig(s -> s.originAccessIdentity(""))))
                .defaultCacheBehavior(b -> b.targetOriginId("m")
                        .viewerProtocolPolicy(ViewerProtocolPolicy.HTTPS_ONLY)
                        .cachePolicyId(id))));

        assertThatThrownBy(harness::delete).hasMessageContaining("attached to one or more cache behaviors");
    }
}
