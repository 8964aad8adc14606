package dev.holdfast.kinds.cloudfront;

import static dev.holdfast.kind.OwnershipForm.MARKER;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.aws.WholeAnswers;
import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CachePolicy;
import software.amazon.awssdk.services.cloudfront.model.CachePolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.CachePolicyCookieBehavior;
import software.amazon.awssdk.services.cloudfront.model.CachePolicyHeaderBehavior;
import software.amazon.awssdk.services.cloudfront.model.CachePolicyList;
import software.amazon.awssdk.services.cloudfront.model.CachePolicyQueryStringBehavior;
import software.amazon.awssdk.services.cloudfront.model.CachePolicySummary;
import software.amazon.awssdk.services.cloudfront.model.CachePolicyType;
import software.amazon.awssdk.services.cloudfront.model.GetCachePolicyResponse;
import software.amazon.awssdk.services.cloudfront.model.NoSuchCachePolicyException;

/** A cache policy: what makes up the key of the cache, and how long things are kept. Its comment says whose it is. */
@Singleton
public final class CachePolicyKind extends DeclaredKind<CachePolicyKind.Spec> {
    private static final String ARN = "cloudfront::{account}:cache-policy/*";

    /** @see <a href="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateCachePolicy.html">CreateCachePolicy</a> */
    public record Spec(
            @Doc("Its name, unique in the account.") @PhysicalName(max = 128, also = "_")
            String name,

            @Doc("What it is for; after it stands whose it is.") @Marker(max = 128)
            String comment,

            @Doc("Seconds that something is kept at the least.") @Required
            Long minTTL,

            @Doc("Seconds that something is kept of which the origin says nothing; AWS's default is 86400.")
            Long defaultTTL,

            @Doc("Seconds that something is kept at the most; AWS's default is 31536000.")
            Long maxTTL,

            @Doc("What makes up the key, and goes to the origin.") @Required
            CacheKey parametersInCacheKeyAndForwardedToOrigin) {}

    public record CacheKey(
            @Doc("Whether compressed forms of gzip are kept apart.") @Required
            Boolean enableAcceptEncodingGzip,

            @Doc("Whether compressed forms of Brotli are kept apart.")
            Boolean enableAcceptEncodingBrotli,

            @Doc("Headers.") @Required KeyHeaders headersConfig,
            @Doc("Cookies.") @Required KeyCookies cookiesConfig,
            @Doc("Query strings.") @Required KeyQueryStrings queryStringsConfig) {}

    public record KeyHeaders(
            @Doc("none, or whitelist: those that are named.") @Required
            CachePolicyHeaderBehavior headerBehavior,

            @Doc("Their names.") @EmptyIsNone Set<String> headers) {
        public KeyHeaders {
            headers = headers == null ? Set.of() : headers;
        }
    }

    public record KeyCookies(
            @Doc("none, whitelist, allExcept or all.") @Required
            CachePolicyCookieBehavior cookieBehavior,

            @Doc("Their names.") @EmptyIsNone Set<String> cookies) {
        public KeyCookies {
            cookies = cookies == null ? Set.of() : cookies;
        }
    }

    public record KeyQueryStrings(
            @Doc("none, whitelist, allExcept or all.") @Required
            CachePolicyQueryStringBehavior queryStringBehavior,

            @Doc("Their names.") @EmptyIsNone Set<String> queryStrings) {
        public KeyQueryStrings {
            queryStrings = queryStrings == null ? Set.of() : queryStrings;
        }
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of(
                        "CachePolicy",
                        Spec.class,
                        CloudFrontClient.class,
                        MARKER,
                        "What makes up the key of a cache, and how long things are kept.")
                .lists(
                        cloudFront -> Listings.pages(
                                marker -> cloudFront
                                        .listCachePolicies(r ->
                                                r.type(CachePolicyType.CUSTOM).marker(marker))
                                        .cachePolicyList(),
                                page -> page.items().stream()
                                        .map(CachePolicySummary::cachePolicy)
                                        .toList(),
                                CachePolicyList::nextMarker),
                        PointRead.of(
                                (cloudFront, id) -> List.of(
                                        cloudFront.getCachePolicy(r -> r.id(id)).cachePolicy()),
                                NoSuchCachePolicyException.class))
                .id(CachePolicy::id)
                .name(policy -> policy.cachePolicyConfig().name())
                .reads(Spec::comment, policy -> policy.cachePolicyConfig().comment())
                .detail((scope, cloudFront, policy) -> policy.cachePolicyConfig())
                .creates((cloudFront, desired, token, tagging) -> cloudFront
                        .createCachePolicy(
                                r -> r.cachePolicyConfig(Wire.fill(CachePolicyConfig.builder(), desired.spec())
                                        .build()))
                        .cachePolicy()
                        .id())
                .rewrites(CachePolicyConfig.builder(), CachePolicyKind::update)
                .deletes((cloudFront, id) -> {
                    String etag = cloudFront.getCachePolicy(r -> r.id(id)).eTag();
                    cloudFront.deleteCachePolicy(r -> r.id(id).ifMatch(etag));
                })
                .output("id", "Its id.", CachePolicy::id)
                .info(KindInfo.Builder::global)
                .fault("CachePolicyInUse", DEPENDENCY)
                .fault("TooManyCachePolicies", QUOTA)
                .permissions(Permissions.on(ARN)
                        .changesAnything("cloudfront:CreateCachePolicy")
                        .touches("cloudfront:UpdateCachePolicy", ARN)
                        .touches("cloudfront:DeleteCachePolicy", ARN))
                .page("https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateCachePolicy.html");
    }

    private static void update(CloudFrontClient cloudFront, Change<Spec> change) {
        GetCachePolicyResponse now = WholeAnswers.read(() -> cloudFront.getCachePolicy(r -> r.id(change.physicalId())));
        CachePolicyConfig there = now.cachePolicy().cachePolicyConfig();
        cloudFront.updateCachePolicy(r -> r.id(change.physicalId())
                .ifMatch(now.eTag())
                .cachePolicyConfig(change.over(there, there.toBuilder()).build()));
    }
}
