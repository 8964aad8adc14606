package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Reason;
import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.DistributionSummary;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionConfigResponse;
import software.amazon.awssdk.services.cloudfront.model.HttpVersion;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControlSummary;
import software.amazon.awssdk.services.cloudfront.model.ViewerProtocolPolicy;

/**
 * A distribution, over HTTP against the twin: undeclared settings survive, and no step waits until the edge is
 * deployed.
 */
class DistributionTest {
    private static final String CONTROL = control("media");
    private static final String CDN = cdn("media", "");

    private static String control(String name) {
        return Docs.document(
                "OriginAccessControl",
                name,
                "'description':'media','signingProtocol':'sigv4','signingBehavior':'always',"
                        + "'originAccessControlOriginType':'s3'");
    }

    /** @param more members of the spec, each after a comma */
    private static String cdn(String control, String more) {
        return Docs.document("Distribution", "site", """
                'enabled':true,'comment':'site',
                'origins':[{'id':'media','domainName':'media.s3.eu-west-2.amazonaws.com',
                  'originAccessControlId':'${OriginAccessControl/%s}'}],
                'defaultCacheBehavior':{'targetOriginId':'media','viewerProtocolPolicy':'redirect-to-https',
                  'cachePolicyId':'658327ea-f89d-4fab-a63d-7e88639e58f6'}%s
                """.formatted(control, more));
    }

    private static String deletable(String document) {
        return document.replaceFirst("'spec'", "'lifecycle':{'onDelete':'Delete'},'spec'");
    }

    private static DistributionSummary site(World world) {
        return Sites.cloudFront(world)
                .listDistributions(r -> {})
                .distributionList()
                .items()
                .getFirst();
    }

    private static DistributionConfig config(World world) {
        return Sites.cloudFront(world)
                .getDistributionConfig(r -> r.id(site(world).id()))
                .distributionConfig();
    }

    private static Map<String, Long> requests(World world, Predicate<String> operations) {
        return world.twin.log().counts(c -> true).entrySet().stream()
                .filter(e -> operations.test(e.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Test
    void aConvergedPassCostsOneListAndNoConfiguration() {
        try (World world = new World()) {
            world.desire(Docs.of(CONTROL, CDN)).converged();
            world.run(Duration.ofMinutes(20));
            Map<String, Long> before = requests(world, o -> o.startsWith("cloudfront:"));

            world.pass();

            Map<String, Long> after = requests(world, o -> o.startsWith("cloudfront:"));
            before.forEach((operation, count) -> after.merge(operation, -count, Long::sum));
            after.values().removeIf(count -> count == 0);
            assertThat(after)
                    .containsExactlyInAnyOrderEntriesOf(
                            Map.of("cloudfront:ListDistributions", 1L, "cloudfront:ListOriginAccessControls", 1L));
            assertThat(world.calls("cloudfront:UpdateDistribution")).isZero();
        }
    }

    @Test
    void whatIsNotDeclaredSurvivesAndWhatIsDeclaredIsHealed() {
        try (World world = new World()) {
            world.desire(Docs.of(CONTROL, CDN)).converged();
            Sites.change(
                    world,
                    c -> c.httpVersion(HttpVersion.HTTP3)
                            .origins(config(world)
                                    .origins()
                                    .copy(o -> o.items(config(world)
                                            .origins()
                                            .items()
                                            .getFirst()
                                            .copy(i -> i.connectionTimeout(4)))))
                            .defaultCacheBehavior(config(world)
                                    .defaultCacheBehavior()
                                    .copy(b -> b.compress(true)
                                            .viewerProtocolPolicy(ViewerProtocolPolicy.ALLOW_ALL)
                                            .realtimeLogConfigArn("arn:aws:cloudfront::1:realtime-log-config/x"))));

            world.run(Duration.ofMinutes(2));

            DistributionConfig healed = config(world);
            assertThat(healed.defaultCacheBehavior().viewerProtocolPolicy())
                    .isEqualTo(ViewerProtocolPolicy.REDIRECT_TO_HTTPS);
            assertThat(healed.httpVersion()).isEqualTo(HttpVersion.HTTP3);
            assertThat(healed.defaultCacheBehavior().compress()).isTrue();
            assertThat(healed.defaultCacheBehavior().realtimeLogConfigArn()).endsWith("/x");
            world.desire(Docs.of(
                            CONTROL,
                            cdn("media", ",'defaultRootObject':'index.html'")
                                    .replace("'originAccess", "'originPath':'/v2','originAccess")))
                    .converged();
            assertThat(config(world).origins().items().getFirst().originPath()).isEqualTo("/v2");
            assertThat(config(world).origins().items().getFirst().connectionTimeout())
                    .isEqualTo(4);
        }
    }

    @Test
    void aSecondChangeDoesNotWaitForTheEdge() {
        try (World world = new World()) {
            world.desire(Docs.of(CONTROL, CDN)).converged();

            world.desire(Docs.of(CONTROL, cdn("media", ",'priceClass':'PriceClass_100'")));
            world.run(Duration.ofSeconds(80));
            assertThat(site(world).status()).isEqualTo("InProgress");
            assertThat(world.status("Distribution/site")).isEqualTo(Status.Progressing);
            assertThat(world.resource("Distribution/site").isReady())
                    .as("the distribution still serves")
                    .isTrue();
            world.desire(Docs.of(CONTROL, cdn("media", ",'priceClass':'PriceClass_200'")));
            world.run(Duration.ofSeconds(80));

            assertThat(config(world).priceClassAsString()).isEqualTo("PriceClass_200");
            assertThat(site(world).status()).isEqualTo("InProgress");
        }
    }

    @Test
    void goesByItsDocumentWhenThatSaysSoAfterItIsDisabledEverywhere() {
        try (World world = new World()) {
            world.desire(Docs.of(CONTROL, deletable(CDN)), Docs.UNLIMITED).converged();

            world.desire(Docs.of(Docs.alarm("rest", 1)), Docs.UNLIMITED);
            world.run(Duration.ofMinutes(2));
            assertThat(config(world).enabled()).isFalse();
            world.run(Duration.ofMinutes(20));

            assertThat(Sites.cloudFront(world)
                            .listDistributions(r -> {})
                            .distributionList()
                            .items())
                    .isEmpty();
            assertThat(Sites.cloudFront(world)
                            .listOriginAccessControls(r -> {})
                            .originAccessControlList()
                            .items())
                    .isEmpty();
            assertThat(world.calls("cloudfront:UpdateDistribution")).isEqualTo(1);
            assertThat(world.calls("cloudfront:DeleteDistribution")).isEqualTo(1);
        }
    }

    /** The distribution is the site: the loss of its document does not delete it. */
    @Test
    void staysWithoutItsDocument() {
        try (World world = new World()) {
            world.desire(Docs.of(CONTROL, CDN), Docs.UNLIMITED).converged();

            world.desire(Docs.of(Docs.alarm("rest", 1)), Docs.UNLIMITED);
            world.run(Duration.ofMinutes(20));

            assertThat(config(world).enabled()).isTrue();
            assertThat(world.status("Distribution/site")).isEqualTo(Status.Orphaned);
        }
    }

    @Test
    void oneThatVanishedIsMadeAgain() {
        try (World world = new World()) {
            world.desire(Docs.of(CONTROL, CDN)).converged();
            Sites.change(world, c -> c.enabled(false));
            world.clock.advance(Duration.ofMinutes(5));
            DistributionSummary gone = site(world);
            Sites.cloudFront(world).deleteDistribution(r -> r.id(gone.id()).ifMatch(gone.eTag()));

            world.run(Duration.ofMinutes(30));

            assertThat(site(world).id()).isNotEqualTo(gone.id());
            assertThat(world.status("Distribution/site")).isEqualTo(Status.Synced);
        }
    }

    private static final String NAMED =
            ",'aliases':['www.example.org'],'viewerCertificate':{'iamCertificateId':'A1','sslSupportMethod':'sni-only'}";

    /** @return the id of a stranger's distribution with the same configuration and this alias */
    private static String theirs(World world, DistributionConfig like, String alias) {
        return Sites.cloudFront(world)
                .createDistribution(r -> r.distributionConfig(like.copy(c -> c.callerReference(alias)
                        .comment("theirs")
                        .aliases(a -> a.quantity(1).items(alias)))))
                .distribution()
                .id();
    }

    private static List<String> having(World world, String alias) {
        return Sites.cloudFront(world).listDistributions(r -> {}).distributionList().items().stream()
                .filter(d -> d.aliases().items().contains(alias))
                .map(DistributionSummary::id)
                .toList();
    }

    @Test
    void anAliasOfAnotherDistributionIsReportedAndNotTaken() {
        try (World world = new World()) {
            world.desire(Docs.of(CONTROL, cdn("media", NAMED))).converged();
            String other = theirs(world, config(world), "shop.example.org");

            world.desire(Docs.of(CONTROL, cdn("media", NAMED.replace("'www", "'shop.example.org','www"))));
            world.run(Duration.ofMinutes(5));

            assertThat(world.status("Distribution/site")).isEqualTo(Status.Stalled);
            assertThat(world.resource("Distribution/site").reason()).isEqualTo(Reason.NameTaken);
            assertThat(world.resource("Distribution/site").message())
                    .contains("shop.example.org is an alias of the distribution " + other, "never moves an alias")
                    .doesNotContain("www.example.org is an alias");
            assertThat(having(world, "shop.example.org")).containsExactly(other);
        }
    }

    /** AWS rejects names that overlap by a wildcard with those of another account, and shows only a part of the ids. */
    @Test
    void aNameInAnotherAccountIsNamedAsFarAsAwsTells() {
        try (World world = new World()) {
            world.desire(Docs.of(CONTROL, cdn("media", NAMED))).converged();
            String other = theirs(world, config(world), "*.example.net");
            world.twin
                    .faults()
                    .add(TwinFaultRule.on(
                                    "cloudfront:UpdateDistribution",
                                    new TwinFault.Refuse(409, "CNAMEAlreadyExists", "One or more of the CNAMEs…"))
                            .times(1));

            world.desire(Docs.of(CONTROL, cdn("media", NAMED.replace("'www", "'shop.example.net','www"))));
            world.run(Duration.ofMinutes(2));

            assertThat(world.resource("Distribution/site").reason()).isEqualTo(Reason.NameTaken);
            assertThat(world.resource("Distribution/site").message())
                    .contains("*.example.net is an alias of the distribution ********" + other.substring(8));
        }
    }

    @Test
    void aNewDistributionWaitsUntilItsAliasIsFree() {
        try (World world = new World()) {
            world.desire(Docs.of(CONTROL, cdn("media", ""))).converged();
            DistributionConfig like = config(world)
                    .copy(c -> c.viewerCertificate(v -> v.iamCertificateId("A1").sslSupportMethod("sni-only")));
            String other = theirs(world, like, "www.example.org");
            String second = cdn("media", NAMED).replace("'site'", "'second'");

            world.desire(Docs.of(CONTROL, CDN, second));
            world.run(Duration.ofMinutes(30));
            assertThat(world.status("Distribution/second")).isEqualTo(Status.Stalled);
            assertThat(world.resource("Distribution/second").reason()).isEqualTo(Reason.NameTaken);
            assertThat(world.resource("Distribution/second").message()).contains("www.example.org", other);
            assertThat(world.calls("cloudfront:CreateDistributionWithTags"))
                    .as("at most one call in 5 minutes")
                    .isLessThanOrEqualTo(8);
            GetDistributionConfigResponse now = Sites.cloudFront(world).getDistributionConfig(r -> r.id(other));
            Sites.cloudFront(world)
                    .updateDistribution(r -> r.id(other)
                            .ifMatch(now.eTag())
                            .distributionConfig(now.distributionConfig().copy(c -> c.aliases(a -> a.quantity(0)))));
            world.run(Duration.ofMinutes(15));

            assertThat(world.status("Distribution/second")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void aControlGoesOnceTheDistributionDroppedIt() {
        try (World world = new World()) {
            world.desire(Docs.of(CONTROL, CDN), Docs.UNLIMITED).converged();

            world.desire(Docs.of(control("other"), cdn("other", "")), Docs.UNLIMITED);
            world.run(Duration.ofMinutes(20));

            assertThat(Sites.cloudFront(world)
                            .listOriginAccessControls(r -> {})
                            .originAccessControlList()
                            .items())
                    .singleElement()
                    .satisfies(c -> assertThat(c.description())
                            .isEqualTo("media holdfast:stack=inst/test holdfast:resource=OriginAccessControl/other"));
            assertThat(world.view().converged()).as(world.describe()).isTrue();
        }
    }

    @Test
    void aMarkThatSomebodyTookOffIsPutBackOnAndAStrangersControlIsLeftAlone() {
        try (World world = new World()) {
            world.desire(Docs.of(CONTROL)).converged();
            OriginAccessControlSummary ours = Sites.cloudFront(world)
                    .listOriginAccessControls(r -> {})
                    .originAccessControlList()
                    .items()
                    .getFirst();
            Sites.cloudFront(world)
                    .createOriginAccessControl(r -> r.originAccessControlConfig(c -> c.name("theirs")
                            .description(ours.description().replace("inst/", "other/"))
                            .signingProtocol(ours.signingProtocol())
                            .signingBehavior(ours.signingBehavior())
                            .originAccessControlOriginType(ours.originAccessControlOriginType())));

            world.desire(Docs.of(CONTROL, control("second").replace("'spec':{", "'spec':{'name':'theirs',")));
            world.run(Duration.ofMinutes(5));

            assertThat(world.status("OriginAccessControl/second")).isEqualTo(Status.Stalled);
            assertThat(world.resource("OriginAccessControl/second").message()).contains("other/test");
        }
    }
}
