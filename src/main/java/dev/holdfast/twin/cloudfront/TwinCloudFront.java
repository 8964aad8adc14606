package dev.holdfast.twin.cloudfront;

import dev.holdfast.twin.store.CertificateUsers;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.Distribution;

/**
 * The twin of CloudFront, one for all regions. It serves no content. The interfaces that it implements contain its
 * calls.
 */
public final class TwinCloudFront
        implements CloudFrontClient,
                TwinService,
                CertificateUsers,
                DistributionCalls,
                OriginAccessCalls,
                PolicyCalls,
                FunctionCalls,
                VpcOriginCalls {
    private final CloudFrontState state;

    public TwinCloudFront(TwinContext context) {
        this.state = new CloudFrontState(context);
    }

    @Override
    public CloudFrontState state() {
        return state;
    }

    @Override
    public Collection<String> usersOf(String certificateArn) {
        return state.distributions.stream()
                .filter(d -> certificateArn.equals(
                        Objects.requireNonNull(d.distributionConfig().viewerCertificate())
                                .acmCertificateArn()))
                .map(Distribution::arn)
                .toList();
    }

    @Override
    public List<TwinItem> inventory() {
        return ResourceStore.items(
                state.distributions,
                state.originAccessControls,
                state.cachePolicies.store(),
                state.originRequestPolicies.store(),
                state.responseHeadersPolicies.store(),
                state.functions,
                state.vpcOrigins);
    }
}
