package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Action;
import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/** A record set is replaced in one batch, so that its name always has an answer. */
class RecordExchangeTest {
    private static final String CHANGE = "route53:ChangeResourceRecordSets";
    private static final String ZONE = Docs.document("HostedZone", "main", "'name':'example.com'");

    private static String record(String id, String type, String value, String routing) {
        return Docs.document(
                "RecordSet",
                id,
                "'hostedZoneId':'${HostedZone/main}','name':'www.example.com','type':'" + type
                        + "','ttl':300,'resourceRecords':['" + value + "']" + routing);
    }

    private static String a(String id, String routing) {
        return record(id, "A", "192.0.2.1", routing);
    }

    private static List<ResourceRecordSet> records(World world) {
        Route53Client dns = world.somebody(Route53Client.class);
        String zone = dns.listHostedZones(r -> {}).hostedZones().getFirst().id();
        return dns.listResourceRecordSets(r -> r.hostedZoneId(zone)).resourceRecordSets().stream()
                .filter(s -> s.type() != RRType.NS && s.type() != RRType.SOA)
                .toList();
    }

    private static List<RRType> types(World world) {
        return records(world).stream().map(ResourceRecordSet::type).toList();
    }

    private static List<String> identifiers(World world) {
        return records(world).stream()
                .map(set -> String.valueOf(set.setIdentifier()))
                .toList();
    }

    /** Desires the documents, in one call and without a time in which the name has no answer. */
    private static void inOneCall(World world, String... documents) {
        long before = world.calls(CHANGE);
        converge(world, documents);
        assertThat(world.calls(CHANGE) - before).isEqualTo(1);
    }

    /** Converges, with an answer for the name all the time. */
    private static void converge(World world, String... documents) {
        world.desire(Docs.of(documents), Docs.UNLIMITED).pass();
        List<Boolean> answered = new ArrayList<>();
        world.runUntil(
                () -> {
                    answered.add(!records(world).isEmpty());
                    return world.view().converged();
                },
                Duration.ofMinutes(10));
        assertThat(world.view().converged()).as(world.describe()).isTrue();
        assertThat(answered).doesNotContain(false);
    }

    private static World with(String... documents) {
        World world = new World();
        world.desire(Docs.of(documents), Docs.UNLIMITED).converged();
        return world;
    }

    @Test
    void aRecordBecomesACnameInOneCallAndNeedsNoApproval() {
        try (World world = with(ZONE, a("www", ""))) {
            inOneCall(world, ZONE, record("www", "CNAME", "elsewhere.example.net", ""));

            assertThat(types(world)).containsExactly(RRType.CNAME);
            world.run(Duration.ofMinutes(10));
            assertThat(world.status("RecordSet/www")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void aRecordOfAnotherTypeReplacesTheOldOneInOneCall() {
        try (World world = with(ZONE, a("www", ""))) {
            inOneCall(world, ZONE, record("www", "AAAA", "2001:db8::1", ""));

            assertThat(types(world)).containsExactly(RRType.AAAA);
        }
    }

    @Test
    void thePlanShowsAReplacement() {
        try (World world = with(ZONE, a("www", ""))) {
            world.pause("RecordSet/www", Duration.ofMinutes(30));
            world.desire(Docs.of(ZONE, record("www", "CNAME", "elsewhere.example.net", "")))
                    .pass();

            assertThat(world.step("RecordSet/www").action()).isEqualTo(Action.Replace);
            assertThat(world.step("RecordSet/www").deleteFirst()).isFalse();
        }
    }

    @Test
    void aSimpleRecordBecomesWeightedAndSimpleAgain() {
        try (World world = with(ZONE, a("www", ""))) {
            inOneCall(world, ZONE, a("www", ",'setIdentifier':'blue','weight':10"));
            assertThat(identifiers(world)).containsExactly("blue");

            inOneCall(world, ZONE, a("www", ",'setIdentifier':'green','weight':10"));
            assertThat(identifiers(world)).containsExactly("green");

            inOneCall(world, ZONE, a("www", ""));
            assertThat(identifiers(world)).containsExactly("null");
        }
    }

    @Test
    void aGroupChangesItsRoutingPolicyInOneCall() {
        try (World world = with(
                ZONE, a("one", ",'setIdentifier':'one','weight':10"), a("two", ",'setIdentifier':'two','weight':20"))) {
            inOneCall(
                    world,
                    ZONE,
                    a("one", ",'setIdentifier':'one','region':'eu-west-1'"),
                    a("two", ",'setIdentifier':'two','region':'eu-west-2'"));

            assertThat(records(world)).allSatisfy(set -> {
                assertThat(set.weight()).isNull();
                assertThat(set.region()).isNotNull();
            });
        }
    }

    @Test
    void aGroupChangesItsPolicyAndItsIdentifiersInOneCall() {
        try (World world = with(
                ZONE, a("one", ",'setIdentifier':'one','weight':10"), a("two", ",'setIdentifier':'two','weight':20"))) {
            inOneCall(
                    world,
                    ZONE,
                    a("one", ",'setIdentifier':'one','failover':'PRIMARY'"),
                    a("two", ",'setIdentifier':'second','failover':'SECONDARY'"));

            assertThat(identifiers(world)).containsExactly("one", "second");
        }
    }

    @Test
    void twoRecordsSwapTheirRolesAndTheirRegionsInOneCall() {
        try (World world = with(
                ZONE,
                a("one", ",'setIdentifier':'one','failover':'PRIMARY'"),
                a("two", ",'setIdentifier':'two','failover':'SECONDARY'"))) {
            inOneCall(
                    world,
                    ZONE,
                    a("one", ",'setIdentifier':'one','failover':'SECONDARY'"),
                    a("two", ",'setIdentifier':'two','failover':'PRIMARY'"));
        }
    }

    /** The second record set leaves first; until then, both still answer. */
    @Test
    void aGroupBecomesOneSimpleRecord() {
        try (World world = with(
                ZONE, a("one", ",'setIdentifier':'one','weight':10"), a("two", ",'setIdentifier':'two','weight':20"))) {
            converge(world, ZONE, a("one", ""));

            assertThat(identifiers(world)).containsExactly("null");
        }
    }

    @Test
    void aRecordWhosePolicySomebodyChangedIsHealed() {
        try (World world = with(ZONE, a("one", ",'setIdentifier':'one','weight':10"))) {
            Route53Client dns = world.somebody(Route53Client.class);
            String zone = dns.listHostedZones(r -> {}).hostedZones().getFirst().id();
            ResourceRecordSet theirs = records(world).getFirst().toBuilder()
                    .weight(null)
                    .region("eu-west-1")
                    .build();
            dns.changeResourceRecordSets(r -> r.hostedZoneId(zone)
                    .changeBatch(
                            b -> b.changes(c -> c.action(ChangeAction.UPSERT).resourceRecordSet(theirs))));

            world.run(Duration.ofMinutes(5));

            assertThat(records(world)).singleElement().satisfies(set -> {
                assertThat(set.weight()).isEqualTo(10);
                assertThat(set.region()).isNull();
            });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aProcessThatEndsDuringTheCallLosesNoRecord(boolean takesEffect) {
        try (World world = new World().stateOnTwin()) {
            world.desire(
                            Docs.of(
                                    ZONE,
                                    a("one", ",'setIdentifier':'one','failover':'PRIMARY'"),
                                    a("two", ",'setIdentifier':'two','failover':'SECONDARY'")),
                            Docs.UNLIMITED)
                    .converged();
            String caller = world.caller();
            world.twin
                    .faults()
                    .add(TwinFaultRule.on(CHANGE, new TwinFault.CutAtWrite(1, takesEffect))
                            .by(caller));
            world.desire(
                    Docs.of(
                            ZONE,
                            a("one", ",'setIdentifier':'first','failover':'SECONDARY'"),
                            a("two", ",'setIdentifier':'second','failover':'PRIMARY'")),
                    Docs.UNLIMITED);
            world.runUntil(() -> world.twin.faults().isCutOff(caller), Duration.ofMinutes(10));
            assertThat(world.twin.faults().isCutOff(caller)).isTrue();
            world.restart().converged();

            assertThat(identifiers(world)).containsExactly("first", "second");
            world.desire(Docs.of(ZONE), Docs.UNLIMITED).converged();
            assertThat(records(world)).isEmpty();
        }
    }
}
