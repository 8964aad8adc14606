package dev.holdfast.twin.cloudfront;

import static dev.holdfast.twin.cloudfront.CloudFrontState.conflict;
import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.StoredResource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.*;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Distributions and tags. */
interface DistributionCalls extends CloudFrontClient {
    /** @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html">quotas</a> */
    int MOST_DISTRIBUTIONS = 500;

    CloudFrontState state();

    @Override
    default CreateDistributionResponse createDistribution(CreateDistributionRequest r) {
        return made(CreateDistributionResponse.builder(), r.distributionConfig(), Map.of());
    }

    @Override
    default CreateDistributionWithTagsResponse createDistributionWithTags(CreateDistributionWithTagsRequest r) {
        DistributionConfigWithTags asked = r.distributionConfigWithTags();
        return made(CreateDistributionWithTagsResponse.builder(), asked.distributionConfig(), tags(asked.tags()));
    }

    private <R extends SdkPojo & SdkBuilder<R, A>, A> A made(
            R response, DistributionConfig asked, Map<String, String> tags) {
        CloudFrontState s = state();
        if (s.configurations().anyMatch(c -> c.callerReference().equals(asked.callerReference()))) {
            throw conflict(
                    "DistributionAlreadyExists",
                    "The caller reference that you are using to create a distribution is associated with another"
                            + " distribution. Already exists: "
                            + s.distributions.stream()
                                    .filter(d -> d.distributionConfig()
                                            .callerReference()
                                            .equals(asked.callerReference()))
                                    .findFirst()
                                    .orElseThrow()
                                    .id());
        }
        if (s.distributions.all().size() >= MOST_DISTRIBUTIONS) {
            throw refused(
                    "TooManyDistributions",
                    "Processing your request would cause you to exceed the maximum number of distributions allowed.");
        }
        ViewerCertificateRules.check(asked.viewerCertificate());
        DistributionConfig config = DistributionDefaults.filled(asked);
        new DistributionRules(s, null).check(config);
        String id = s.newId();
        s.distributions.add(
                Distribution.builder()
                        .id(id)
                        .arn(s.arn("distribution/" + id))
                        .domainName("d" + s.context.hex(13) + ".cloudfront.net")
                        .distributionConfig(config)
                        .activeTrustedSigners(t -> t.enabled(false).quantity(0))
                        .activeTrustedKeyGroups(t -> t.enabled(false).quantity(0))
                        .build(),
                tags);
        s.renew(s.distributions.stored(id));
        return CloudFrontState.created("distribution/" + id, response, s.distributions, id);
    }

    @Override
    default GetDistributionResponse getDistribution(GetDistributionRequest r) {
        return CloudFrontState.read(GetDistributionResponse.builder(), state().distributions, r.id());
    }

    @Override
    default GetDistributionConfigResponse getDistributionConfig(GetDistributionConfigRequest r) {
        return CloudFrontState.read(GetDistributionConfigResponse.builder(), state().distributions, r.id());
    }

    @Override
    default ListDistributionsResponse listDistributions(ListDistributionsRequest r) {
        CloudFrontState s = state();
        return ListDistributionsResponse.builder()
                .distributionList(s.page(
                        r, DistributionList.builder(), s.distributions.visible().map(this::summary)))
                .build();
    }

    private DistributionSummary summary(Distribution d) {
        return SdkShapes.copy(d, SdkShapes.copy(d.distributionConfig(), DistributionSummary.builder()))
                .eTag(CloudFrontState.etag(state().distributions.stored(d.id())))
                .build();
    }

    @Override
    default UpdateDistributionResponse updateDistribution(UpdateDistributionRequest r) {
        CloudFrontState s = state();
        StoredResource<Distribution> stored = CloudFrontState.match(s.distributions.stored(r.id()), r.ifMatch());
        DistributionRules rules = new DistributionRules(s, stored.shape());
        rules.whole(r.distributionConfig());
        ViewerCertificateRules.check(r.distributionConfig().viewerCertificate());
        DistributionConfig config = DistributionDefaults.filled(r.distributionConfig());
        rules.check(config);
        s.changeCertificate(stored, config.viewerCertificate());
        s.distributions.change(r.id(), d -> d.distributionConfig(config));
        s.renew(stored);
        return CloudFrontState.answer(UpdateDistributionResponse.builder(), s.distributions, r.id());
    }

    /**
     * The aliases of other distributions that equal the alias, or that overlap it through a wildcard.
     *
     * @see <a href="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ListConflictingAliases.html">ListConflictingAliases</a>
     */
    @Override
    default ListConflictingAliasesResponse listConflictingAliases(ListConflictingAliasesRequest r) {
        CloudFrontState s = state();
        Distribution own = s.distributions.seen(r.distributionId()).shape();
        new DistributionRules(s, own).certified(own.distributionConfig(), r.alias());
        return ListConflictingAliasesResponse.builder()
                .conflictingAliasesList(s.page(
                        r,
                        ConflictingAliasesList.builder(),
                        s.distributions
                                .visible()
                                .filter(other -> !other.id().equals(own.id()))
                                .flatMap(other -> other.distributionConfig().aliases().items().stream()
                                        .filter(alias -> DistributionRules.overlap(alias, r.alias()))
                                        .map(alias -> ConflictingAlias.builder()
                                                .alias(alias)
                                                .distributionId(hidden(other.id()))
                                                .accountId(hidden(s.context.account()))
                                                .build()))))
                .build();
    }

    private static String hidden(String id) {
        return "*".repeat(id.length() - 6) + id.substring(id.length() - 6);
    }

    /** CloudFront deletes a distribution only after it was disabled and this change was deployed. */
    @Override
    default DeleteDistributionResponse deleteDistribution(DeleteDistributionRequest r) {
        CloudFrontState s = state();
        StoredResource<Distribution> stored = CloudFrontState.match(s.distributions.stored(r.id()), r.ifMatch());
        if (stored.shape().distributionConfig().enabled() || !s.isDeployed(stored)) {
            throw conflict(
                    "DistributionNotDisabled", "The distribution you are trying to delete has not been disabled.");
        }
        s.distributions.delete(r.id());
        return DeleteDistributionResponse.builder().build();
    }

    /** Finds the resource with this ARN among the resources that have tags. */
    private StoredResource<?> tagged(@Nullable String arn) {
        return state().tagged()
                .flatMap(store -> store.withArn(arn))
                .findFirst()
                .orElseThrow(() -> error(404, "NoSuchResource", "The specified resource does not exist: " + arn));
    }

    /** The resource, if its tags can change at present. */
    private StoredResource<?> taggable(@Nullable String arn) {
        StoredResource<?> found = tagged(arn);
        state().unused("CannotUpdateEntityWhileInUse", found.id());
        return found;
    }

    private static Map<String, String> tags(@Nullable Tags tags) {
        return tags == null ? Map.of() : SdkShapes.map(tags.items());
    }

    @Override
    default ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest r) {
        Map<String, String> all = tagged(r.resource()).tags();
        return ListTagsForResourceResponse.builder()
                .tags(t -> t.items(SdkShapes.pairs(all, Tag::builder)))
                .build();
    }

    @Override
    default TagResourceResponse tagResource(TagResourceRequest r) {
        taggable(r.resource()).tag(tags(r.tags()));
        return TagResourceResponse.builder().build();
    }

    @Override
    default UntagResourceResponse untagResource(UntagResourceRequest r) {
        taggable(r.resource()).untag(r.tagKeys().items());
        return UntagResourceResponse.builder().build();
    }
}
