package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudfront.model.MinimumProtocolVersion;
import software.amazon.awssdk.services.cloudfront.model.SSLSupportMethod;
import software.amazon.awssdk.services.cloudfront.model.ViewerCertificate;

/**
 * The certificate of a distribution changes between CloudFront's own, ACM's and IAM's. The twin refuses a request that
 * names two certificates, or whose deprecated members name another certificate.
 */
class DistributionCertificatesTest {
    private static final String OWN = "'cloudFrontDefaultCertificate':true";
    private static final String IAM =
            "'iamCertificateId':'ASCA1','sslSupportMethod':'sni-only','minimumProtocolVersion':'TLSv1.2_2021'";

    private static String acm(String name) {
        return "'acmCertificateArn':'${Certificate/" + name
                + ".arn}','sslSupportMethod':'sni-only','minimumProtocolVersion':'TLSv1.2_2021'";
    }

    private static String certificate(String name) {
        return """
            {'apiVersion':'holdfast.dev/v1','kind':'Certificate','metadata':{'name':'%s','region':'us-east-1'},'spec':{
              'domainName':'*.example.com','keyAlgorithm':'RSA_2048','certificateAuthorityArn':
              'arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/11111111-2222-3333-4444-555555555555'}}
            """.formatted(name);
    }

    /** @param certificate the members of viewerCertificate */
    private static String site(String aliases, String certificate) {
        return Docs.of(certificate("one"), certificate("two"), Docs.document("Distribution", "site", """
                'enabled':true,'comment':'site','aliases':[%s],'viewerCertificate':{%s},
                'origins':[{'id':'media','domainName':'media.s3.eu-west-2.amazonaws.com'}],
                'defaultCacheBehavior':{'targetOriginId':'media','viewerProtocolPolicy':'redirect-to-https',
                  'cachePolicyId':'658327ea-f89d-4fab-a63d-7e88639e58f6'}
                """.formatted(
                        aliases, certificate)));
    }

    private static ViewerCertificate shown(World world) {
        return Sites.read(world).distributionConfig().viewerCertificate();
    }

    private static String arn(World world, String name) {
        return world.resource("Certificate/" + name).physicalId();
    }

    /** Desires a certificate, and proves that it converges and causes no further write. */
    private static ViewerCertificate become(World world, String aliases, String certificate) {
        world.desire(site(aliases, certificate), Docs.UNLIMITED).run(Duration.ofMinutes(10));
        assertThat(world.status("Distribution/site")).as(world.describe()).isEqualTo(Status.Synced);
        long writes = world.writeCount();
        world.run(Duration.ofMinutes(20));
        assertThat(world.writeCount()).as(world.describe()).isEqualTo(writes);
        return shown(world);
    }

    @Test
    void changesFromItsOwnToAcmToIamAndBack() {
        try (World world = new World()) {
            ViewerCertificate own = become(world, "", OWN);
            assertThat(own.cloudFrontDefaultCertificate()).isTrue();

            ViewerCertificate first = become(world, "'www.example.com'", acm("one"));
            assertThat(first.acmCertificateArn()).isEqualTo(arn(world, "one"));
            assertThat(first.cloudFrontDefaultCertificate()).isFalse();
            assertThat(first.sslSupportMethod()).isEqualTo(SSLSupportMethod.SNI_ONLY);
            assertThat(first.minimumProtocolVersion()).isEqualTo(MinimumProtocolVersion.TLS_V1_2_2021);

            ViewerCertificate second = become(world, "'www.example.com'", acm("two"));
            assertThat(second.acmCertificateArn()).isEqualTo(arn(world, "two"));

            ViewerCertificate third = become(world, "'www.example.com'", IAM);
            assertThat(third.iamCertificateId()).isEqualTo("ASCA1");
            assertThat(third.acmCertificateArn()).isNull();

            assertThat(become(world, "", OWN)).isEqualTo(own);
        }
    }

    /** Another principal's certificate goes as a whole, and so do the deprecated members that repeat it. */
    @Test
    void anotherPrincipalsCertificateIsReplaced() {
        try (World world = new World()) {
            become(world, "'www.example.com'", acm("one"));
            Sites.change(
                    world,
                    c -> c.viewerCertificate(
                            v -> v.iamCertificateId("ASCA9").sslSupportMethod(SSLSupportMethod.SNI_ONLY)));

            world.run(Duration.ofMinutes(20));

            assertThat(shown(world).acmCertificateArn()).isEqualTo(arn(world, "one"));
            assertThat(shown(world).iamCertificateId()).isNull();
            assertThat(shown(world).minimumProtocolVersion()).isEqualTo(MinimumProtocolVersion.TLS_V1_2_2021);
            assertThat(world.status("Distribution/site")).isEqualTo(Status.Synced);
        }
    }

    /** CloudFront refuses a second change of the certificate until it has deployed the first. */
    @Test
    void aSecondChangeWaitsForTheFirst() {
        try (World world = new World()) {
            become(world, "'www.example.com'", acm("one"));
            world.desire(site("'www.example.com'", acm("two"))).run(Duration.ofSeconds(70));
            assertThat(shown(world).acmCertificateArn()).isEqualTo(arn(world, "two"));
            world.desire(site("'www.example.com'", IAM)).run(Duration.ofSeconds(70));
            assertThat(world.status("Distribution/site")).as(world.describe()).isEqualTo(Status.Failed);

            world.run(Duration.ofMinutes(10));

            assertThat(world.status("Distribution/site")).as(world.describe()).isEqualTo(Status.Synced);
            assertThat(shown(world).iamCertificateId()).isEqualTo("ASCA1");
        }
    }
}
