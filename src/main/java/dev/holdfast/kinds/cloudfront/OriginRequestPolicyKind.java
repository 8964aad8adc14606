package dev.holdfast.kinds.cloudfront;

import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.NoSuchOriginRequestPolicyException;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicy;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicyCookieBehavior;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicyHeaderBehavior;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicyList;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicyQueryStringBehavior;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicySummary;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicyType;

/**
 * An origin request policy: the parts of a request that are sent to the origin in addition to the cache key. Its
 * comment contains the ownership.
 */
@Singleton
public final class OriginRequestPolicyKind extends DeclaredKind<OriginRequestPolicyKind.Spec> {
    /** @see <a href="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateOriginRequestPolicy.html">CreateOriginRequestPolicy</a> */
    public record Spec(
            @Doc("The name of the policy, unique in the account.") @PhysicalName(max = 128, also = "_")
            String name,

            @Doc("The purpose of the policy; Holdfast appends the ownership.") @Marker(max = 128)
            String comment,

            @Doc("The headers that are sent.") @Required OriginHeaders headersConfig,
            @Doc("The cookies that are sent.") @Required OriginCookies cookiesConfig,

            @Doc("The query strings that are sent.") @Required
            OriginQueryStrings queryStringsConfig) {}

    public record OriginHeaders(
            @Doc("none, whitelist (only those in the list), allExcept (all except those in the list), allViewer, or"
                    + " allViewerAndWhitelistCloudFront (all of the viewer, and CloudFront's headers in the list).")
            @Required
            OriginRequestPolicyHeaderBehavior headerBehavior,

            @Doc("The names in the list.") @EmptyIsNone Set<String> headers) {
        public OriginHeaders {
            headers = headers == null ? Set.of() : headers;
        }
    }

    public record OriginCookies(
            @Doc("none, whitelist (only those in the list), allExcept (all except those in the list) or all.") @Required
            OriginRequestPolicyCookieBehavior cookieBehavior,

            @Doc("The names in the list.") @EmptyIsNone Set<String> cookies) {
        public OriginCookies {
            cookies = cookies == null ? Set.of() : cookies;
        }
    }

    public record OriginQueryStrings(
            @Doc("none, whitelist (only those in the list), allExcept (all except those in the list) or all.") @Required
            OriginRequestPolicyQueryStringBehavior queryStringBehavior,

            @Doc("The names in the list.") @EmptyIsNone Set<String> queryStrings) {
        public OriginQueryStrings {
            queryStrings = queryStrings == null ? Set.of() : queryStrings;
        }
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("OriginRequestPolicy", Spec.class, CloudFrontClient.class)
                .description("The parts of a request that are sent to the origin in addition to the cache key.")
                .lists(
                        cloudFront -> Listings.pages(
                                marker -> cloudFront
                                        .listOriginRequestPolicies(r -> r.type(OriginRequestPolicyType.CUSTOM)
                                                .marker(marker))
                                        .originRequestPolicyList(),
                                page -> page.items().stream()
                                        .map(OriginRequestPolicySummary::originRequestPolicy)
                                        .toList(),
                                OriginRequestPolicyList::nextMarker),
                        PointRead.of(
                                (cloudFront, id) -> List.of(cloudFront
                                        .getOriginRequestPolicy(r -> r.id(id))
                                        .originRequestPolicy()),
                                NoSuchOriginRequestPolicyException.class))
                .id(OriginRequestPolicy::id)
                .name(policy -> policy.originRequestPolicyConfig().name())
                .reads(
                        Spec::comment,
                        policy -> policy.originRequestPolicyConfig().comment())
                .detail((scope, cloudFront, policy) -> policy.originRequestPolicyConfig())
                .creates(
                        OriginRequestPolicyConfig::builder,
                        (cloudFront, config) ->
                                cloudFront.createOriginRequestPolicy(r -> r.originRequestPolicyConfig(config)))
                .rewrites(
                        OriginRequestPolicyConfig.builder(),
                        OriginRequestPolicyKind::now,
                        (cloudFront, id, now) -> cloudFront.updateOriginRequestPolicy(
                                r -> r.id(id).ifMatch(now.version()).originRequestPolicyConfig(now.configuration())))
                .deletes(
                        OriginRequestPolicyKind::now,
                        (cloudFront, id, version) -> cloudFront.deleteOriginRequestPolicy(
                                r -> r.id(id).ifMatch(version)))
                .output("id", "The id of the policy.", OriginRequestPolicy::id)
                .info(KindInfo.Builder::global)
                .fault("OriginRequestPolicyInUse", DEPENDENCY)
                .fault("TooManyOriginRequestPolicies", QUOTA)
                .permissions(CloudFrontTags.untagged("origin-request-policy", "OriginRequestPolicy"))
                .page("https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateOriginRequestPolicy.html");
    }

    private static Versioned<OriginRequestPolicyConfig> now(CloudFrontClient cloudFront, String id) {
        var now = cloudFront.getOriginRequestPolicy(r -> r.id(id));
        return new Versioned<>(now.originRequestPolicy().originRequestPolicyConfig(), now.eTag());
    }
}
