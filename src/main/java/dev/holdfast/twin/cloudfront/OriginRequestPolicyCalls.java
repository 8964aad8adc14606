package dev.holdfast.twin.cloudfront;

import static dev.holdfast.twin.cloudfront.CloudFrontState.conflict;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.twin.store.StoredResource;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.*;

/**
 * The account's own origin request policies. Lists omit the policies that AWS manages; distributions may name those
 * too.
 */
interface OriginRequestPolicyCalls extends CloudFrontClient {
    CloudFrontState state();

    private void check(OriginRequestPolicyConfig config, @Nullable String own) {
        if (state().originRequestPolicies.stream()
                .anyMatch(other -> !other.id().equals(own)
                        && other.originRequestPolicyConfig().name().equals(config.name()))) {
            throw conflict(
                    "OriginRequestPolicyAlreadyExists",
                    "A origin request policy with this name already exists in this account.");
        }
        CloudFrontState.described(config.comment());
        CloudFrontState.counted(config);
    }

    @Override
    default CreateOriginRequestPolicyResponse createOriginRequestPolicy(CreateOriginRequestPolicyRequest r) {
        CloudFrontState s = state();
        check(r.originRequestPolicyConfig(), null);
        if (s.originRequestPolicies.all().size() >= s.context.settings().quota(CloudFrontState.MOST_POLICIES)) {
            throw refused(
                    "TooManyOriginRequestPolicies",
                    "You have reached the maximum number of policies for this account.");
        }
        OriginRequestPolicy made = s.originRequestPolicies.add(
                OriginRequestPolicy.builder()
                        .id(s.context.uuid())
                        .originRequestPolicyConfig(r.originRequestPolicyConfig())
                        .build(),
                Map.of());
        String etag = s.renew(s.originRequestPolicies.stored(made.id()));
        return CreateOriginRequestPolicyResponse.builder()
                .originRequestPolicy(s.originRequestPolicies.shown(made))
                .eTag(etag)
                .location("https://cloudfront.amazonaws.com/2020-05-31/origin-request-policy/" + made.id())
                .build();
    }

    @Override
    default GetOriginRequestPolicyResponse getOriginRequestPolicy(GetOriginRequestPolicyRequest r) {
        StoredResource<OriginRequestPolicy> stored =
                state().originRequestPolicies.seen(r.id());
        return GetOriginRequestPolicyResponse.builder()
                .originRequestPolicy(state().originRequestPolicies.shown(stored.shape()))
                .eTag(CloudFrontState.etag(stored))
                .build();
    }

    @Override
    default GetOriginRequestPolicyConfigResponse getOriginRequestPolicyConfig(GetOriginRequestPolicyConfigRequest r) {
        StoredResource<OriginRequestPolicy> stored =
                state().originRequestPolicies.seen(r.id());
        return GetOriginRequestPolicyConfigResponse.builder()
                .originRequestPolicyConfig(stored.shape().originRequestPolicyConfig())
                .eTag(CloudFrontState.etag(stored))
                .build();
    }

    @Override
    default UpdateOriginRequestPolicyResponse updateOriginRequestPolicy(UpdateOriginRequestPolicyRequest r) {
        CloudFrontState s = state();
        StoredResource<OriginRequestPolicy> stored = s.originRequestPolicies.stored(r.id());
        CloudFrontState.match(stored, r.ifMatch());
        check(r.originRequestPolicyConfig(), r.id());
        s.originRequestPolicies.change(r.id(), p -> p.originRequestPolicyConfig(r.originRequestPolicyConfig()));
        String etag = s.renew(stored);
        return UpdateOriginRequestPolicyResponse.builder()
                .originRequestPolicy(s.originRequestPolicies.shown(stored.shape()))
                .eTag(etag)
                .build();
    }

    @Override
    default DeleteOriginRequestPolicyResponse deleteOriginRequestPolicy(DeleteOriginRequestPolicyRequest r) {
        CloudFrontState s = state();
        CloudFrontState.match(s.originRequestPolicies.stored(r.id()), r.ifMatch());
        if (s.uses(ManagedPolicies.ORIGIN_REQUEST, r.id())) {
            throw conflict(
                    "OriginRequestPolicyInUse",
                    "The origin request policy cannot be deleted because it is attached to one or more cache behaviors.");
        }
        s.originRequestPolicies.delete(r.id());
        return DeleteOriginRequestPolicyResponse.builder().build();
    }

    @Override
    default ListOriginRequestPoliciesResponse listOriginRequestPolicies(ListOriginRequestPoliciesRequest r) {
        CloudFrontState s = state();
        Stream<OriginRequestPolicy> own =
                r.type() == OriginRequestPolicyType.MANAGED ? Stream.of() : s.originRequestPolicies.visible();
        return ListOriginRequestPoliciesResponse.builder()
                .originRequestPolicyList(s.page(
                        r,
                        OriginRequestPolicyList.builder(),
                        own.map(one -> OriginRequestPolicySummary.builder()
                                .type(OriginRequestPolicyType.CUSTOM)
                                .originRequestPolicy(one)
                                .build())))
                .build();
    }
}
