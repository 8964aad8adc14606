package dev.holdfast.twin.cloudfront;

import static dev.holdfast.twin.cloudfront.CloudFrontState.conflict;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.twin.store.StoredResource;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.*;

/** The account's own cache policies. Lists omit the policies that AWS manages; distributions may name those too. */
interface CachePolicyCalls extends CloudFrontClient {
    CloudFrontState state();

    private void check(CachePolicyConfig config, @Nullable String own) {
        if (state().cachePolicies.stream()
                .anyMatch(other -> !other.id().equals(own)
                        && other.cachePolicyConfig().name().equals(config.name()))) {
            throw conflict("CachePolicyAlreadyExists", "A cache policy with this name already exists in this account.");
        }
        CloudFrontState.described(config.comment());
        CloudFrontState.counted(config);
    }

    @Override
    default CreateCachePolicyResponse createCachePolicy(CreateCachePolicyRequest r) {
        CloudFrontState s = state();
        check(r.cachePolicyConfig(), null);
        if (s.cachePolicies.all().size() >= s.context.settings().quota(CloudFrontState.MOST_POLICIES)) {
            throw refused("TooManyCachePolicies", "You have reached the maximum number of policies for this account.");
        }
        CachePolicy made = s.cachePolicies.add(
                CachePolicy.builder()
                        .id(s.context.uuid())
                        .cachePolicyConfig(r.cachePolicyConfig())
                        .build(),
                Map.of());
        String etag = s.renew(s.cachePolicies.stored(made.id()));
        return CreateCachePolicyResponse.builder()
                .cachePolicy(s.cachePolicies.shown(made))
                .eTag(etag)
                .location("https://cloudfront.amazonaws.com/2020-05-31/cache-policy/" + made.id())
                .build();
    }

    @Override
    default GetCachePolicyResponse getCachePolicy(GetCachePolicyRequest r) {
        StoredResource<CachePolicy> stored = state().cachePolicies.seen(r.id());
        return GetCachePolicyResponse.builder()
                .cachePolicy(state().cachePolicies.shown(stored.shape()))
                .eTag(CloudFrontState.etag(stored))
                .build();
    }

    @Override
    default GetCachePolicyConfigResponse getCachePolicyConfig(GetCachePolicyConfigRequest r) {
        StoredResource<CachePolicy> stored = state().cachePolicies.seen(r.id());
        return GetCachePolicyConfigResponse.builder()
                .cachePolicyConfig(stored.shape().cachePolicyConfig())
                .eTag(CloudFrontState.etag(stored))
                .build();
    }

    @Override
    default UpdateCachePolicyResponse updateCachePolicy(UpdateCachePolicyRequest r) {
        CloudFrontState s = state();
        StoredResource<CachePolicy> stored = s.cachePolicies.stored(r.id());
        CloudFrontState.match(stored, r.ifMatch());
        check(r.cachePolicyConfig(), r.id());
        s.cachePolicies.change(r.id(), p -> p.cachePolicyConfig(r.cachePolicyConfig()));
        String etag = s.renew(stored);
        return UpdateCachePolicyResponse.builder()
                .cachePolicy(s.cachePolicies.shown(stored.shape()))
                .eTag(etag)
                .build();
    }

    @Override
    default DeleteCachePolicyResponse deleteCachePolicy(DeleteCachePolicyRequest r) {
        CloudFrontState s = state();
        CloudFrontState.match(s.cachePolicies.stored(r.id()), r.ifMatch());
        if (s.uses(ManagedPolicies.CACHE, r.id())) {
            throw conflict(
                    "CachePolicyInUse",
                    "The cache policy cannot be deleted because it is attached to one or more cache behaviors.");
        }
        s.cachePolicies.delete(r.id());
        return DeleteCachePolicyResponse.builder().build();
    }

    @Override
    default ListCachePoliciesResponse listCachePolicies(ListCachePoliciesRequest r) {
        CloudFrontState s = state();
        Stream<CachePolicy> own = r.type() == CachePolicyType.MANAGED ? Stream.of() : s.cachePolicies.visible();
        return ListCachePoliciesResponse.builder()
                .cachePolicyList(s.page(
                        r,
                        CachePolicyList.builder(),
                        own.map(one -> CachePolicySummary.builder()
                                .type(CachePolicyType.CUSTOM)
                                .cachePolicy(one)
                                .build())))
                .build();
    }
}
