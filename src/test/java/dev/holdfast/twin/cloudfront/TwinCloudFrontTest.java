package dev.holdfast.twin.cloudfront;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.acm.TwinAcm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.acm.model.ValidationMethod;
import software.amazon.awssdk.services.cloudfront.model.*;

class TwinCloudFrontTest extends CloudFrontFixture {
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
                        // A private authority issues certificates without validation.
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
    void aRequestWhoseLegacyMembersNameAnotherCertificateIsRefused() {
        String arn = certificate("us-east-1", "*.example.com");
        clock.advance(Duration.ofMinutes(2));
        DistributionConfig.Builder config = config("a");
        named(arn, "www.example.com").accept(config);
        String id = create(config).id();
        ViewerCertificate shown = cloudFront
                .getDistributionConfig(r -> r.id(id))
                .distributionConfig()
                .viewerCertificate();
        assertThat(shown.certificate()).isEqualTo(arn);
        assertThat(shown.certificateSource()).isEqualTo(CertificateSource.ACM);

        for (Map.Entry<String, ViewerCertificate> wrong : Map.of(
                        "does not match the given Certificate", shown.copy(v -> v.acmCertificateArn(arn + "b")),
                        "CertificateSource not equal to \"iam\"",
                                shown.copy(v -> v.acmCertificateArn(null).iamCertificateId("A")),
                        "only one of", shown.copy(v -> v.iamCertificateId("A")),
                        "SSLSupportMethod is required", shown.copy(v -> v.sslSupportMethod((String) null)))
                .entrySet()) {
            refused(
                    "InvalidViewerCertificate",
                    wrong.getKey(),
                    () -> update(id, c -> c.viewerCertificate(wrong.getValue())));
        }
        refused(
                "InvalidMinimumProtocolVersion",
                "TLSv1",
                () -> update(id, c -> c.viewerCertificate(shown.copy(v -> v.minimumProtocolVersion("SSLv3")))));
    }

    @Test
    void oneChangeOfTheCertificateIsDeployedAtATime() {
        String id = create(config("a")).id();
        ViewerCertificate iam = ViewerCertificate.builder()
                .iamCertificateId("A")
                .sslSupportMethod(SSLSupportMethod.SNI_ONLY)
                .build();
        update(id, c -> c.viewerCertificate(iam));

        update(id, c -> c.comment("another member may change"));
        refused(
                "IllegalUpdate",
                "Only one viewer certificate change",
                () -> update(id, c -> c.viewerCertificate(iam.copy(v -> v.iamCertificateId("B")))));
        clock.advance(Duration.ofMinutes(4));
        update(id, c -> c.viewerCertificate(iam.copy(v -> v.iamCertificateId("B"))));
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

        // CloudFront permits the deletion once the update is accepted, even before its deployment.
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
}
