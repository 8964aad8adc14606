package dev.holdfast.twin.cloudfront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.acm.TwinAcm;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.acm.model.ValidationMethod;
import software.amazon.awssdk.services.cloudfront.model.*;

class TwinCloudFrontTest {
    private static final String OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

    private final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final TwinSettings settings = new TwinSettings();
    private final TwinAccount account = new TwinAccount("123456789012", clock, settings, 1);
    private final TwinCloudFront cloudFront = account.service("eu-west-2", TwinCloudFront.class);

    private static DistributionConfig.Builder config(String reference) {
        return DistributionConfig.builder()
                .callerReference(reference)
                .comment("")
                .enabled(true)
                .origins(o -> o.quantity(1).items(origin().build()))
                .defaultCacheBehavior(b -> b.targetOriginId("media")
                        .viewerProtocolPolicy(ViewerProtocolPolicy.HTTPS_ONLY)
                        .cachePolicyId(OPTIMIZED));
    }

    private static Origin.Builder origin() {
        return Origin.builder()
                .id("media")
                .domainName("media.s3.eu-west-2.amazonaws.com")
                .s3OriginConfig(s -> s.originAccessIdentity(""));
    }

    private Distribution create(DistributionConfig.Builder config) {
        return cloudFront
                .createDistribution(r -> r.distributionConfig(config.build()))
                .distribution();
    }

    private UpdateDistributionResponse update(String id, Consumer<DistributionConfig.Builder> change) {
        GetDistributionConfigResponse now = cloudFront.getDistributionConfig(r -> r.id(id));
        return cloudFront.updateDistribution(r -> r.id(id)
                .ifMatch(now.eTag())
                .distributionConfig(now.distributionConfig().copy(change)));
    }

    private static void refused(String code, String message, ThrowingCallable call) {
        AwsServiceException e = catchThrowableOfType(AwsServiceException.class, call);
        assertThat(e).as(code).isNotNull();
        assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
        assertThat(e.awsErrorDetails().errorMessage()).contains(message);
    }

    private void refused(String code, String message, Consumer<DistributionConfig.Builder> change) {
        DistributionConfig.Builder config = config("refused");
        change.accept(config);
        refused(code, message, () -> create(config));
    }

    @Test
    void deploysForMinutesAndAnswersWhatItFillsIn() {
        Distribution made = create(config("a"));

        assertThat(made.status()).isEqualTo("InProgress");
        assertThat(made.domainName()).matches("d[a-z0-9]{13}\\.cloudfront\\.net");
        assertThat(made.arn()).isEqualTo("arn:aws:cloudfront::123456789012:distribution/" + made.id());
        DistributionConfig whole = made.distributionConfig();
        assertThat(whole.viewerCertificate().minimumProtocolVersion()).isEqualTo(MinimumProtocolVersion.TLS_V1);
        assertThat(whole.defaultCacheBehavior().allowedMethods().items())
                .containsExactlyInAnyOrder(Method.GET, Method.HEAD);
        assertThat(whole.origins().items().getFirst().connectionAttempts()).isEqualTo(3);
        assertThat(whole.webACLId()).isEmpty();

        clock.advance(Duration.ofMinutes(4));
        assertThat(cloudFront
                        .getDistribution(r -> r.id(made.id()))
                        .distribution()
                        .status())
                .isEqualTo("Deployed");
        update(made.id(), c -> c.comment("b"));
        assertThat(cloudFront
                        .listDistributions(r -> {})
                        .distributionList()
                        .items()
                        .getFirst()
                        .status())
                .isEqualTo("InProgress");
    }

    @Test
    void knowsACreationByItsReference() {
        String id = create(config("a")).id();

        refused("DistributionAlreadyExists", id, () -> create(config("a").comment("another")));
    }

    @Test
    void takesAWriteOnlyFromWhoKnowsTheLastVersion() {
        String id = create(config("a")).id();
        GetDistributionConfigResponse old = cloudFront.getDistributionConfig(r -> r.id(id));
        String newer = update(id, c -> c.comment("b")).eTag();

        assertThat(newer).isNotEqualTo(old.eTag());
        refused(
                "PreconditionFailed",
                "preconditions",
                () -> cloudFront.updateDistribution(
                        r -> r.id(id).ifMatch(old.eTag()).distributionConfig(old.distributionConfig())));
        refused(
                "InvalidIfMatchVersion",
                "missing or not valid",
                () -> cloudFront.updateDistribution(r -> r.id(id).distributionConfig(old.distributionConfig())));
        assertThat(cloudFront.listDistributions(r -> {}).distributionList().items())
                .singleElement()
                .satisfies(d -> assertThat(d.eTag()).isEqualTo(newer));
    }

    @Test
    void anUpdateSaysMoreThanACreation() {
        String id = create(config("a")).id();

        refused("IllegalUpdate", "HttpVersion is missing", () -> update(id, c -> c.httpVersion((String) null)));
        refused(
                "IllegalUpdate",
                "AllowedMethods is missing",
                () -> update(
                        id,
                        c -> c.defaultCacheBehavior(b -> b.targetOriginId("media")
                                .viewerProtocolPolicy(ViewerProtocolPolicy.ALLOW_ALL)
                                .cachePolicyId(OPTIMIZED))));
        refused(
                "IllegalUpdate",
                "CustomHeaders is missing",
                () -> update(
                        id,
                        c -> c.origins(
                                o -> o.quantity(1).items(origin().originPath("").build()))));
        refused("IllegalUpdate", "caller reference", () -> update(id, c -> c.callerReference("b")));
    }

    @Test
    void isDeletedAfterItIsDisabledEverywhere() {
        String id = create(config("a")).id();
        clock.advance(Duration.ofMinutes(4));
        String enabled = cloudFront.getDistribution(r -> r.id(id)).eTag();
        refused(
                "DistributionNotDisabled",
                "has not been disabled",
                () -> cloudFront.deleteDistribution(r -> r.id(id).ifMatch(enabled)));
        String disabled = update(id, c -> c.enabled(false)).eTag();
        refused(
                "DistributionNotDisabled",
                "has not been disabled",
                () -> cloudFront.deleteDistribution(r -> r.id(id).ifMatch(disabled)));

        clock.advance(Duration.ofMinutes(4));
        cloudFront.deleteDistribution(r -> r.id(id).ifMatch(disabled));

        refused("NoSuchDistribution", "does not exist", () -> cloudFront.getDistribution(r -> r.id(id)));
    }

    @Test
    void refusesWhatDoesNotFitTogether() {
        refused("InconsistentQuantities", "don't match", c -> c.aliases(a -> a.quantity(1)));
        refused(
                "NoSuchOrigin",
                "do not exist",
                c -> c.originGroups(g -> g.quantity(1)
                        .items(o -> o.id("both")
                                .failoverCriteria(
                                        f -> f.statusCodes(s -> s.quantity(1).items(500)))
                                .members(m -> m.quantity(2)
                                        .items(
                                                OriginGroupMember.builder()
                                                        .originId("media")
                                                        .build(),
                                                OriginGroupMember.builder()
                                                        .originId("gone")
                                                        .build())))));
        refused(
                "InvalidOriginAccessControl",
                "does not exist",
                c -> c.origins(o -> o.quantity(1)
                        .items(origin().originAccessControlId("E0000000000000").build())));
        refused(
                "NoSuchCachePolicy",
                "does not exist",
                c -> c.defaultCacheBehavior(b -> b.targetOriginId("media")
                        .viewerProtocolPolicy(ViewerProtocolPolicy.ALLOW_ALL)
                        .cachePolicyId("11111111-2222-3333-4444-555555555555")));
        refused(
                "InvalidArgument",
                "ForwardedValues is required",
                c -> c.defaultCacheBehavior(
                        b -> b.targetOriginId("media").viewerProtocolPolicy(ViewerProtocolPolicy.ALLOW_ALL)));
        refused(
                "InvalidArgument",
                "exactly one",
                c -> c.origins(o -> o.quantity(1)
                        .items(origin().s3OriginConfig((S3OriginConfig) null).build())));
        refused(
                "InvalidWebACLId",
                "scope",
                c -> c.webACLId("arn:aws:wafv2:eu-west-2:123456789012:regional/webacl/a/b"));
        refused(
                "InvalidErrorCode",
                "418",
                c -> c.customErrorResponses(e -> e.quantity(1).items(i -> i.errorCode(418))));
    }

    private String certificate(String region, String... names) {
        TwinAcm acm = account.service(region, TwinAcm.class);
        String arn = acm.requestCertificate(r -> r.domainName(names[0])
                        .subjectAlternativeNames(names)
                        .validationMethod(ValidationMethod.DNS)
                        // A private authority issues without a proof.
                        .certificateAuthorityArn("arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/a"))
                .certificateArn();
        return arn;
    }

    private static Consumer<DistributionConfig.Builder> named(String arn, String... aliases) {
        return c -> c.aliases(a -> a.quantity(aliases.length).items(aliases))
                .viewerCertificate(v -> v.acmCertificateArn(arn).sslSupportMethod(SSLSupportMethod.SNI_ONLY));
    }

    @Test
    void anAliasNeedsACertificateThatIsIssuedInVirginiaAndCoversIt() {
        String pending = certificate("us-east-1", "*.example.com");
        String elsewhere = certificate("eu-west-2", "*.example.com");
        refused("InvalidViewerCertificate", "isn't valid", named(pending, "www.example.com"));
        clock.advance(Duration.ofMinutes(2));

        refused("InvalidViewerCertificate", "isn't in us-east-1", named(elsewhere, "www.example.com"));
        refused("InvalidViewerCertificate", "doesn't cover", named(pending, "a.b.example.com"));
        refused(
                "InvalidViewerCertificate",
                "must attach",
                c -> c.aliases(a -> a.quantity(1).items("a.example.com")));
        DistributionConfig.Builder named = config("a");
        named(pending, "www.example.com").accept(named);
        create(named);
        refused("CNAMEAlreadyExists", "already associated", named(pending, "WWW.example.com"));
        assertThat(account.service("us-east-1", TwinAcm.class)
                        .describeCertificate(r -> r.certificateArn(pending))
                        .certificate()
                        .inUseBy())
                .hasSize(1);
    }

    @Test
    void anOriginAccessControlGoesAfterTheLastDistributionDroppedIt() {
        CreateOriginAccessControlResponse control =
                cloudFront.createOriginAccessControl(r -> r.originAccessControlConfig(c -> c.name("media")
                        .signingProtocol(OriginAccessControlSigningProtocols.SIGV4)
                        .signingBehavior(OriginAccessControlSigningBehaviors.ALWAYS)
                        .originAccessControlOriginType(OriginAccessControlOriginTypes.S3)));
        String id = control.originAccessControl().id();
        refused(
                "OriginAccessControlAlreadyExists",
                "same name",
                () -> cloudFront.createOriginAccessControl(r -> r.originAccessControlConfig(
                        control.originAccessControl().originAccessControlConfig())));
        String distribution = create(config("a")
                        .origins(o -> o.quantity(1)
                                .items(origin().originAccessControlId(id).build())))
                .id();
        refused(
                "OriginAccessControlInUse",
                "in use",
                () -> cloudFront.deleteOriginAccessControl(r -> r.id(id).ifMatch(control.eTag())));

        // The put counts, not its arrival at the edge.
        update(
                distribution,
                c -> c.origins(o -> o.quantity(1)
                        .items(DistributionDefaults.filled(config("b").build())
                                .origins()
                                .items())));
        cloudFront.deleteOriginAccessControl(r -> r.id(id).ifMatch(control.eTag()));

        assertThat(cloudFront
                        .listOriginAccessControls(r -> {})
                        .originAccessControlList()
                        .quantity())
                .isZero();
    }

    @Test
    void listsInPagesAndTagsByArn() {
        List.of("a", "b", "c").forEach(reference -> create(config(reference)));
        settings.pageSize(2);
        DistributionList first = cloudFront.listDistributions(r -> {}).distributionList();
        assertThat(first.quantity()).isEqualTo(2);
        assertThat(first.isTruncated()).isTrue();
        DistributionList second =
                cloudFront.listDistributions(r -> r.marker(first.nextMarker())).distributionList();
        assertThat(second.items()).hasSize(1);
        assertThat(second.nextMarker()).isNull();

        String arn = second.items().getFirst().arn();
        cloudFront.tagResource(r -> r.resource(arn)
                .tags(t -> t.items(Tag.builder().key("a").value("b").build())));
        assertThat(cloudFront.listTagsForResource(r -> r.resource(arn)).tags().items())
                .containsExactly(Tag.builder().key("a").value("b").build());
        refused("NoSuchResource", "does not exist", () -> cloudFront.listTagsForResource(r -> r.resource(arn + "X")));
    }

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

    @Test
    void changesNothingOfAVpcOriginThatIsUsed() {
        CreateVpcOriginResponse made = cloudFront.createVpcOrigin(r -> r.vpcOriginEndpointConfig(PRIVATE));
        String id = made.vpcOrigin().id();
        assertThat(made.vpcOrigin().status()).isEqualTo("Deploying");
        refused(
                "EntityAlreadyExists",
                "same name",
                () -> cloudFront.createVpcOrigin(r -> r.vpcOriginEndpointConfig(PRIVATE)));
        refused(
                "IllegalDelete",
                "deployed",
                () -> cloudFront.deleteVpcOrigin(r -> r.id(id).ifMatch(made.eTag())));
        clock.advance(Duration.ofMinutes(6));
        String site = create(config("a")
                        .origins(o -> o.quantity(1)
                                .items(i -> i.id("media")
                                        .domainName("inner.example.com")
                                        .vpcOriginConfig(v -> v.vpcOriginId(id)))))
                .id();

        String message = "currently associated with one or more distributions";
        refused(
                "CannotUpdateEntityWhileInUse",
                message,
                () -> cloudFront.updateVpcOrigin(
                        r -> r.id(id).ifMatch(made.eTag()).vpcOriginEndpointConfig(PRIVATE)));
        refused(
                "CannotUpdateEntityWhileInUse",
                message,
                () -> cloudFront.tagResource(r -> r.resource(made.vpcOrigin().arn())
                        .tags(t -> t.items(i -> i.key("a").value("b")))));
        refused(
                "CannotDeleteEntityWhileInUse",
                message,
                () -> cloudFront.deleteVpcOrigin(r -> r.id(id).ifMatch(made.eTag())));
        update(
                site,
                c -> c.origins(o -> o.quantity(1)
                        .items(origin().originPath("")
                                .customHeaders(h -> h.quantity(0))
                                .build())));
        cloudFront.deleteVpcOrigin(r -> r.id(id).ifMatch(made.eTag()));
        assertThat(cloudFront.getVpcOrigin(r -> r.id(id)).vpcOrigin().status()).isEqualTo("Deploying");
        clock.advance(Duration.ofMinutes(6));
        refused("EntityNotFound", id, () -> cloudFront.getVpcOrigin(r -> r.id(id)));
    }

    private static final VpcOriginEndpointConfig PRIVATE = VpcOriginEndpointConfig.builder()
            .name("inner")
            .arn("arn:aws:ec2:eu-west-2:123456789012:instance/i-0123456789abcdef0")
            .httpPort(80)
            .httpsPort(443)
            .originProtocolPolicy(OriginProtocolPolicy.HTTP_ONLY)
            .build();

    @Test
    void refusesAVpcOriginThatLeadsNowhere() {
        refused(
                "InvalidArgument",
                "does not exist",
                () -> cloudFront.createVpcOrigin(r -> r.vpcOriginEndpointConfig(PRIVATE.copy(c -> c.arn(
                        "arn:aws:elasticloadbalancing:eu-west-2:123456789012:loadbalancer/app/no/0123456789abcdef")))));
        refused(
                "InvalidArgument",
                "ARN",
                () -> cloudFront.createVpcOrigin(
                        r -> r.vpcOriginEndpointConfig(PRIVATE.copy(c -> c.arn("arn:aws:s3:::media")))));
        refused(
                "InvalidArgument",
                "port",
                () -> cloudFront.createVpcOrigin(r -> r.vpcOriginEndpointConfig(PRIVATE.copy(c -> c.httpPort(81)))));
        refused(
                "EntityNotFound",
                "vo_no",
                c -> c.origins(o -> o.quantity(1)
                        .items(i -> i.id("media")
                                .domainName("inner.example.com")
                                .vpcOriginConfig(v -> v.vpcOriginId("vo_no")))));
    }
}
