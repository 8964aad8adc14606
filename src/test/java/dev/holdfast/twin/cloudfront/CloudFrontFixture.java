package dev.holdfast.twin.cloudfront;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.TwinRefusals;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Instant;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.services.cloudfront.model.*;

/** A twin of CloudFront on a driven clock, and a distribution with one origin. */
abstract class CloudFrontFixture {
    static final String OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

    final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"));
    final TwinSettings settings = new TwinSettings();
    final TwinAccount account = new TwinAccount("123456789012", clock, settings, 1);
    final TwinCloudFront cloudFront = account.service("eu-west-2", TwinCloudFront.class);

    static DistributionConfig.Builder config(String reference) {
        return DistributionConfig.builder()
                .callerReference(reference)
                .comment("")
                .enabled(true)
                .origins(o -> o.quantity(1).items(origin().build()))
                .defaultCacheBehavior(b -> b.targetOriginId("media")
                        .viewerProtocolPolicy(ViewerProtocolPolicy.HTTPS_ONLY)
                        .cachePolicyId(OPTIMIZED));
    }

    static Origin.Builder origin() {
        return Origin.builder()
                .id("media")
                .domainName("media.s3.eu-west-2.amazonaws.com")
                .s3OriginConfig(s -> s.originAccessIdentity(""));
    }

    Distribution create(DistributionConfig.Builder config) {
        return cloudFront
                .createDistribution(r -> r.distributionConfig(config.build()))
                .distribution();
    }

    UpdateDistributionResponse update(String id, Consumer<DistributionConfig.Builder> change) {
        GetDistributionConfigResponse now = cloudFront.getDistributionConfig(r -> r.id(id));
        return cloudFront.updateDistribution(r -> r.id(id)
                .ifMatch(now.eTag())
                .distributionConfig(now.distributionConfig().copy(change)));
    }

    static void refused(String code, String message, ThrowingCallable call) {
        TwinRefusals.refused(code, message, call);
    }

    void refused(String code, String message, Consumer<DistributionConfig.Builder> change) {
        DistributionConfig.Builder config = config("refused");
        change.accept(config);
        refused(code, message, () -> create(config));
    }
}
