package dev.holdfast.kinds.cloudfront;

import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.FrameOptionsList;
import software.amazon.awssdk.services.cloudfront.model.NoSuchResponseHeadersPolicyException;
import software.amazon.awssdk.services.cloudfront.model.ReferrerPolicyList;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicy;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyAccessControlAllowMethodsValues;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyList;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicySummary;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyType;

/**
 * A response headers policy: the headers that are added to and removed from responses. Its comment contains the
 * ownership.
 */
@Singleton
public final class ResponseHeadersPolicyKind extends DeclaredKind<ResponseHeadersPolicyKind.Spec> {
    /** @see <a href="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateResponseHeadersPolicy.html">CreateResponseHeadersPolicy</a> */
    public record Spec(
            @Doc("The name of the policy, unique in the account.") @PhysicalName(max = 128, also = "_")
            String name,

            @Doc("The purpose of the policy; Holdfast appends the ownership.") @Marker(max = 128)
            String comment,

            @Doc("The CORS headers, for requests from pages of other sites.")
            CorsHeaders corsConfig,

            @Doc("The headers that turn on security features of browsers.")
            SecurityHeaders securityHeadersConfig,

            @Doc("The Server-Timing header, which describes how CloudFront produced the response.")
            ServerTiming serverTimingHeadersConfig,

            @Doc("Custom headers.") @Key("header") List<CustomHeader> customHeadersConfig,

            @Doc("The headers that are removed.") @Key("header")
            List<RemovedHeader> removeHeadersConfig) {}

    public record CorsHeaders(
            @Doc("Whether scripts of other sites may send credentials such as cookies.") @Required
            Boolean accessControlAllowCredentials,

            @Doc("The headers that scripts of other sites may send.") @Required
            Set<String> accessControlAllowHeaders,

            @Doc("The methods that scripts of other sites may use.") @Required
            Set<ResponseHeadersPolicyAccessControlAllowMethodsValues> accessControlAllowMethods,

            @Doc("The allowed origins (the other sites).") @Required
            Set<String> accessControlAllowOrigins,

            @Doc("The headers that scripts of other sites may read.")
            Set<String> accessControlExposeHeaders,

            @Doc("The time that a browser may cache these rules, in seconds.")
            Integer accessControlMaxAgeSec,

            @Doc("Whether this value replaces that of the origin.") @Required
            Boolean originOverride) {}

    public record SecurityHeaders(
            @Doc("The header X-XSS-Protection.") XssProtection xssProtection,
            @Doc("The header X-Frame-Options.") FrameOptions frameOptions,
            @Doc("The header Referrer-Policy.") ReferrerRule referrerPolicy,
            @Doc("The header Content-Security-Policy.") ContentSecurity contentSecurityPolicy,

            @Doc("The header X-Content-Type-Options: nosniff.")
            ContentTypeOptions contentTypeOptions,

            @Doc("The header Strict-Transport-Security.") TransportSecurity strictTransportSecurity) {}

    public record XssProtection(
            @Doc("Whether this value replaces that of the origin.") @Required
            Boolean override,

            @Doc("Whether the browser's filter is on.") @Required
            Boolean protection,

            @Doc("Whether the browser blocks the page when it detects an attack.")
            Boolean modeBlock,

            @Doc("The URI to which browsers report attacks.") @EmptyIsNone
            String reportUri) {}

    public record FrameOptions(
            @Doc("Whether this value replaces that of the origin.") @Required
            Boolean override,

            @Doc("The value of the header: DENY or SAMEORIGIN.") @Required
            FrameOptionsList frameOption) {}

    public record ReferrerRule(
            @Doc("Whether this value replaces that of the origin.") @Required
            Boolean override,

            @Doc("The value of the header.") @Required ReferrerPolicyList referrerPolicy) {}

    public record ContentSecurity(
            @Doc("Whether this value replaces that of the origin.") @Required
            Boolean override,

            @Doc("The value of the header.") @Required String contentSecurityPolicy) {}

    public record ContentTypeOptions(
            @Doc("Whether this value replaces that of the origin.") @Required
            Boolean override) {}

    public record TransportSecurity(
            @Doc("Whether this value replaces that of the origin.") @Required
            Boolean override,

            @Doc("The time that a browser uses only HTTPS, in seconds.") @Required
            Integer accessControlMaxAgeSec,

            @Doc("Whether the rule also applies to subdomains.")
            Boolean includeSubdomains,

            @Doc("Whether the header contains the preload directive.")
            Boolean preload) {}

    public record ServerTiming(
            @Doc("Whether responses have the header.") @Required
            Boolean enabled,

            @Doc("The percentage of responses that have the header.") @Range(min = 0, max = 100)
            Double samplingRate) {}

    public record CustomHeader(
            @Doc("The name of the header.") @Required String header,
            @Doc("The value of the header.") @Required String value,

            @Doc("Whether this value replaces that of the origin.") @Required
            Boolean override) {}

    public record RemovedHeader(
            @Doc("The name of the header.") @Required String header) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("ResponseHeadersPolicy", Spec.class, CloudFrontClient.class)
                .description("The headers that are added to and removed from the responses of a distribution.")
                .lists(
                        cloudFront -> Listings.pages(
                                marker -> cloudFront
                                        .listResponseHeadersPolicies(r -> r.type(ResponseHeadersPolicyType.CUSTOM)
                                                .marker(marker))
                                        .responseHeadersPolicyList(),
                                page -> page.items().stream()
                                        .map(ResponseHeadersPolicySummary::responseHeadersPolicy)
                                        .toList(),
                                ResponseHeadersPolicyList::nextMarker),
                        PointRead.of(
                                (cloudFront, id) -> List.of(cloudFront
                                        .getResponseHeadersPolicy(r -> r.id(id))
                                        .responseHeadersPolicy()),
                                NoSuchResponseHeadersPolicyException.class))
                .id(ResponseHeadersPolicy::id)
                .name(policy -> policy.responseHeadersPolicyConfig().name())
                .reads(
                        Spec::comment,
                        policy -> policy.responseHeadersPolicyConfig().comment())
                .detail((scope, cloudFront, policy) -> policy.responseHeadersPolicyConfig())
                .creates(
                        ResponseHeadersPolicyConfig::builder,
                        (cloudFront, config) ->
                                cloudFront.createResponseHeadersPolicy(r -> r.responseHeadersPolicyConfig(config)))
                .rewrites(
                        ResponseHeadersPolicyConfig.builder(),
                        ResponseHeadersPolicyKind::now,
                        (cloudFront, id, now) -> cloudFront.updateResponseHeadersPolicy(
                                r -> r.id(id).ifMatch(now.version()).responseHeadersPolicyConfig(now.configuration())))
                .deletes(
                        ResponseHeadersPolicyKind::now,
                        (cloudFront, id, version) -> cloudFront.deleteResponseHeadersPolicy(
                                r -> r.id(id).ifMatch(version)))
                .output("id", "The id of the policy.", ResponseHeadersPolicy::id)
                .info(KindInfo.Builder::global)
                .fault("ResponseHeadersPolicyInUse", DEPENDENCY)
                .fault("TooManyResponseHeadersPolicies", QUOTA)
                .permissions(CloudFrontTags.untagged("response-headers-policy", "ResponseHeadersPolicy"))
                .page(
                        "https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateResponseHeadersPolicy.html");
    }

    private static Versioned<ResponseHeadersPolicyConfig> now(CloudFrontClient cloudFront, String id) {
        var now = cloudFront.getResponseHeadersPolicy(r -> r.id(id));
        return new Versioned<>(now.responseHeadersPolicy().responseHeadersPolicyConfig(), now.eTag());
    }
}
