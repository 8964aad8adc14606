package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.store.Delay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.acm.model.CertificateStatus;
import software.amazon.awssdk.services.acm.model.KeyAlgorithm;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.HostedZone;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecord;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/**
 * Names and certificates: the records that prove a domain are created before the certificate is issued, and no record
 * of a stranger is changed.
 */
class EdgeNamesTest {
    private static final String CHANGE = "route53:ChangeResourceRecordSets";

    private static final String ZONE =
            Docs.document("HostedZone", "main", "'name':'example.com','hostedZoneConfig':{'comment':'the shop'}");
    private static final String CERTIFICATE = Docs.document(
            "Certificate",
            "site",
            "'domainName':'example.com','subjectAlternativeNames':['*.example.com'],'keyAlgorithm':'EC_prime256v1'");
    private static final String PROOF =
            record("proof", "${Certificate/site.validationName}", "CNAME", "'${Certificate/site.validationValue}'");

    private static String record(String id, String name, String type, String values) {
        return Docs.document(
                "RecordSet",
                id,
                "'hostedZoneId':'${HostedZone/main}','name':'" + name + "','type':'" + type
                        + "','ttl':300,'resourceRecords':[" + values + "]");
    }

    private static String inVirginia(String document) {
        return document.replaceFirst("'name'", "'region':'us-east-1','name'");
    }

    private static HostedZone zone(World world) {
        return world.somebody(Route53Client.class)
                .listHostedZones(r -> {})
                .hostedZones()
                .getFirst();
    }

    private static List<ResourceRecordSet> records(World world) {
        return world
                .somebody(Route53Client.class)
                .listResourceRecordSets(r -> r.hostedZoneId(zone(world).id()))
                .resourceRecordSets()
                .stream()
                .filter(s -> s.type() != RRType.NS && s.type() != RRType.SOA)
                .toList();
    }

    private static void change(World world, ChangeAction action, ResourceRecordSet set) {
        world.somebody(Route53Client.class)
                .changeResourceRecordSets(r -> r.hostedZoneId(zone(world).id())
                        .changeBatch(b -> b.changes(c -> c.action(action).resourceRecordSet(set))));
    }

    @Test
    void aCertificateWaitsForItsRecordAndItsListenerForTheCertificate() {
        try (World world = new World()) {
            // Given: ACM returns the validation records late
            world.settings.delay(Delay.CERTIFICATE_RECORDS, Duration.ofMinutes(10));

            world.desire(Docs.of(ZONE, CERTIFICATE, PROOF));
            world.run(Duration.ofMinutes(5));
            assertThat(world.status("Certificate/site")).isEqualTo(Status.Progressing);
            assertThat(world.status("RecordSet/proof")).isEqualTo(Status.Waiting);
            world.converge(Duration.ofHours(1));

            assertThat(world.view().converged()).as(world.describe()).isTrue();
            assertThat(records(world))
                    .singleElement()
                    .satisfies(set -> assertThat(set.name()).startsWith("_").endsWith(".example.com."));
            assertThat(world.somebody(AcmClient.class)
                            .listCertificates(r -> r.includes(f -> f.keyTypes(KeyAlgorithm.EC_PRIME256_V1)))
                            .certificateSummaryList())
                    .singleElement()
                    .satisfies(c -> assertThat(c.status()).isEqualTo(CertificateStatus.ISSUED));
            assertThat(world.calls("acm:RequestCertificate")).isEqualTo(1);
        }
    }

    @Test
    void aCertificateForCloudFrontLivesInVirginiaAndItsRecordInTheOneZone() {
        try (World world = new World()) {
            world.desire(Docs.of(ZONE, inVirginia(CERTIFICATE), PROOF)).converged();

            assertThat(String.valueOf(
                            world.resource("Certificate/site").outputs().get("arn")))
                    .startsWith("arn:aws:acm:us-east-1:");
            world.run(Duration.ofHours(2));
            assertThat(world.calls("acm:RequestCertificate")).isEqualTo(1);
        }
    }

    /** A certificate that ACM gave up is used nowhere, and can never become valid. */
    @Test
    void aCertificateWhoseValidationTimedOutIsRequestedAgainWithoutAnApproval() {
        try (World world = new World()) {
            world.desire(Docs.of(ZONE, CERTIFICATE)).run(Duration.ofMinutes(5));
            String old =
                    String.valueOf(world.resource("Certificate/site").outputs().get("arn"));
            world.clock.advance(Duration.ofHours(73));

            world.desire(Docs.of(ZONE, CERTIFICATE, PROOF)).converge(Duration.ofHours(2));

            assertThat(world.view().converged()).as(world.describe()).isTrue();
            assertThat(world.resource("Certificate/site").outputs()).containsEntry("status", "ISSUED");
            assertThat(LookAlikes.exists(world, old)).isFalse();
            assertThat(world.calls("acm:RequestCertificate")).isEqualTo(2);
        }
    }

    /** A domain that nobody can prove causes no endless stream of requests. */
    @Test
    void aCertificateThatIsNeverProvedIsRequestedOnlyThreeTimesMore() {
        try (World world = new World()) {
            world.desire(Docs.of(ZONE, CERTIFICATE)).run(Duration.ofMinutes(5));

            for (int i = 0; i < 6; i++) {
                world.clock.advance(Duration.ofHours(73));
                world.run(Duration.ofMinutes(10));
            }

            assertThat(world.status("Certificate/site")).isEqualTo(Status.Stalled);
            assertThat(world.calls("acm:RequestCertificate")).isLessThanOrEqualTo(4);
        }
    }

    @Test
    void aCertificateIsReplacedBeforeTheOldOneGoes() {
        try (World world = new World()) {
            world.desire(Docs.of(ZONE, CERTIFICATE, PROOF), Docs.UNLIMITED).converged();
            String old =
                    String.valueOf(world.resource("Certificate/site").outputs().get("arn"));

            world.desire(Docs.of(ZONE, CERTIFICATE.replace("*.example.com", "www.example.com"), PROOF), Docs.UNLIMITED);
            world.run(Duration.ofMinutes(1));
            assertThat(LookAlikes.exists(world, old))
                    .as("the old certificate serves until the new one is issued")
                    .isTrue();
        }
    }

    @Test
    void aRecordThatSomebodyChangedIsHealed() {
        try (World world = new World()) {
            world.desire(Docs.of(ZONE, record("www", "WWW.example.com", "A", "'192.0.2.1','192.0.2.2'")))
                    .converged();
            ResourceRecordSet ours = records(world).getFirst();

            change(
                    world,
                    ChangeAction.UPSERT,
                    ours.toBuilder()
                            .ttl(5L)
                            .resourceRecords(v -> v.value("203.0.113.9"))
                            .build());
            world.run(Duration.ofMinutes(2));

            assertThat(records(world)).singleElement().satisfies(set -> {
                assertThat(set.ttl()).isEqualTo(300);
                assertThat(set.resourceRecords())
                        .extracting(ResourceRecord::value)
                        .containsExactlyInAnyOrder("192.0.2.1", "192.0.2.2");
            });
            change(world, ChangeAction.DELETE, records(world).getFirst());
            world.run(Duration.ofMinutes(2));
            assertThat(records(world)).hasSize(1);
        }
    }

    @Test
    void anAliasWaitsForItsTarget() {
        try (World world = new World()) {
            world.desire(Docs.of(ZONE, Docs.document("RecordSet", "www", """
                            'hostedZoneId':'${HostedZone/main}','name':'www.example.com','type':'A',
                            'aliasTarget':{'hostedZoneId':'${HostedZone/main}','dnsName':'target.example.com',
                            'evaluateTargetHealth':false}""")));
            world.run(Duration.ofMinutes(1));
            assertThat(world.resource("RecordSet/www").status()).isNotEqualTo(Status.Stalled);
            assertThat(world.resource("RecordSet/www").message()).contains("that target was not found");

            change(
                    world,
                    ChangeAction.CREATE,
                    ResourceRecordSet.builder()
                            .name("target.example.com")
                            .type(RRType.A)
                            .ttl(60L)
                            .resourceRecords(v -> v.value("192.0.2.1"))
                            .build());
            world.run(Duration.ofMinutes(5));

            assertThat(world.status("RecordSet/www")).isEqualTo(Status.Synced);
        }
    }

    /** A DNS string has at most 255 bytes, and a character outside of ASCII has several. */
    @Test
    void aLongTextIsCutIntoStringsAndStaysInSync() {
        try (World world = new World()) {
            String key = "k".repeat(254) + "ü".repeat(150);
            world.desire(Docs.of(ZONE, record("dkim", "dkim.example.com", "TXT", "'" + key + "'")))
                    .converged();
            long before = world.writeCount();

            world.run(Duration.ofMinutes(10));

            assertThat(world.status("RecordSet/dkim")).isEqualTo(Status.Synced);
            assertThat(world.writeCount()).isEqualTo(before);
        }
    }

    @Test
    void aStrangersRecordIsReportedAndNeverOverwrittenOrDeleted() {
        try (World world = new World()) {
            world.desire(Docs.of(ZONE)).converged();
            LookAlikes.record(world, zone(world).id(), "www.example.com.");
            String wanted = record("www", "www.example.com", "A", "'192.0.2.1'");

            world.desire(Docs.of(ZONE, wanted, record("other", "www.example.com", "AAAA", "'2001:db8::1'")));
            world.run(Duration.ofMinutes(10));

            assertThat(world.status("RecordSet/www")).isEqualTo(Status.Stalled);
            assertThat(world.resource("RecordSet/www").reason()).hasToString("NameTaken");
            assertThat(world.status("RecordSet/other"))
                    .as("another type of the same name")
                    .isEqualTo(Status.Synced);
            world.desire(Docs.of(ZONE));
            world.converge(Duration.ofHours(1));
            assertThat(records(world))
                    .singleElement()
                    .satisfies(set -> assertThat(set.resourceRecords())
                            .extracting(ResourceRecord::value)
                            .containsExactly("192.0.2.77"));
        }
    }

    @Test
    void aStrangersRecordIsAdoptedOnlyWhereTheDocumentSaysSo() {
        try (World world = new World()) {
            world.desire(Docs.of(ZONE)).converged();
            LookAlikes.record(world, zone(world).id(), "www.example.com.");
            String adopts = record("www", "www.example.com", "A", "'192.0.2.1'")
                    .replaceFirst("'spec'", "'lifecycle':{'adopt':'IfUnowned'},'spec'");

            world.desire(Docs.of(ZONE, adopts)).converged();

            assertThat(records(world))
                    .singleElement()
                    .satisfies(set -> assertThat(set.resourceRecords())
                            .extracting(ResourceRecord::value)
                            .containsExactly("192.0.2.1"));
        }
    }

    @Test
    void aZoneOfAThousandRecordsIsReadByItsPagesOnlyIfManyAreWanted() {
        try (World world = new World()) {
            List<String> documents = new ArrayList<>(List.of(ZONE));
            world.desire(Docs.of(ZONE)).converged();
            for (int batch = 0; batch < 10; batch++) {
                List<Change> changes = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    String name = "theirs" + (batch * 100 + i) + ".example.com";
                    changes.add(Change.builder()
                            .action(ChangeAction.CREATE)
                            .resourceRecordSet(s ->
                                    s.name(name).type(RRType.A).ttl(60L).resourceRecords(v -> v.value("192.0.2.7")))
                            .build());
                }
                world.somebody(Route53Client.class)
                        .changeResourceRecordSets(
                                r -> r.hostedZoneId(zone(world).id()).changeBatch(b -> b.changes(changes)));
            }
            for (int i = 0; i < 2; i++) {
                documents.add(record("z" + i, "z" + i + ".example.com", "A", "'192.0.2.1'"));
            }

            world.desire(Docs.of(documents.toArray(String[]::new))).converged();
            world.run(Duration.ofMinutes(5));
            assertThat(reads(world.pass()))
                    .as("one page, and one read for each of two records")
                    .isEqualTo(3);

            for (int i = 2; i < 15; i++) {
                documents.add(record("z" + i, "z" + i + ".example.com", "A", "'192.0.2.1'"));
            }
            world.desire(Docs.of(documents.toArray(String[]::new)), Docs.UNLIMITED)
                    .converged();
            world.run(Duration.ofMinutes(5));
            assertThat(reads(world.pass())).as("1,017 records, 300 a page").isEqualTo(4);
        }
    }

    private static long reads(PassReport pass) {
        return pass.requests().getOrDefault("route53:ListResourceRecordSets", 0L);
    }
}
