package dev.holdfast.engine;

import java.util.function.Consumer;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionConfigResponse;

/** The distribution {@code site} of a stack, as another principal reads and changes it. */
final class Sites {
    private Sites() {}

    static CloudFrontClient cloudFront(World world) {
        return world.somebody(CloudFrontClient.class);
    }

    static GetDistributionConfigResponse read(World world) {
        return cloudFront(world).getDistributionConfig(r -> r.id(id(world)));
    }

    static void change(World world, Consumer<DistributionConfig.Builder> change) {
        GetDistributionConfigResponse now = read(world);
        cloudFront(world)
                .updateDistribution(r -> r.id(id(world))
                        .ifMatch(now.eTag())
                        .distributionConfig(now.distributionConfig().copy(change)));
    }

    private static String id(World world) {
        return world.resource("Distribution/site").physicalId();
    }
}
