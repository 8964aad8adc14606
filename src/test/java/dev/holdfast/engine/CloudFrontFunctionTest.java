package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.cloudfront.model.DescribeFunctionResponse;
import software.amazon.awssdk.services.cloudfront.model.FunctionStage;
import software.amazon.awssdk.services.cloudfront.model.FunctionSummary;

/**
 * A function of CloudFront: viewers get the stage LIVE. Our change never publishes code that another principal left in
 * DEVELOPMENT.
 */
class CloudFrontFunctionTest {
    private static final String CODE = "function handler(event) { return event.request; }";

    private static String function(String code) {
        return Docs.document(
                "CloudFrontFunction",
                "redirect",
                "'name':'redirect','functionConfig':{'comment':'moved pages','runtime':'cloudfront-js-2.0'},'functionCode':'"
                        + code + "'");
    }

    private static final String SITE = Docs.document("Distribution", "site", """
            'enabled':true,'comment':'site',
            'origins':[{'id':'media','domainName':'media.s3.eu-west-2.amazonaws.com'}],
            'defaultCacheBehavior':{'targetOriginId':'media','viewerProtocolPolicy':'redirect-to-https',
              'cachePolicyId':'658327ea-f89d-4fab-a63d-7e88639e58f6',
              'functionAssociations':[{'eventType':'viewer-request','functionARN':'${CloudFrontFunction/redirect.arn}'}]}
            """);
    private static final String SITE_WITHOUT =
            SITE.replaceFirst("'functionAssociations':\\[[^]]*]", "'functionAssociations':[]");

    private static String code(World world, FunctionStage stage) {
        return Sites.cloudFront(world)
                .getFunction(r -> r.name("redirect").stage(stage))
                .functionCode()
                .asUtf8String();
    }

    private static List<FunctionSummary> listed(World world, FunctionStage stage) {
        return Sites.cloudFront(world)
                .listFunctions(r -> r.stage(stage))
                .functionList()
                .items();
    }

    private static String write(World world, String code) {
        DescribeFunctionResponse now = Sites.cloudFront(world).describeFunction(r -> r.name("redirect"));
        return Sites.cloudFront(world)
                .updateFunction(r -> r.name("redirect")
                        .ifMatch(now.eTag())
                        .functionConfig(now.functionSummary().functionConfig())
                        .functionCode(SdkBytes.fromUtf8String(code)))
                .eTag();
    }

    private static Object stage(World world) {
        return world.resource("CloudFrontFunction/redirect").outputs().get("stage");
    }

    @Test
    void isPublishedBeforeTheDistributionUsesItAndThenLeftAlone() {
        try (World world = new World()) {
            world.desire(Docs.of(SITE, function(CODE))).converged();

            assertThat(code(world, FunctionStage.LIVE)).isEqualTo(CODE);
            assertThat(stage(world)).isEqualTo("LIVE");
            world.run(Duration.ofMinutes(30));
            assertThat(world.calls("cloudfront:PublishFunction")).isEqualTo(1);
            assertThat(world.calls("cloudfront:UpdateFunction")).isZero();
            assertThat(world.calls("cloudfront:UpdateDistribution")).isZero();
            assertThat(world.pass().requests().entrySet().stream()
                            .filter(e -> e.getKey().contains("Function"))
                            .toList())
                    .as("one list call for each stage")
                    .containsExactly(Map.entry("cloudfront:ListFunctions", 2L));
        }
    }

    /** The operator was killed, or AWS refused the second call, after the first call had succeeded. */
    @Test
    void aFunctionThatWasMadeAndNotPublishedIsPublishedLater() {
        try (World world = new World()) {
            world.twin
                    .faults()
                    .add(TwinFaultRule.on("cloudfront:PublishFunction", new TwinFault.Fail())
                            .times(6));

            world.desire(Docs.of(SITE, function(CODE)));
            world.runUntil(() -> world.calls("cloudfront:CreateFunction") > 0, Duration.ofMinutes(2));
            assertThat(listed(world, FunctionStage.LIVE)).isEmpty();
            world.converged();

            assertThat(code(world, FunctionStage.LIVE)).isEqualTo(CODE);
            assertThat(world.calls("cloudfront:CreateFunction")).isEqualTo(1);
        }
    }

    @Test
    void aDraftIsReportedAndLeftAloneAndNotPublishedByUs() {
        try (World world = new World()) {
            world.desire(Docs.of(SITE, function(CODE))).converged();

            write(world, "function handler(event) { return null; }");
            world.run(Duration.ofMinutes(15));
            assertThat(stage(world)).isEqualTo("DRAFT");
            assertThat(world.status("CloudFrontFunction/redirect")).isEqualTo(Status.Synced);
            assertThat(world.calls("cloudfront:UpdateFunction")).isZero();
            String ours = CODE.replace("event.request", "{ statusCode: 404 }");
            world.desire(Docs.of(SITE, function(ours))).converged();

            assertThat(code(world, FunctionStage.LIVE)).isEqualTo(ours);
            assertThat(code(world, FunctionStage.DEVELOPMENT)).isEqualTo(ours);
        }
    }

    @Test
    void whatSomebodyPublishedIsHealed() {
        try (World world = new World()) {
            world.desire(Docs.of(SITE, function(CODE))).converged();

            String etag = write(world, "function handler(event) { return null; }");
            Sites.cloudFront(world).publishFunction(r -> r.name("redirect").ifMatch(etag));
            world.run(Duration.ofMinutes(2));

            assertThat(code(world, FunctionStage.LIVE)).isEqualTo(CODE);
        }
    }

    /** Another principal writes between our read of the version and our write. */
    @Test
    void aVersionThatIsOutOfDateIsReadAgain() {
        try (World world = new World()) {
            world.desire(Docs.of(SITE, function(CODE))).converged();
            world.twin
                    .faults()
                    .add(TwinFaultRule.on(
                                    "cloudfront:UpdateFunction",
                                    new TwinFault.Refuse(412, "PreconditionFailed", "the version is not the last one"))
                            .times(1));

            String ours = CODE.replace("event.request", "{ statusCode: 404 }");
            world.desire(Docs.of(SITE, function(ours))).converged();

            assertThat(code(world, FunctionStage.LIVE)).isEqualTo(ours);
        }
    }

    @Test
    void goesOnceTheDistributionDroppedIt() {
        try (World world = new World()) {
            world.desire(Docs.of(SITE, function(CODE)), Docs.UNLIMITED).converged();

            world.desire(Docs.of(SITE_WITHOUT), Docs.UNLIMITED).converged();

            assertThat(listed(world, FunctionStage.DEVELOPMENT)).isEmpty();
        }
    }
}
