package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.FieldChange;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * A foreign value that takes the place of a desired one is part of the drift report: a record that pointed elsewhere
 * names the address, although the documents declare no address.
 */
class DisplacedValuesTest {
    private static List<String> repaired(World world, String resource) {
        return world.view().drift().stream()
                .filter(item -> item.resource().toString().equals(resource))
                .flatMap(item -> item.fields().stream())
                .map(DisplacedValuesTest::line)
                .toList();
    }

    private static String line(FieldChange change) {
        return change.words() + ": " + change.observed() + " -> " + change.desired();
    }

    @Test
    void anAddressInPlaceOfAnAliasIsReported() {
        try (World world = new World()) {
            world.desire(Docs.of(
                            Docs.document("HostedZone", "main", "'name':'example.com'"),
                            Docs.document("RecordSet", "target", """
                                    'hostedZoneId':'${HostedZone/main}','name':'target.example.com','type':'A','ttl':60,
                                    'resourceRecords':['192.0.2.1']"""),
                            Docs.document("RecordSet", "www", """
                                    'hostedZoneId':'${HostedZone/main}','name':'www.example.com','type':'A',
                                    'aliasTarget':{'hostedZoneId':'${HostedZone/main}','dnsName':'target.example.com',
                                    'evaluateTargetHealth':false}""")))
                    .converged();
            Route53Client dns = world.somebody(Route53Client.class);
            String zone = dns.listHostedZones(r -> {}).hostedZones().getFirst().id();

            dns.changeResourceRecordSets(r -> r.hostedZoneId(zone)
                    .changeBatch(b -> b.changes(c -> c.action(ChangeAction.UPSERT)
                            .resourceRecordSet(s -> s.name("www.example.com")
                                    .type(RRType.A)
                                    .ttl(30L)
                                    .resourceRecords(v -> v.value("203.0.113.9"))))));
            world.run(Duration.ofMinutes(2));

            assertThat(repaired(world, "RecordSet/www"))
                    .anyMatch(line -> line.startsWith("aliasTarget: null -> "))
                    .contains("resourceRecords: [\"203.0.113.9\"] -> null", "ttl: 30 -> null")
                    .hasSize(3);
            long writes = world.calls("route53:ChangeResourceRecordSets");
            world.run(Duration.ofMinutes(10));
            assertThat(world.calls("route53:ChangeResourceRecordSets")).isEqualTo(writes);
        }
    }

    @Test
    void aScheduleInPlaceOfAnotherIsReported() {
        try (World world = new World()) {
            world.desire(SecretRotationTest.docs("")).converged();

            world.somebody(SecretsManagerClient.class)
                    .rotateSecret(r -> r.secretId("Dev/db")
                            .rotateImmediately(false)
                            .rotationRules(rules -> rules.automaticallyAfterDays(900L)));
            world.run(Duration.ofMinutes(2));

            assertThat(repaired(world, "SecretRotation/db"))
                    .contains(
                            "rotationRules: scheduleExpression: null -> \"cron(0 2 ? * SUN *)\"",
                            "rotationRules: automaticallyAfterDays: 900 -> null");
        }
    }

    @Test
    void aRouteThroughAnotherGatewayIsReported() {
        try (World world = new World()) {
            world.desire(Docs.of(
                            Docs.document("Vpc", "main", "'cidrBlock':'10.0.0.0/16'"),
                            Docs.document("InternetGateway", "main", "'vpcId':'${Vpc/main}'"),
                            Docs.document("RouteTable", "main", """
                                    'vpcId':'${Vpc/main}','routes':[
                                    {'destinationCidrBlock':'0.0.0.0/0','gatewayId':'${InternetGateway/main}'}]""")))
                    .converged();
            Ec2Client ec2 = world.somebody(Ec2Client.class);
            String table = world.resource("RouteTable/main").physicalId();
            String vpc = world.resource("Vpc/main").physicalId();
            String subnet = ec2.createSubnet(r -> r.vpcId(vpc).cidrBlock("10.0.9.0/24"))
                    .subnet()
                    .subnetId();
            String address = ec2.allocateAddress(r -> {}).allocationId();
            String nat = ec2.createNatGateway(r -> r.subnetId(subnet).allocationId(address))
                    .natGateway()
                    .natGatewayId();

            ec2.replaceRoute(
                    r -> r.routeTableId(table).destinationCidrBlock("0.0.0.0/0").natGatewayId(nat));
            world.run(Duration.ofMinutes(2));

            assertThat(repaired(world, "RouteTable/main"))
                    .anyMatch(line -> line.endsWith("natGatewayId: \"" + nat + "\" -> null"));
        }
    }
}
