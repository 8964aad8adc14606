package dev.holdfast.twin.cloudfront;

import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.*;

/** The calls for the three types of policies. The API has separate calls for each. */
interface PolicyCalls extends CloudFrontClient {
    CloudFrontState state();

    @Override
    default CreateCachePolicyResponse createCachePolicy(CreateCachePolicyRequest r) {
        return state().cachePolicies.create(r.cachePolicyConfig(), CreateCachePolicyResponse.builder());
    }

    @Override
    default GetCachePolicyResponse getCachePolicy(GetCachePolicyRequest r) {
        return state().cachePolicies.get(r.id(), GetCachePolicyResponse.builder());
    }

    @Override
    default GetCachePolicyConfigResponse getCachePolicyConfig(GetCachePolicyConfigRequest r) {
        return state().cachePolicies.get(r.id(), GetCachePolicyConfigResponse.builder());
    }

    @Override
    default UpdateCachePolicyResponse updateCachePolicy(UpdateCachePolicyRequest r) {
        return state().cachePolicies
                .update(r.id(), r.ifMatch(), r.cachePolicyConfig(), UpdateCachePolicyResponse.builder());
    }

    @Override
    default DeleteCachePolicyResponse deleteCachePolicy(DeleteCachePolicyRequest r) {
        state().cachePolicies.delete(r.id(), r.ifMatch());
        return DeleteCachePolicyResponse.builder().build();
    }

    @Override
    default ListCachePoliciesResponse listCachePolicies(ListCachePoliciesRequest r) {
        return ListCachePoliciesResponse.builder()
                .cachePolicyList(state().cachePolicies.page(r, CachePolicyList.builder(), CachePolicySummary::builder))
                .build();
    }

    @Override
    default CreateOriginRequestPolicyResponse createOriginRequestPolicy(CreateOriginRequestPolicyRequest r) {
        return state().originRequestPolicies
                .create(r.originRequestPolicyConfig(), CreateOriginRequestPolicyResponse.builder());
    }

    @Override
    default GetOriginRequestPolicyResponse getOriginRequestPolicy(GetOriginRequestPolicyRequest r) {
        return state().originRequestPolicies.get(r.id(), GetOriginRequestPolicyResponse.builder());
    }

    @Override
    default GetOriginRequestPolicyConfigResponse getOriginRequestPolicyConfig(GetOriginRequestPolicyConfigRequest r) {
        return state().originRequestPolicies.get(r.id(), GetOriginRequestPolicyConfigResponse.builder());
    }

    @Override
    default UpdateOriginRequestPolicyResponse updateOriginRequestPolicy(UpdateOriginRequestPolicyRequest r) {
        return state().originRequestPolicies
                .update(
                        r.id(),
                        r.ifMatch(),
                        r.originRequestPolicyConfig(),
                        UpdateOriginRequestPolicyResponse.builder());
    }

    @Override
    default DeleteOriginRequestPolicyResponse deleteOriginRequestPolicy(DeleteOriginRequestPolicyRequest r) {
        state().originRequestPolicies.delete(r.id(), r.ifMatch());
        return DeleteOriginRequestPolicyResponse.builder().build();
    }

    @Override
    default ListOriginRequestPoliciesResponse listOriginRequestPolicies(ListOriginRequestPoliciesRequest r) {
        return ListOriginRequestPoliciesResponse.builder()
                .originRequestPolicyList(state().originRequestPolicies
                        .page(r, OriginRequestPolicyList.builder(), OriginRequestPolicySummary::builder))
                .build();
    }

    @Override
    default CreateResponseHeadersPolicyResponse createResponseHeadersPolicy(CreateResponseHeadersPolicyRequest r) {
        return state().responseHeadersPolicies
                .create(r.responseHeadersPolicyConfig(), CreateResponseHeadersPolicyResponse.builder());
    }

    @Override
    default GetResponseHeadersPolicyResponse getResponseHeadersPolicy(GetResponseHeadersPolicyRequest r) {
        return state().responseHeadersPolicies.get(r.id(), GetResponseHeadersPolicyResponse.builder());
    }

    @Override
    default GetResponseHeadersPolicyConfigResponse getResponseHeadersPolicyConfig(
            GetResponseHeadersPolicyConfigRequest r) {
        return state().responseHeadersPolicies.get(r.id(), GetResponseHeadersPolicyConfigResponse.builder());
    }

    @Override
    default UpdateResponseHeadersPolicyResponse updateResponseHeadersPolicy(UpdateResponseHeadersPolicyRequest r) {
        return state().responseHeadersPolicies
                .update(
                        r.id(),
                        r.ifMatch(),
                        r.responseHeadersPolicyConfig(),
                        UpdateResponseHeadersPolicyResponse.builder());
    }

    @Override
    default DeleteResponseHeadersPolicyResponse deleteResponseHeadersPolicy(DeleteResponseHeadersPolicyRequest r) {
        state().responseHeadersPolicies.delete(r.id(), r.ifMatch());
        return DeleteResponseHeadersPolicyResponse.builder().build();
    }

    @Override
    default ListResponseHeadersPoliciesResponse listResponseHeadersPolicies(ListResponseHeadersPoliciesRequest r) {
        return ListResponseHeadersPoliciesResponse.builder()
                .responseHeadersPolicyList(state().responseHeadersPolicies
                        .page(r, ResponseHeadersPolicyList.builder(), ResponseHeadersPolicySummary::builder))
                .build();
    }
}
