package dev.holdfast.twin.cloudfront;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.cloudfront.model.*;

/** Functions run in their published version, and can be attached only where CloudFront allows them. */
class TwinFunctionsTest extends CloudFrontFixture {
    private CreateFunctionResponse function(String name, String code) {
        return cloudFront.createFunction(r -> r.name(name)
                .functionConfig(c -> c.comment("").runtime(FunctionRuntime.CLOUDFRONT_JS_2_0))
                .functionCode(SdkBytes.fromUtf8String(code)));
    }

    private static Consumer<DistributionConfig.Builder> calling(EventType event, String... functions) {
        return c -> c.defaultCacheBehavior(b -> b.targetOriginId("media")
                .viewerProtocolPolicy(ViewerProtocolPolicy.HTTPS_ONLY)
                .cachePolicyId(OPTIMIZED)
                .functionAssociations(f -> f.quantity(functions.length)
                        .items(Stream.of(functions)
                                .map(arn -> FunctionAssociation.builder()
                                        .eventType(event)
                                        .functionARN(arn)
                                        .build())
                                .toList())));
    }

    @Test
    void runsAFunctionAsItWasPublished() {
        String first = function("f", "one").eTag();
        String arn = "arn:aws:cloudfront::123456789012:function/f";
        refused("InvalidFunctionAssociation", "not published", calling(EventType.VIEWER_REQUEST, arn));
        refused(
                "NoSuchFunctionExists",
                "does not exist",
                () -> cloudFront.describeFunction(r -> r.name("f").stage(FunctionStage.LIVE)));

        cloudFront.publishFunction(r -> r.name("f").ifMatch(first));
        String second = cloudFront
                .updateFunction(r -> r.name("f")
                        .ifMatch(first)
                        .functionConfig(c -> c.comment("").runtime(FunctionRuntime.CLOUDFRONT_JS_2_0))
                        .functionCode(SdkBytes.fromUtf8String("two")))
                .eTag();

        assertThat(cloudFront
                        .getFunction(r -> r.name("f").stage(FunctionStage.LIVE))
                        .functionCode()
                        .asUtf8String())
                .isEqualTo("one");
        assertThat(cloudFront.getFunction(r -> r.name("f")).functionCode().asUtf8String())
                .isEqualTo("two");
        refused(
                "PreconditionFailed",
                "preconditions",
                () -> cloudFront.publishFunction(r -> r.name("f").ifMatch(first)));
        create(config("a").applyMutation(calling(EventType.VIEWER_REQUEST, arn)));
        refused(
                "FunctionInUse",
                "attached",
                () -> cloudFront.deleteFunction(r -> r.name("f").ifMatch(second)));
    }

    @Test
    void refusesFunctionsThatItCannotRun() {
        String etag = function("f", "one").eTag();
        cloudFront.publishFunction(r -> r.name("f").ifMatch(etag));
        String arn = "arn:aws:cloudfront::123456789012:function/f";

        refused("FunctionAlreadyExists", "already exists", () -> function("f", "two"));
        refused("FunctionSizeLimitExceeded", "10240", () -> function("g", "x".repeat(10241)));
        refused("InvalidArgument", "name", () -> function("a b", "two"));
        refused("InvalidFunctionAssociation", "viewer-request", calling(EventType.ORIGIN_REQUEST, arn));
        refused("InvalidFunctionAssociation", "one function", calling(EventType.VIEWER_REQUEST, arn, arn));
        refused(
                "InvalidArgument",
                "cloudfront-js-2.0",
                () -> cloudFront.createFunction(r -> r.name("old")
                        .functionConfig(
                                c -> c.comment("")
                                        .runtime(FunctionRuntime.CLOUDFRONT_JS_1_0)
                                        .keyValueStoreAssociations(
                                                k -> k.quantity(1)
                                                        .items(
                                                                i -> i.keyValueStoreARN(
                                                                        "arn:aws:cloudfront::123456789012:key-value-store/54947df8-0e9e-4471-a2f9-9af509fb5889"))))
                        .functionCode(SdkBytes.fromUtf8String("one"))));
    }
}
