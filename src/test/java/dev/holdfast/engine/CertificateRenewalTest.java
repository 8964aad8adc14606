package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.SupportEnd;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.RRType;

/** ACM renews a certificate by itself. If ACM cannot renew it, the user has to be notified in time. */
class CertificateRenewalTest {
    private static final Duration UNTIL_RENEWAL = Duration.ofDays(139);
    private static final String ZONE = Docs.document("HostedZone", "main", "'name':'example.com'");
    private static final String CERTIFICATE = Docs.document("Certificate", "site", "'domainName':'www.example.com'");
    private static final String PROOF = Docs.document(
            "RecordSet",
            "proof",
            "'hostedZoneId':'${HostedZone/main}','name':'${Certificate/site.validationName}','type':'CNAME','ttl':300,"
                    + "'resourceRecords':['${Certificate/site.validationValue}']");
    private static final String NETWORK =
            Docs.document("Network", "main", "'cidrBlock':'10.20.0.0/16','zones':['a','b']");
    private static final String INGRESS = Docs.document("Ingress", "main", "'certificateArn':'${Certificate/site}'");

    private static SupportEnd end(World world) {
        return world.resource("Certificate/site").outlook().support();
    }

    private static Instant notAfter(World world) {
        return Instant.parse(
                String.valueOf(world.resource("Certificate/site").outputs().get("notAfter")));
    }

    private static void later(World world, Duration time) {
        world.clock.advance(time);
        world.run(Duration.ofMinutes(15));
    }

    @Test
    void oneThatIsInUseIsRenewedAndNobodyIsTold() {
        try (World world = new World()) {
            world.desire(Docs.of(ZONE, CERTIFICATE, PROOF, NETWORK, INGRESS)).converged();
            Instant first = notAfter(world);

            later(world, UNTIL_RENEWAL);

            assertThat(notAfter(world)).isAfter(first.plus(Duration.ofDays(100)));
            assertThat(world.resource("Certificate/site").outputs()).containsEntry("renewal", "SUCCESS");
            assertThat(end(world)).isNull();
            assertThat(world.view().converged()).as(world.describe()).isTrue();
        }
    }

    @Test
    void oneWhoseRecordsSomebodyDeletedIsToldWithTheirNames() {
        try (World world = new World()) {
            world.desire(Docs.of(ZONE, CERTIFICATE, PROOF, NETWORK, INGRESS)).converged();
            Instant first = notAfter(world);
            world.desire(Docs.of(ZONE, CERTIFICATE, NETWORK, INGRESS), Docs.UNLIMITED)
                    .converged();

            later(world, UNTIL_RENEWAL);

            assertThat(notAfter(world)).isEqualTo(first);
            assertThat(end(world).at()).isEqualTo(first);
            assertThat(end(world).then()).contains("validation records").contains(".www.example.com.");

            // The records are created again, and ACM renews the certificate.
            world.desire(Docs.of(ZONE, CERTIFICATE, PROOF, NETWORK, INGRESS), Docs.UNLIMITED)
                    .converged();
            later(world, Duration.ofHours(2));
            assertThat(notAfter(world)).isAfter(first);
            assertThat(end(world)).isNull();
        }
    }

    @Test
    void oneThatNothingUsesIsToldAndExpires() {
        try (World world = new World()) {
            world.desire(Docs.of(ZONE, CERTIFICATE, PROOF)).converged();

            world.run(Duration.ofMinutes(15));
            assertThat(end(world).then()).contains("no load balancer and no distribution uses it");

            later(world, Duration.ofDays(199));
            assertThat(world.resource("Certificate/site").conditions()).anySatisfy(condition -> {
                assertThat(condition.reason()).isEqualTo("EXPIRED");
                assertThat(condition.message()).contains("requests a new certificate");
            });
        }
    }

    @Test
    void aRecordOfAnotherValueProvesNothing() {
        try (World world = new World()) {
            world.desire(Docs.of(ZONE, CERTIFICATE, PROOF, NETWORK, INGRESS)).converged();
            Instant first = notAfter(world);
            String name =
                    String.valueOf(world.resource("Certificate/site").outputs().get("validationName"));
            Route53Client somebody = world.somebody(Route53Client.class);
            String zone =
                    somebody.listHostedZones(r -> {}).hostedZones().getFirst().id();
            world.clock.advance(UNTIL_RENEWAL);
            somebody.changeResourceRecordSets(r -> r.hostedZoneId(zone)
                    .changeBatch(b -> b.changes(c -> c.action(ChangeAction.UPSERT)
                            .resourceRecordSet(s -> s.name(name)
                                    .type(RRType.CNAME)
                                    .ttl(60L)
                                    .resourceRecords(v -> v.value("elsewhere.example.org."))))));

            // The record is repaired, and then ACM renews the certificate.
            world.run(Duration.ofMinutes(30));
            assertThat(notAfter(world)).isAfter(first);
        }
    }
}
