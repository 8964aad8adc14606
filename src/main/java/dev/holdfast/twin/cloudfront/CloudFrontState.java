package dev.holdfast.twin.cloudfront;

import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TagRules;
import dev.holdfast.twin.store.TwinContext;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.services.cloudfront.model.*;
import software.amazon.awssdk.utils.builder.CopyableBuilder;
import software.amazon.awssdk.utils.builder.SdkBuilder;
import software.amazon.awssdk.utils.builder.ToCopyableBuilder;

/**
 * The resources of CloudFront in one account, and their versions. Each write gives a resource a new ETag, and the next
 * write must send this ETag.
 */
final class CloudFrontState {
    static final int PAGE = 100;

    private static final String ETAG = "etag";
    private static final String CHANGED = "changedAt";
    private static final String CERTIFICATE = "certificateChangedAt";
    static final String DELETED = "deletedAt";

    final TwinContext context;
    final ResourceStore<Distribution, Distribution.Builder> distributions;
    final ResourceStore<OriginAccessControl, OriginAccessControl.Builder> originAccessControls;

    final CustomPolicies<CachePolicy, CachePolicy.Builder, CachePolicyConfig> cachePolicies;
    final CustomPolicies<OriginRequestPolicy, OriginRequestPolicy.Builder, OriginRequestPolicyConfig>
            originRequestPolicies;
    final CustomPolicies<ResponseHeadersPolicy, ResponseHeadersPolicy.Builder, ResponseHeadersPolicyConfig>
            responseHeadersPolicies;

    final ResourceStore<VpcOrigin, VpcOrigin.Builder> vpcOrigins;

    /** The functions in the stage DEVELOPMENT. */
    final ResourceStore<FunctionSummary, FunctionSummary.Builder> functions;

    /** The functions in the stage LIVE, as they were published. */
    final ResourceStore<FunctionSummary, FunctionSummary.Builder> liveFunctions;

    CloudFrontState(TwinContext context) {
        this.context = context;
        TagRules tags = TagRules.of(
                () -> refused("InvalidTagging", "The number of tags exceeds the limit of 50."),
                key -> refused("InvalidTagging", "The tag key " + key + " is reserved or not valid."));
        distributions = context.store(Distribution::builder, Distribution::id)
                .type("cloudfront:distribution")
                .arn(Distribution::arn)
                .missing(id -> error(404, "NoSuchDistribution", "The specified distribution does not exist."))
                .shows((stored, shown) -> shown.status(isDeployed(stored) ? "Deployed" : "InProgress")
                        .lastModifiedTime(changedAt(stored))
                        .inProgressInvalidationBatches(0))
                .tagRules(tags);
        originAccessControls = context.store(OriginAccessControl::builder, OriginAccessControl::id)
                .type("cloudfront:origin-access-control")
                .arn(control -> arn("origin-access-control/" + control.id()))
                .missing(id ->
                        error(404, "NoSuchOriginAccessControl", "The specified origin access control does not exist."));
        cachePolicies = new CustomPolicies<>(
                this,
                ManagedPolicies.CACHE,
                CachePolicy::builder,
                CachePolicy::id,
                (id, config) ->
                        CachePolicy.builder().id(id).cachePolicyConfig(config).build());
        originRequestPolicies = new CustomPolicies<>(
                this,
                ManagedPolicies.ORIGIN_REQUEST,
                OriginRequestPolicy::builder,
                OriginRequestPolicy::id,
                (id, config) -> OriginRequestPolicy.builder()
                        .id(id)
                        .originRequestPolicyConfig(config)
                        .build());
        responseHeadersPolicies = new CustomPolicies<>(
                this,
                ManagedPolicies.RESPONSE_HEADERS,
                ResponseHeadersPolicy::builder,
                ResponseHeadersPolicy::id,
                (id, config) -> ResponseHeadersPolicy.builder()
                        .id(id)
                        .responseHeadersPolicyConfig(config)
                        .build());
        vpcOrigins = context.store(VpcOrigin::builder, VpcOrigin::id)
                .type("cloudfront:vpcorigin")
                .arn(VpcOrigin::arn)
                .tagRules(tags)
                .shows((stored, shown) -> shown.status(
                                stored.attributes().containsKey(DELETED)
                                                || !context.passed(Delay.VPC_ORIGIN, changedAt(stored))
                                        ? "Deploying"
                                        : "Deployed")
                        .lastModifiedTime(changedAt(stored)))
                .missing(id -> error(404, "EntityNotFound", "The entity was not found: " + id));
        functions = functions().tagRules(tags).detail(f -> f.shape() + " " + f.attributes() + published(f.id()));
        liveFunctions = functions();
    }

    private ResourceStore<FunctionSummary, FunctionSummary.Builder> functions() {
        return context.store(FunctionSummary::builder, FunctionSummary::name)
                .type("cloudfront:function")
                .arn(function -> function.functionMetadata().functionARN())
                .missing(name -> error(404, "NoSuchFunctionExists", "The specified function does not exist."));
    }

    private String published(String name) {
        return liveFunctions.has(name) ? " " + liveFunctions.stored(name).attributes() : "";
    }

    /** The stores of the resources that have tags. */
    Stream<ResourceStore<?, ?>> tagged() {
        return Stream.of(distributions, functions, vpcOrigins);
    }

    /** Throws CloudFront's error if a distribution uses this VPC origin. */
    void unused(String code, String id) {
        if (configurations()
                .flatMap(config -> config.origins().items().stream())
                .anyMatch(origin -> origin.vpcOriginConfig() != null
                        && id.equals(origin.vpcOriginConfig().vpcOriginId()))) {
            throw conflict(
                    code,
                    "The specified VPC origin is currently associated with one or more distributions. Please disassociate the"
                            + " VPC origin from all distributions before updating or deleting.");
        }
    }

    /** The ARN has no region, because these resources are global. */
    String arn(String resource) {
        return "arn:aws:cloudfront::" + context.account() + ":" + resource;
    }

    /** A random id such as E1A2B3C4D5E6F7. */
    String newId() {
        return "E" + context.hex(13).toUpperCase(Locale.ROOT);
    }

    /** Gives a changed resource a new version, whose deployment starts now. */
    void renew(StoredResource<?> stored) {
        stored.attributes().put(ETAG, newId());
        stored.attributes().put(CHANGED, context.now().toString());
    }

    static String etag(StoredResource<?> stored) {
        return Objects.requireNonNull(stored.attributes().get(ETAG));
    }

    static Instant changedAt(StoredResource<?> stored) {
        return Instant.parse(Objects.requireNonNull(stored.attributes().get(CHANGED)));
    }

    /**
     * Records a change of the certificate. CloudFront refuses a second change while it deploys the first.
     *
     * @see <a href="https://github.com/hashicorp/terraform/issues/13495">the message of the refusal</a>
     */
    void changeCertificate(StoredResource<Distribution> stored, ViewerCertificate to) {
        ViewerCertificate from = stored.shape().distributionConfig().viewerCertificate();
        if (Objects.equals(ViewerCertificateRules.identity(from), ViewerCertificateRules.identity(to))) {
            return;
        }
        String last = stored.attributes().get(CERTIFICATE);
        if (last != null && !context.passed(Delay.DISTRIBUTION, Instant.parse(last))) {
            throw refused("IllegalUpdate", "Only one viewer certificate change may be in progress at a time.");
        }
        stored.attributes().put(CERTIFICATE, context.now().toString());
    }

    boolean isDeployed(StoredResource<?> stored) {
        return context.passed(Delay.DISTRIBUTION, changedAt(stored));
    }

    /** Returns the resource. Refuses a write that does not send the ETag of the last version. */
    static <T> StoredResource<T> match(StoredResource<T> stored, @Nullable String ifMatch) {
        if (ifMatch == null || !ifMatch.matches("E[0-9A-Z]{10,14}")) {
            throw refused("InvalidIfMatchVersion", "The If-Match version is missing or not valid for the resource.");
        }
        if (!ifMatch.equals(etag(stored))) {
            throw error(
                    412,
                    "PreconditionFailed",
                    "The request failed because it didn't meet the preconditions in one or more request-header fields.");
        }
        return stored;
    }

    /**
     * Fills the members of an answer: the version of a resource, and the resource itself or its configuration.
     *
     * @param response a builder that has members with these names
     */
    static <R extends SdkPojo & SdkBuilder<R, A>, A> A answer(R response, ResourceStore<?, ?> store, String id) {
        SdkPojo shown = store.shown(id);
        for (SdkField<?> member : response.sdkFields()) {
            if (member.memberName().equals("ETag")) {
                member.set(response, etag(store.stored(id)));
            } else if (member.marshallingType().equals(MarshallingType.SDK_POJO)) {
                member.set(response, Objects.requireNonNullElse(SdkShapes.get(shown, member.memberName()), shown));
            }
        }
        return response.build();
    }

    /** Fills an answer to a read; throws CloudFront's error if callers do not see the resource. */
    static <R extends SdkPojo & SdkBuilder<R, A>, A> A read(R response, ResourceStore<?, ?> store, String id) {
        return answer(response, store, store.seen(id).id());
    }

    /** Fills an answer to the creation of a resource. @param path the path of the resource in the API */
    static <R extends SdkPojo & SdkBuilder<R, A>, A> A created(
            String path, R response, ResourceStore<?, ?> store, String id) {
        set(response, "location", "https://cloudfront.amazonaws.com/2020-05-31/" + path);
        return answer(response, store, id);
    }

    static AwsServiceException invalid(String message) {
        return refused("InvalidArgument", message);
    }

    static AwsServiceException conflict(String code, String message) {
        return error(409, code, message);
    }

    /** The configurations of all distributions, as the last write has set them. */
    Stream<DistributionConfig> configurations() {
        return distributions.stream().map(Distribution::distributionConfig);
    }

    /** All cache behaviors of a distribution, the default one first. */
    static List<SdkPojo> behaviors(DistributionConfig config) {
        return Stream.concat(
                        Stream.<SdkPojo>of(config.defaultCacheBehavior()),
                        config.cacheBehaviors() == null ? Stream.of() : config.cacheBehaviors().items().stream())
                .toList();
    }

    /** Refuses a behavior that names a policy or a function that does not exist. */
    void policies(SdkPojo one) {
        for (ManagedPolicies type : ManagedPolicies.values()) {
            String id = type.of(one);
            if (id != null && !id.isEmpty() && !type.has(id) && !isCustom(type, id)) {
                throw type.missing();
            }
        }
    }

    /** Refuses a behavior that names an unpublished function. */
    void functions(SdkPojo one) {
        DistributionRules.functions(one).stream()
                .map(FunctionAssociation::functionARN)
                .filter(arn -> liveFunctions.stream()
                        .noneMatch(live -> live.functionMetadata().functionARN().equals(arn)))
                .findFirst()
                .ifPresent(arn -> {
                    throw refused(
                            "InvalidFunctionAssociation",
                            "The function does not exist, or was not published to the stage LIVE: " + arn);
                });
    }

    private boolean isCustom(ManagedPolicies type, String id) {
        return switch (type) {
            case CACHE -> cachePolicies.store().has(id);
            case ORIGIN_REQUEST -> originRequestPolicies.store().has(id);
            case RESPONSE_HEADERS -> responseHeadersPolicies.store().has(id);
        };
    }

    boolean uses(ManagedPolicies type, String id) {
        return configurations().flatMap(config -> behaviors(config).stream()).anyMatch(one -> id.equals(type.of(one)));
    }

    /** The quantity of a list must equal the number of its items. */
    static void counted(SdkPojo shape) {
        Object items = SdkShapes.get(shape, "items");
        if (SdkShapes.member(shape, "quantity") != null
                && !Objects.equals(
                        SdkShapes.get(shape, "quantity"), items instanceof Collection<?> many ? many.size() : 0)) {
            throw refused("InconsistentQuantities", "The value of Quantity and the size of Items don't match.");
        }
        shape.sdkFields().stream()
                .map(field -> field.getValueOrDefault(shape))
                .flatMap(value -> value instanceof Collection<?> many ? many.stream() : Stream.ofNullable(value))
                .filter(SdkPojo.class::isInstance)
                .forEach(inner -> counted((SdkPojo) inner));
    }

    /**
     * Returns one page of a list in CloudFront's form: an empty list has no items, and the marker is that of the
     * request.
     *
     * @param list a list with those of the members items, quantity, maxItems, marker, nextMarker, isTruncated that its
     *     type has
     */
    <B extends SdkPojo & CopyableBuilder<B, T>, T extends SdkPojo & ToCopyableBuilder<B, T>> T page(
            SdkPojo request, B list, Stream<? extends SdkPojo> all) {
        T page = context.page(request, list, all.toList(), PAGE);
        List<?> items = (List<?>) Objects.requireNonNull(SdkShapes.get(page, "items"));
        B shown = page.toBuilder();
        set(shown, "quantity", items.size());
        set(shown, "maxItems", PAGE);
        set(shown, "marker", SdkShapes.get(request, "marker"));
        if (items.isEmpty()) {
            set(shown, "items", null);
        }
        return shown.build();
    }

    static void set(SdkPojo shape, String member, @Nullable Object value) {
        SdkField<?> field = SdkShapes.member(shape, member);
        if (field != null) {
            field.set(shape, value);
        }
    }
}
