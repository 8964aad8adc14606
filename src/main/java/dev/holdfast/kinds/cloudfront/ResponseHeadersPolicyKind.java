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
import software.amazon.awssdk.services.cloudfront.model.FrameOptionsList;
import software.amazon.awssdk.services.cloudfront.model.GetResponseHeadersPolicyResponse;
import software.amazon.awssdk.services.cloudfront.model.NoSuchResponseHeadersPolicyException;
import software.amazon.awssdk.services.cloudfront.model.ReferrerPolicyList;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicy;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyAccessControlAllowMethodsValues;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyList;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicySummary;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyType;

/** A response headers policy: what headers responses get, and lose. Its comment says whose it is. */
@Singleton
public final class ResponseHeadersPolicyKind extends DeclaredKind<ResponseHeadersPolicyKind.Spec> {
    private static final String ARN = "cloudfront::{account}:response-headers-policy/*";

    /** @see <a href="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateResponseHeadersPolicy.html">CreateResponseHeadersPolicy</a> */
    public record Spec(
            @Doc("Its name, unique in the account.") @PhysicalName(max = 128, also = "_")
            String name,

            @Doc("What it is for; after it stands whose it is.") @Marker(max = 128)
            String comment,

            @Doc("Headers for requests of other sites.") CorsHeaders corsConfig,

            @Doc("Headers for the browser's own protection.")
            SecurityHeaders securityHeadersConfig,

            @Doc("A header that says how the response came about.")
            ServerTiming serverTimingHeadersConfig,

            @Doc("Headers of one's own.") @Key("header") List<CustomHeader> customHeadersConfig,

            @Doc("Headers that are taken off.") @Key("header")
            List<RemovedHeader> removeHeadersConfig) {}

    public record CorsHeaders(
            @Doc("Whether scripts of other sites may send cookies.") @Required
            Boolean accessControlAllowCredentials,

            @Doc("Headers that they may send.") @Required Set<String> accessControlAllowHeaders,

            @Doc("Methods that they may use.") @Required
            Set<ResponseHeadersPolicyAccessControlAllowMethodsValues> accessControlAllowMethods,

            @Doc("The sites.") @Required Set<String> accessControlAllowOrigins,
            @Doc("Headers that they may read.") Set<String> accessControlExposeHeaders,
            @Doc("Seconds that a browser remembers this.") Integer accessControlMaxAgeSec,

            @Doc("Whether this counts where the origin says something else.") @Required
            Boolean originOverride) {}

    public record SecurityHeaders(
            @Doc("X-XSS-Protection.") XssProtection xssProtection,
            @Doc("X-Frame-Options.") FrameOptions frameOptions,
            @Doc("Referrer-Policy.") ReferrerRule referrerPolicy,
            @Doc("Content-Security-Policy.") ContentSecurity contentSecurityPolicy,
            @Doc("X-Content-Type-Options: nosniff.") ContentTypeOptions contentTypeOptions,
            @Doc("Strict-Transport-Security.") TransportSecurity strictTransportSecurity) {}

    public record XssProtection(
            @Doc("Whether this counts where the origin says something else.") @Required
            Boolean override,

            @Doc("Whether it is on.") @Required Boolean protection,
            @Doc("Whether the page is blocked.") Boolean modeBlock,
            @Doc("Where it is reported.") String reportUri) {}

    public record FrameOptions(
            @Doc("Whether this counts where the origin says something else.") @Required
            Boolean override,

            @Doc("DENY or SAMEORIGIN.") @Required FrameOptionsList frameOption) {}

    public record ReferrerRule(
            @Doc("Whether this counts where the origin says something else.") @Required
            Boolean override,

            @Doc("The rule.") @Required ReferrerPolicyList referrerPolicy) {}

    public record ContentSecurity(
            @Doc("Whether this counts where the origin says something else.") @Required
            Boolean override,

            @Doc("The rules.") @Required String contentSecurityPolicy) {}

    public record ContentTypeOptions(
            @Doc("Whether this counts where the origin says something else.") @Required
            Boolean override) {}

    public record TransportSecurity(
            @Doc("Whether this counts where the origin says something else.") @Required
            Boolean override,

            @Doc("Seconds that a browser uses HTTPS only.") @Required
            Integer accessControlMaxAgeSec,

            @Doc("Whether it holds for the names below.") Boolean includeSubdomains,
            @Doc("Whether browsers may know it beforehand.") Boolean preload) {}

    public record ServerTiming(
            @Doc("Whether there is one.") @Required Boolean enabled,

            @Doc("Of how many percent of the responses.") @Range(min = 0, max = 100)
            Double samplingRate) {}

    public record CustomHeader(
            @Doc("Its name.") @Required String header,
            @Doc("Its value.") @Required String value,

            @Doc("Whether this counts where the origin says something else.") @Required
            Boolean override) {}

    public record RemovedHeader(@Doc("Its name.") @Required String header) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of(
                        "ResponseHeadersPolicy",
                        Spec.class,
                        CloudFrontClient.class,
                        MARKER,
                        "What headers the responses of a distribution get, and lose.")
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
                .creates((cloudFront, desired, token, tagging) -> cloudFront
                        .createResponseHeadersPolicy(r -> r.responseHeadersPolicyConfig(
                                Wire.fill(ResponseHeadersPolicyConfig.builder(), desired.spec())
                                        .build()))
                        .responseHeadersPolicy()
                        .id())
                .rewrites(ResponseHeadersPolicyConfig.builder(), ResponseHeadersPolicyKind::update)
                .deletes((cloudFront, id) -> {
                    String etag =
                            cloudFront.getResponseHeadersPolicy(r -> r.id(id)).eTag();
                    cloudFront.deleteResponseHeadersPolicy(r -> r.id(id).ifMatch(etag));
                })
                .output("id", "Its id.", ResponseHeadersPolicy::id)
                .info(KindInfo.Builder::global)
                .fault("ResponseHeadersPolicyInUse", DEPENDENCY)
                .fault("TooManyResponseHeadersPolicies", QUOTA)
                .permissions(Permissions.on(ARN)
                        .changesAnything("cloudfront:CreateResponseHeadersPolicy")
                        .touches("cloudfront:UpdateResponseHeadersPolicy", ARN)
                        .touches("cloudfront:DeleteResponseHeadersPolicy", ARN))
                .page(
                        "https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateResponseHeadersPolicy.html");
    }

    private static void update(CloudFrontClient cloudFront, Change<Spec> change) {
        GetResponseHeadersPolicyResponse now =
                WholeAnswers.read(() -> cloudFront.getResponseHeadersPolicy(r -> r.id(change.physicalId())));
        ResponseHeadersPolicyConfig there = now.responseHeadersPolicy().responseHeadersPolicyConfig();
        cloudFront.updateResponseHeadersPolicy(r -> r.id(change.physicalId())
                .ifMatch(now.eTag())
                .responseHeadersPolicyConfig(
                        change.over(there, there.toBuilder()).build()));
    }
}
