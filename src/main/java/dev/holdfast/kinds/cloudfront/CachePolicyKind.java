package dev.holdfast.kinds.cloudfront;

import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.kind.*;
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
import software.amazon.awssdk.services.cloudfront.model.NoSuchCachePolicyException;

/**
 * A cache policy: the parts of the cache key, and how long objects stay in the cache. Its comment contains the
 * ownership.
 */
@Singleton
public final class CachePolicyKind extends DeclaredKind<CachePolicyKind.Spec> {
    /** @see <a href="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateCachePolicy.html">CreateCachePolicy</a> */
    public record Spec(
            @Doc("The name of the policy, unique in the account.") @PhysicalName(max = 128, also = "_")
            String name,

            @Doc("The purpose of the policy; Holdfast appends the ownership.") @Marker(max = 128)
            String comment,

            @Doc("The minimum time that an object stays in the cache, in seconds.") @Required
            Long minTTL,

            @Doc("The time that an object stays in the cache if the origin sets none, in seconds; AWS's default is"
                    + " 86400.")
            Long defaultTTL,

            @Doc("The maximum time that an object stays in the cache, in seconds; AWS's default is 31536000.")
            Long maxTTL,

            @Doc("The parts of a request that form the cache key and are sent to the origin.") @Required
            CacheKey parametersInCacheKeyAndForwardedToOrigin) {}

    public record CacheKey(
            @Doc("Whether objects that are compressed with gzip are cached separately.") @Required
            Boolean enableAcceptEncodingGzip,

            @Doc("Whether objects that are compressed with Brotli are cached separately.")
            Boolean enableAcceptEncodingBrotli,

            @Doc("The headers in the cache key.") @Required KeyHeaders headersConfig,
            @Doc("The cookies in the cache key.") @Required KeyCookies cookiesConfig,

            @Doc("The query strings in the cache key.") @Required
            KeyQueryStrings queryStringsConfig) {}

    public record KeyHeaders(
            @Doc("none, or whitelist (only the headers in the list).") @Required
            CachePolicyHeaderBehavior headerBehavior,

            @Doc("The names in the list.") @EmptyIsNone Set<String> headers) {
        public KeyHeaders {
            headers = headers == null ? Set.of() : headers;
        }
    }

    public record KeyCookies(
            @Doc("none, whitelist (only those in the list), allExcept (all except those in the list) or all.") @Required
            CachePolicyCookieBehavior cookieBehavior,

            @Doc("The names in the list.") @EmptyIsNone Set<String> cookies) {
        public KeyCookies {
            cookies = cookies == null ? Set.of() : cookies;
        }
    }

    public record KeyQueryStrings(
            @Doc("none, whitelist (only those in the list), allExcept (all except those in the list) or all.") @Required
            CachePolicyQueryStringBehavior queryStringBehavior,

            @Doc("The names in the list.") @EmptyIsNone Set<String> queryStrings) {
        public KeyQueryStrings {
            queryStrings = queryStrings == null ? Set.of() : queryStrings;
        }
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("CachePolicy", Spec.class, CloudFrontClient.class)
                .description("The parts of a cache key, and how long objects stay in the cache.")
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
                .creates(
                        CachePolicyConfig::builder,
                        (cloudFront, config) -> cloudFront.createCachePolicy(r -> r.cachePolicyConfig(config)))
                .rewrites(
                        CachePolicyConfig.builder(),
                        CachePolicyKind::now,
                        (cloudFront, id, now) -> cloudFront.updateCachePolicy(
                                r -> r.id(id).ifMatch(now.version()).cachePolicyConfig(now.configuration())))
                .deletes(
                        CachePolicyKind::now,
                        (cloudFront, id, version) ->
                                cloudFront.deleteCachePolicy(r -> r.id(id).ifMatch(version)))
                .output("id", "The id of the policy.", CachePolicy::id)
                .info(KindInfo.Builder::global)
                .fault("CachePolicyInUse", DEPENDENCY)
                .fault("TooManyCachePolicies", QUOTA)
                .permissions(CloudFrontTags.untagged("cache-policy", "CachePolicy"))
                .page("https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateCachePolicy.html");
    }

    private static Versioned<CachePolicyConfig> now(CloudFrontClient cloudFront, String id) {
        var now = cloudFront.getCachePolicy(r -> r.id(id));
        return new Versioned<>(now.cachePolicy().cachePolicyConfig(), now.eTag());
    }
}
