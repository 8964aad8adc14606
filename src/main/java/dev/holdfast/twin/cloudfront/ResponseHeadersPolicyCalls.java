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
 * The account's own response headers policies. Lists omit the policies that AWS manages; distributions may name those
 * too.
 */
interface ResponseHeadersPolicyCalls extends CloudFrontClient {
    CloudFrontState state();

    private void check(ResponseHeadersPolicyConfig config, @Nullable String own) {
        if (state().responseHeadersPolicies.stream()
                .anyMatch(other -> !other.id().equals(own)
                        && other.responseHeadersPolicyConfig().name().equals(config.name()))) {
            throw conflict(
                    "ResponseHeadersPolicyAlreadyExists",
                    "A response headers policy with this name already exists in this account.");
        }
        CloudFrontState.described(config.comment());
        CloudFrontState.counted(config);
    }

    @Override
    default CreateResponseHeadersPolicyResponse createResponseHeadersPolicy(CreateResponseHeadersPolicyRequest r) {
        CloudFrontState s = state();
        check(r.responseHeadersPolicyConfig(), null);
        if (s.responseHeadersPolicies.all().size() >= s.context.settings().quota(CloudFrontState.MOST_POLICIES)) {
            throw refused(
                    "TooManyResponseHeadersPolicies",
                    "You have reached the maximum number of policies for this account.");
        }
        ResponseHeadersPolicy made = s.responseHeadersPolicies.add(
                ResponseHeadersPolicy.builder()
                        .id(s.context.uuid())
                        .responseHeadersPolicyConfig(r.responseHeadersPolicyConfig())
                        .build(),
                Map.of());
        String etag = s.renew(s.responseHeadersPolicies.stored(made.id()));
        return CreateResponseHeadersPolicyResponse.builder()
                .responseHeadersPolicy(s.responseHeadersPolicies.shown(made))
                .eTag(etag)
                .location("https://cloudfront.amazonaws.com/2020-05-31/response-headers-policy/" + made.id())
                .build();
    }

    @Override
    default GetResponseHeadersPolicyResponse getResponseHeadersPolicy(GetResponseHeadersPolicyRequest r) {
        StoredResource<ResponseHeadersPolicy> stored =
                state().responseHeadersPolicies.seen(r.id());
        return GetResponseHeadersPolicyResponse.builder()
                .responseHeadersPolicy(state().responseHeadersPolicies.shown(stored.shape()))
                .eTag(CloudFrontState.etag(stored))
                .build();
    }

    @Override
    default GetResponseHeadersPolicyConfigResponse getResponseHeadersPolicyConfig(
            GetResponseHeadersPolicyConfigRequest r) {
        StoredResource<ResponseHeadersPolicy> stored =
                state().responseHeadersPolicies.seen(r.id());
        return GetResponseHeadersPolicyConfigResponse.builder()
                .responseHeadersPolicyConfig(stored.shape().responseHeadersPolicyConfig())
                .eTag(CloudFrontState.etag(stored))
                .build();
    }

    @Override
    default UpdateResponseHeadersPolicyResponse updateResponseHeadersPolicy(UpdateResponseHeadersPolicyRequest r) {
        CloudFrontState s = state();
        StoredResource<ResponseHeadersPolicy> stored = s.responseHeadersPolicies.stored(r.id());
        CloudFrontState.match(stored, r.ifMatch());
        check(r.responseHeadersPolicyConfig(), r.id());
        s.responseHeadersPolicies.change(r.id(), p -> p.responseHeadersPolicyConfig(r.responseHeadersPolicyConfig()));
        String etag = s.renew(stored);
        return UpdateResponseHeadersPolicyResponse.builder()
                .responseHeadersPolicy(s.responseHeadersPolicies.shown(stored.shape()))
                .eTag(etag)
                .build();
    }

    @Override
    default DeleteResponseHeadersPolicyResponse deleteResponseHeadersPolicy(DeleteResponseHeadersPolicyRequest r) {
        CloudFrontState s = state();
        CloudFrontState.match(s.responseHeadersPolicies.stored(r.id()), r.ifMatch());
        if (s.uses(ManagedPolicies.RESPONSE_HEADERS, r.id())) {
            throw conflict(
                    "ResponseHeadersPolicyInUse",
                    "The response headers policy cannot be deleted because it is attached to one or more cache behaviors.");
        }
        s.responseHeadersPolicies.delete(r.id());
        return DeleteResponseHeadersPolicyResponse.builder().build();
    }

    @Override
    default ListResponseHeadersPoliciesResponse listResponseHeadersPolicies(ListResponseHeadersPoliciesRequest r) {
        CloudFrontState s = state();
        Stream<ResponseHeadersPolicy> own =
                r.type() == ResponseHeadersPolicyType.MANAGED ? Stream.of() : s.responseHeadersPolicies.visible();
        return ListResponseHeadersPoliciesResponse.builder()
                .responseHeadersPolicyList(s.page(
                        r,
                        ResponseHeadersPolicyList.builder(),
                        own.map(one -> ResponseHeadersPolicySummary.builder()
                                .type(ResponseHeadersPolicyType.CUSTOM)
                                .responseHeadersPolicy(one)
                                .build())))
                .build();
    }
}
