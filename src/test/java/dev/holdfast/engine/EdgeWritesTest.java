package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Reason;
import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudfront.model.CachePolicySummary;
import software.amazon.awssdk.services.cloudfront.model.ConnectionMode;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.Tag;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Writes that replace a whole object at the edge: the settings that they must keep, and the cases in which they are not
 * sent.
 */
class EdgeWritesTest {
    private static String site(String more) {
        return Docs.document("Distribution", "site", """
                'enabled':true,'comment':'site',
                'origins':[{'id':'media','domainName':'media.s3.eu-west-2.amazonaws.com'}],
                'defaultCacheBehavior':{'targetOriginId':'media','viewerProtocolPolicy':'redirect-to-https',
                  'cachePolicyId':'658327ea-f89d-4fab-a63d-7e88639e58f6'}%s
                """.formatted(more));
    }

    /** A new process that cannot read the distribution does not know all statements of the policy. */
    @Test
    void aPolicyKeepsTheStatementOfADistributionThatCannotBeRead() {
        try (World world = new World()) {
            String statement = "{'Sid':'%s','Effect':'Allow','Principal':{'Service':'cloudfront.amazonaws.com'},"
                    + "'Action':'s3:GetObject','Resource':'arn:aws:s3:::media-1/*','Condition':{'StringEquals':{"
                    + "'AWS:SourceArn':'%s'}}}";
            world.desire(Docs.of(
                            site(""),
                            Docs.document(
                                    "Bucket",
                                    "media",
                                    "'bucketName':'media-1','policy':{'Version':'2012-10-17','Statement':["
                                            + statement.formatted("Cdn", "${Distribution/site.arn}") + ","
                                            + statement.formatted(
                                                    "Other", "arn:aws:cloudfront::123456789012:distribution/E1")
                                            + "]}")))
                    .converged();
            long before = world.calls("s3:PutBucketPolicy");
            world.twin.faults().add(TwinFaultRule.on("cloudfront:ListDistributions", new TwinFault.Deny()));

            world.restart().run(Duration.ofMinutes(5));

            assertThat(world.calls("s3:PutBucketPolicy")).as(world.describe()).isEqualTo(before);
            assertThat(world.somebody(S3Client.class)
                            .getBucketPolicy(r -> r.bucket("media-1"))
                            .policy())
                    .contains("Cdn", "Other");
            assertThat(world.status("Distribution/site")).isEqualTo(Status.Unknown);
        }
    }

    /** AWS returns a member that the SDK does not know yet, as it once did with CacheTagConfig and ViewerMtlsConfig. */
    @Test
    void aWriteIsRefusedThatWouldDeleteWhatTheSdkDoesNotKnow() {
        try (World world = new World()) {
            world.desire(Docs.of(site(""))).converged();
            world.answeredThrough(body -> body.replace("</Origin>", "<Warp><Speed>9</Speed></Warp></Origin>"));
            world.converged();

            world.desire(Docs.of(site(",'priceClass':'PriceClass_100'")));
            world.run(Duration.ofMinutes(10));

            assertThat(world.status("Distribution/site")).isEqualTo(Status.Stalled);
            assertThat(world.resource("Distribution/site").message())
                    .contains("DistributionConfig/Origins/Items/Origin/Warp", "update Holdfast");
            assertThat(world.calls("cloudfront:UpdateDistribution")).isZero();
        }
    }

    @Test
    void aControlAndAPolicyAreNotWrittenEither() {
        try (World world = new World()) {
            String control =
                    "'signingProtocol':'sigv4','signingBehavior':'always','originAccessControlOriginType':'s3'";
            String policy = "'minTTL':1,'parametersInCacheKeyAndForwardedToOrigin':{'enableAcceptEncodingGzip':true,"
                    + "'headersConfig':{'headerBehavior':'none'},'cookiesConfig':{'cookieBehavior':'none'},"
                    + "'queryStringsConfig':{'queryStringBehavior':'none'}}";
            world.desire(Docs.of(
                            Docs.document("OriginAccessControl", "media", control),
                            Docs.document("CachePolicy", "pages", policy)))
                    .converged();
            world.answeredThrough(
                    body -> body.replace("</OriginAccessControlConfig>", "<Warp/></OriginAccessControlConfig>")
                            .replace("</CachePolicyConfig>", "<Warp/></CachePolicyConfig>"));

            world.desire(Docs.of(
                    Docs.document("OriginAccessControl", "media", control.replace("always", "never")),
                    Docs.document("CachePolicy", "pages", policy.replace("'minTTL':1", "'minTTL':2"))));
            world.run(Duration.ofMinutes(10));

            assertThat(world.status("OriginAccessControl/media")).isEqualTo(Status.Stalled);
            assertThat(world.resource("CachePolicy/pages").message()).contains("CachePolicyConfig/Warp");
            assertThat(world.calls("cloudfront:UpdateOriginAccessControl")
                            + world.calls("cloudfront:UpdateCachePolicy"))
                    .isZero();
        }
    }

    /** Holdfast does not manage continuous deployment: settings of another principal for it stay. */
    @Test
    void theStagingPolicyOfSomebodySurvivesAChange() {
        try (World world = new World()) {
            world.desire(Docs.of(site(""))).converged();
            Sites.change(world, c -> c.continuousDeploymentPolicyId("b4a9cc6b-8a5d-4f8e-9d4a-1f2f6d1f6c55"));

            world.desire(Docs.of(site(",'priceClass':'PriceClass_100'"))).converged();

            assertThat(Sites.read(world).distributionConfig().priceClassAsString())
                    .isEqualTo("PriceClass_100");
            assertThat(Sites.read(world).distributionConfig().continuousDeploymentPolicyId())
                    .isEqualTo("b4a9cc6b-8a5d-4f8e-9d4a-1f2f6d1f6c55");
        }
    }

    @Test
    void aDistributionOfManyTenantsIsNeitherAdoptedNorDeletedWhateverItsTags() {
        try (World world = new World()) {
            world.desire(Docs.of(site(""))).converged();
            DistributionConfig ours = Sites.read(world).distributionConfig();
            String other = Sites.cloudFront(world)
                    .createDistributionWithTags(r -> r.distributionConfigWithTags(d -> d.distributionConfig(ours.copy(
                                    c -> c.callerReference("tenants").connectionMode(ConnectionMode.TENANT_ONLY)))
                            .tags(t -> t.items(
                                    Tag.builder()
                                            .key("holdfast:stack")
                                            .value("inst/test")
                                            .build(),
                                    Tag.builder()
                                            .key("holdfast:resource")
                                            .value("Distribution/old")
                                            .build()))))
                    .distribution()
                    .id();

            world.desire(Docs.of(
                    site(""),
                    site("").replace("'name':'site'", "'name':'adopted'")
                            .replaceFirst("'spec'", "'lifecycle':{'adopt':'IfUnowned','id':'" + other + "'},'spec'")));
            world.run(Duration.ofHours(2));

            assertThat(Sites.cloudFront(world)
                            .listDistributions(r -> {})
                            .distributionList()
                            .items())
                    .filteredOn(d -> d.id().equals(other))
                    .singleElement()
                    .satisfies(d -> assertThat(d.enabled()).isTrue());
            assertThat(world.view().resources().values()).noneMatch(resource -> other.equals(resource.physicalId()));
        }
    }

    /**
     * AWS does not document the message of this refusal: whatever the message is, the operator shows it and does not
     * repeat the write.
     */
    @Test
    void aRefusalOfAPricingPlanIsShownAndNotFought() {
        try (World world = new World()) {
            world.desire(Docs.of(site(""))).converged();
            world.twin
                    .faults()
                    .add(TwinFaultRule.on(
                                    "cloudfront:UpdateDistribution",
                                    new TwinFault.Refuse(
                                            400,
                                            "InvalidArgument",
                                            "The web ACL cannot be changed while the distribution is on the Free pricing plan."))
                            .times(1));

            world.desire(Docs.of(site(",'webACLId':''")));
            world.desire(Docs.of(site(",'webACLId':'arn:aws:wafv2:us-east-1:123456789012:global/webacl/a/b'")));
            world.run(Duration.ofHours(1));

            assertThat(world.status("Distribution/site")).isEqualTo(Status.Stalled);
            assertThat(world.resource("Distribution/site").reason()).isEqualTo(Reason.Invalid);
            assertThat(world.resource("Distribution/site").message()).contains("on the Free pricing plan");
            assertThat(world.calls("cloudfront:UpdateDistribution")).isEqualTo(1);
        }
    }

    /** Another principal writes between our read and our write. */
    @Test
    void aVersionThatIsOutOfDateIsReadAgain() {
        try (World world = new World()) {
            world.desire(Docs.of(site(""))).converged();
            long read = world.calls("cloudfront:GetDistributionConfig");
            world.twin
                    .faults()
                    .add(TwinFaultRule.on(
                                    "cloudfront:UpdateDistribution",
                                    new TwinFault.Refuse(
                                            412,
                                            "PreconditionFailed",
                                            "The request failed because it didn't meet the preconditions."))
                            .times(1));

            world.desire(Docs.of(site(",'priceClass':'PriceClass_100'"))).converged();

            assertThat(world.calls("cloudfront:UpdateDistribution")).isEqualTo(2);
            assertThat(world.calls("cloudfront:GetDistributionConfig") - read).isGreaterThanOrEqualTo(2);
            assertThat(Sites.read(world).distributionConfig().priceClassAsString())
                    .isEqualTo("PriceClass_100");
        }
    }

    @Test
    void aPolicyAndAControlWithoutAMarkAreAdoptedByTheirNames() {
        try (World world = new World()) {
            EdgeLookAlikes.policies(world, "theirs");
            String control = EdgeLookAlikes.control(world, "theirs", "by hand");
            String adopts = "'lifecycle':{'adopt':'IfUnowned'},'spec'";

            world.desire(Docs.of(
                            Docs.document(
                                            "CachePolicy",
                                            "pages",
                                            "'name':'theirs','minTTL':1,'parametersInCacheKeyAndForwardedToOrigin':{'enableAcceptEncodingGzip':true,"
                                                    + "'headersConfig':{'headerBehavior':'none'},'cookiesConfig':{'cookieBehavior':'none'},"
                                                    + "'queryStringsConfig':{'queryStringBehavior':'none'}}")
                                    .replaceFirst("'spec'", adopts),
                            Docs.document(
                                            "OriginAccessControl",
                                            "media",
                                            "'name':'theirs','signingProtocol':'sigv4','signingBehavior':'always',"
                                                    + "'originAccessControlOriginType':'s3'")
                                    .replaceFirst("'spec'", adopts)))
                    .converged();

            assertThat(Sites.cloudFront(world)
                            .listCachePolicies(r -> {})
                            .cachePolicyList()
                            .items())
                    .extracting(CachePolicySummary::cachePolicy)
                    .singleElement()
                    .satisfies(policy -> assertThat(policy.cachePolicyConfig().comment())
                            .contains("holdfast:stack=inst/test", "holdfast:resource=CachePolicy/pages"));
            assertThat(Sites.cloudFront(world)
                            .listOriginAccessControls(r -> {})
                            .originAccessControlList()
                            .items())
                    .singleElement()
                    .satisfies(c -> {
                        assertThat(c.id()).isEqualTo(control);
                        assertThat(c.description()).contains("holdfast:resource=OriginAccessControl/media");
                    });
        }
    }
}
