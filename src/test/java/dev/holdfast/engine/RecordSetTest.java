package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.alerts.WorldAlerts;
import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/** The names of aliases, and a zone that is busy with another change. */
class RecordSetTest {
    private static final String CHANGE = "route53:ChangeResourceRecordSets";
    private static final String ZONE = Docs.document("HostedZone", "main", "'name':'example.com'");

    private static String alias(String dnsName) {
        return Docs.of(ZONE, Docs.document("RecordSet", "www", """
                'hostedZoneId':'${HostedZone/main}','name':'www.example.com','type':'AAAA',
                'aliasTarget':{'hostedZoneId':'ZHURV8PSTC4K8','dnsName':'%s','evaluateTargetHealth':true}""".formatted(dnsName)));
    }

    private static String zone(World world) {
        return world.resource("HostedZone/main").physicalId();
    }

    private static List<ResourceRecordSet> records(World world) {
        return world
                .somebody(Route53Client.class)
                .listResourceRecordSets(r -> r.hostedZoneId(zone(world)))
                .resourceRecordSets()
                .stream()
                .filter(s -> s.type() != RRType.NS && s.type() != RRType.SOA)
                .toList();
    }

    /**
     * Route 53 answers with lower case and with a dot at the end.
     *
     * @see <a href="https://github.com/hashicorp/terraform-provider-aws/issues/360">a difference that never ended</a>
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "dualstack.Shop-ALB-123.eu-west-2.elb.amazonaws.com",
                "DualStack.shop-alb-123.EU-West-2.elb.amazonaws.com.",
                "dualstack.shop-alb-123.eu-west-2.elb.amazonaws.com."
            })
    void theNameOfAnAliasMayBeWrittenInAnyForm(String dnsName) {
        try (World world = new World()) {
            world.desire(alias(dnsName)).converged();
            assertThat(records(world).getFirst().aliasTarget().dnsName())
                    .isEqualTo("dualstack.shop-alb-123.eu-west-2.elb.amazonaws.com.");
            long written = world.writeCount();

            world.run(Duration.ofMinutes(15));

            assertThat(world.writeCount() - written).isZero();
            assertThat(world.status("RecordSet/www")).isEqualTo(Status.Synced);
            assertThat(world.view().drift()).isEmpty();
        }
    }

    /**
     * Without the prefix, a load balancer answers no query of the type AAAA: the prefix is part of the name.
     *
     * @see <a href="https://github.com/hashicorp/terraform-provider-aws/pull/10672">the prefix is significant</a>
     */
    @Test
    void thePrefixDualstackThatSomebodyRemovesIsPutBack() {
        try (World world = new World()) {
            world.desire(alias("dualstack.shop.eu-west-2.elb.amazonaws.com")).converged();
            ResourceRecordSet without = records(world).getFirst().toBuilder()
                    .aliasTarget(a -> a.hostedZoneId("ZHURV8PSTC4K8")
                            .dnsName("shop.eu-west-2.elb.amazonaws.com")
                            .evaluateTargetHealth(true))
                    .build();
            world.somebody(Route53Client.class)
                    .changeResourceRecordSets(r -> r.hostedZoneId(zone(world))
                            .changeBatch(b ->
                                    b.changes(c -> c.action(ChangeAction.UPSERT).resourceRecordSet(without))));

            world.run(Duration.ofMinutes(2));

            assertThat(records(world).getFirst().aliasTarget().dnsName())
                    .isEqualTo("dualstack.shop.eu-west-2.elb.amazonaws.com.");
        }
    }

    /**
     * Route 53 accepts one batch of a zone at a time. Each batch that it refuses meanwhile is sent again soon, however
     * often that happens.
     *
     * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html">PriorRequestNotComplete</a>
     */
    @Test
    void aBusyZoneIsNoFailureOfItsRecords() {
        try (World world = new World()) {
            world.desire(Docs.of(ZONE)).converged();
            WorldAlerts alerts = new WorldAlerts(world);
            world.twin
                    .faults()
                    .add(TwinFaultRule.on(
                                    CHANGE,
                                    new TwinFault.Refuse(
                                            400,
                                            "PriorRequestNotComplete",
                                            "The request was rejected because Route 53 was still processing a prior request."))
                            .times(150));
            String[] documents = Stream.concat(
                            Stream.of(ZONE),
                            IntStream.range(0, 4).mapToObj(i -> Docs.document("RecordSet", "r" + i, """
                                            'hostedZoneId':'${HostedZone/main}','name':'r%s.example.com','type':'A',
                                            'ttl':60,'resourceRecords':['192.0.2.1']""".formatted(i))))
                    .toArray(String[]::new);
            world.desire(Docs.of(documents));
            Instant begun = world.clock.instant();
            world.afterPass = () -> {
                alerts.pass();
                assertThat(world.view().resources().values())
                        .as("busy at %s", Duration.between(begun, world.clock.instant()))
                        .noneMatch(r -> r.status() == Status.Stalled);
            };

            world.runUntil(() -> records(world).size() == 4, Duration.ofMinutes(5));

            assertThat(records(world)).hasSize(4);
            assertThat(alerts.sent()).isEmpty();
        }
    }
}
