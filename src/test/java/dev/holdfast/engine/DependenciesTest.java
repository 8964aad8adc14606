package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.LoggedRequest;
import dev.holdfast.twin.TwinFault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** The order in which resources wait for each other, and the steps that continue after a failure. */
class DependenciesTest {
    private static final Duration SOON = Duration.ofMinutes(5);

    private static List<Instant> calls(World world, String operation) {
        return world.twin.log().requests().stream()
                .filter(r -> r.operation().equals(operation) && "holdfast".equals(r.app()))
                .map(LoggedRequest::at)
                .toList();
    }

    /** The pauses between the tries of the engine. The SDK's own retries come within a second and do not count. */
    private static List<Duration> pauses(World world, String operation) {
        List<Instant> tries = new ArrayList<>();
        for (Instant call : calls(world, operation)) {
            if (tries.isEmpty() || Duration.between(tries.getLast(), call).compareTo(Duration.ofSeconds(1)) > 0) {
                tries.add(call);
            }
        }
        List<Duration> pauses = new ArrayList<>();
        for (int i = 1; i < tries.size(); i++) {
            pauses.add(Duration.between(tries.get(i - 1), tries.get(i)));
        }
        return pauses;
    }

    @Test
    void firstUseWaitsUntilWhatItUsesIsReady() {
        try (World world = new World()) {
            world.desire(Docs.service("app:1.0.0", 60));
            world.run(Duration.ofSeconds(60));

            assertThat(world.status("LoadBalancer/main")).isEqualTo(Status.Progressing);
            assertThat(world.status("Listener/http")).isEqualTo(Status.Waiting);
            assertThat(world.resource("Listener/http").reason()).hasToString("DependencyNotReady");
            assertThat(world.resource("Listener/http").message()).contains("LoadBalancer/main");
            assertThat(calls(world, "elasticloadbalancing:CreateListener")).isEmpty();
            world.converged();
            Instant ready = world.clock.instant();
            assertThat(calls(world, "elasticloadbalancing:CreateListener"))
                    .singleElement()
                    .satisfies(at -> {
                        assertThat(at).isAfterOrEqualTo(Instant.parse("2026-01-01T00:02:00Z"));
                        assertThat(at).isBefore(ready);
                    });
        }
    }

    /**
     * AWS denies the change of the VPC. The drifted rule of the second group, which refers to the first group, is
     * repaired all the same.
     */
    @Test
    void aRepairNeverWaits() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""), Docs.group("a", "a", ""), Docs.groupOf("b", "a"), Docs.alarm("c", 1)))
                    .converged();
            world.clock.advance(Duration.ofMinutes(1));
            String vpc = world.resource("Vpc/main").physicalId();
            String b = world.resource("SecurityGroup/b").physicalId();
            Ec2Client ec2 = world.somebody(Ec2Client.class);
            ec2.modifyVpcAttribute(r -> r.vpcId(vpc).enableDnsSupport(v -> v.value(false)));
            ec2.revokeSecurityGroupIngress(r -> r.groupId(b)
                    .securityGroupRuleIds(ec2
                            .describeSecurityGroupRules(
                                    q -> q.filters(f -> f.name("group-id").values(b)))
                            .securityGroupRules()
                            .stream()
                            .filter(rule -> !rule.isEgress())
                            .map(rule -> rule.securityGroupRuleId())
                            .toList()));
            world.twin.faults().add("ec2:ModifyVpcAttribute", new TwinFault.Deny());
            world.desire(Docs.of(
                    Docs.vpc("").replace("'cidrBlock'", "'enableDnsSupport':true,'cidrBlock'"),
                    Docs.group("a", "a", ""),
                    Docs.groupOf("b", "a"),
                    Docs.alarm("c", 1)));

            world.run(Duration.ofMinutes(2));

            assertThat(world.status("Vpc/main")).as(world.describe()).isEqualTo(Status.Failed);
            assertThat(world.status("SecurityGroup/b")).as(world.describe()).isEqualTo(Status.Synced);
        }
    }

    @Test
    void aStalledDependencyDoesNotChangeWhoHasNothingToDo() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""), Docs.group("a", "a", "")), "").converged();
            world.desire(Docs.of(
                    Docs.vpc("'lifecycle':{'onReplace':'Never'},").replace("10.0.0.0", "10.1.0.0"),
                    Docs.group("a", "a", ""),
                    Docs.group("new", "new", "")));

            world.run(SOON);

            assertThat(world.status("Vpc/main")).isEqualTo(Status.Stalled);
            assertThat(world.status("SecurityGroup/a")).as(world.describe()).isEqualTo(Status.Synced);
            assertThat(world.status("SecurityGroup/new")).as(world.describe()).isEqualTo(Status.Waiting);
        }
    }

    @Test
    void independentWorkGoesOnWhateverFails() {
        try (World world = new World()) {
            world.refuse("ec2:CreateVpc", 400, "VpcLimitExceeded", "the maximum is reached");

            world.desire(Docs.of(Docs.vpc(""), Docs.group("a", "a", ""), Docs.alarm("b", 1)));
            world.run(SOON);

            assertThat(world.status("Vpc/main")).as(world.describe()).isEqualTo(Status.Failed);
            assertThat(world.resource("Vpc/main").retryAt()).isNotNull();
            assertThat(world.status("SecurityGroup/a")).isEqualTo(Status.Waiting);
            assertThat(world.status("Alarm/b")).isEqualTo(Status.Synced);
            world.twin.faults().clear();
            world.converged();
        }
    }

    /**
     * A VPC has no unique name. After a lost answer the engine searches for the new VPC before it repeats the create; a
     * throttled call created nothing.
     */
    @Test
    void aThrottledCreateIsTriedAgainSoonOneWithoutAnAnswerIsLookedForFirst() {
        try (World world = new World()) {
            world.twin.faults().add("ec2:CreateVpc", new TwinFault.Throttle());
            world.desire(Docs.of(Docs.vpc("")));
            world.run(Duration.ofSeconds(30));
            assertThat(world.status("Vpc/main")).as(world.describe()).isEqualTo(Status.Failed);
            assertThat(pauses(world, "ec2:CreateVpc")).hasSizeGreaterThan(1);

            world.twin.faults().clear();
            world.twin.faults().add("ec2:CreateVpc", new TwinFault.Cut());
            world.run(Duration.ofMinutes(2));
            assertThat(world.status("Vpc/main")).isEqualTo(Status.Unknown);
            int tries = calls(world, "ec2:CreateVpc").size();
            world.twin.faults().clear();
            world.run(Duration.ofMinutes(2));
            assertThat(calls(world, "ec2:CreateVpc")).hasSize(tries);
            world.converged();
            assertThat(calls(world, "ec2:CreateVpc")).hasSize(tries + 1);
        }
    }

    @Test
    void whatAwsCannotDoJustNowIsTriedAtGrowingPauses() {
        try (World world = new World()) {
            world.twin.faults().add("cloudwatch:PutMetricAlarm", new TwinFault.Fail());
            world.desire(Docs.of(Docs.alarm("a", 1)));

            world.run(Duration.ofMinutes(30));

            List<Duration> pauses = pauses(world, "cloudwatch:PutMetricAlarm");
            assertThat(pauses.getFirst()).isLessThan(Duration.ofSeconds(4));
            assertThat(pauses.getLast()).isBetween(Duration.ofMinutes(3), Duration.ofMinutes(6));
            assertThat(world.status("Alarm/a")).isEqualTo(Status.Failed);
            assertThat(world.resource("Alarm/a").reason()).hasToString("TRANSIENT");
        }
    }

    @Test
    void whatIsThrottledToo() {
        try (World world = new World()) {
            world.twin.faults().add("cloudwatch:PutMetricAlarm", new TwinFault.Throttle());
            world.desire(Docs.of(Docs.alarm("a", 1)));

            world.run(Duration.ofMinutes(30));

            assertThat(pauses(world, "cloudwatch:PutMetricAlarm").getLast())
                    .isBetween(Duration.ofMinutes(3), Duration.ofMinutes(6));
            assertThat(world.resource("Alarm/a").reason()).hasToString("THROTTLED");
        }
    }

    @Test
    void whatIsDeniedIsTriedEveryFiveMinutes() {
        try (World world = new World()) {
            world.twin.faults().add("cloudwatch:PutMetricAlarm", new TwinFault.Deny());
            world.desire(Docs.of(Docs.alarm("a", 1)));

            world.run(Duration.ofMinutes(31));

            assertThat(pauses(world, "cloudwatch:PutMetricAlarm"))
                    .hasSizeBetween(5, 6)
                    .allMatch(p -> p.compareTo(Duration.ofMinutes(5)) >= 0 && p.compareTo(Duration.ofMinutes(6)) < 0);
            assertThat(world.resource("Alarm/a").reason()).hasToString("DENIED");
        }
    }

    @Test
    void whatIsBusyIsTriedEveryFifteenSeconds() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarm("a", 1)));
            world.refuse("cloudwatch:PutMetricAlarm", 409, "ConcurrentModificationException", "somebody else is at it");

            world.run(Duration.ofMinutes(3));

            assertThat(pauses(world, "cloudwatch:PutMetricAlarm"))
                    .hasSizeGreaterThan(6)
                    .allMatch(p -> p.compareTo(Duration.ofSeconds(15)) >= 0 && p.compareTo(Duration.ofSeconds(20)) < 0);
            assertThat(world.resource("Alarm/a").reason()).hasToString("CONFLICT");
        }
    }

    @Test
    void whatIsOverAQuotaIsTriedAgainInMinutes() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarm("a", 1)));
            world.refuse("cloudwatch:PutMetricAlarm", 400, "LimitExceeded", "too many alarms");

            world.run(Duration.ofMinutes(16));

            assertThat(pauses(world, "cloudwatch:PutMetricAlarm"))
                    .hasSizeGreaterThan(1)
                    .allMatch(p -> p.compareTo(Duration.ofMinutes(5)) >= 0);
            assertThat(world.resource("Alarm/a").reason()).hasToString("QUOTA");
        }
    }

    /** AWS rejects the document for ever, as long as it is unchanged. */
    @Test
    void whatIsInvalidStallsUntilItsDocumentChanges() {
        try (World world = new World()) {
            String bad = """
                {'apiVersion':'holdfast.dev/v1','kind':'Subnet','metadata':{'name':'a'},'spec':{
                  'vpcId':'${Vpc/main}','cidrBlock':'10.0.0.0/24','availabilityZone':'%s'}}
                """;
            world.desire(Docs.of(Docs.vpc(""), bad.formatted("eu-west-2z"), Docs.alarm("b", 1)));
            world.run(Duration.ofHours(1));

            assertThat(calls(world, "ec2:CreateSubnet")).hasSize(1);
            assertThat(world.status("Subnet/a")).isEqualTo(Status.Stalled);
            assertThat(world.resource("Subnet/a").reason()).hasToString("Invalid");
            assertThat(world.status("Alarm/b")).isEqualTo(Status.Synced);
            world.desire(Docs.of(Docs.vpc(""), bad.formatted("eu-west-2z"), Docs.alarm("b", 2)));
            world.run(SOON);
            assertThat(calls(world, "ec2:CreateSubnet")).hasSize(1);

            world.desire(Docs.of(Docs.vpc(""), bad.formatted("eu-west-2a"), Docs.alarm("b", 2)))
                    .converged();
        }
    }

    /** AWS refuses a change for ever. Drift of the same resource is repaired all the same, and the change stays stalled. */
    @Test
    void driftIsRepairedBesideARefusedChange() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""), Docs.openTo("web", "10.0.0.0/16", "a")))
                    .converged();
            world.clock.advance(EngineConstants.WRITE_VISIBLE);
            world.refuse("ec2:UpdateSecurityGroupRuleDescriptionsIngress", 400, "InvalidParameterValue", "no");
            world.desire(Docs.of(Docs.vpc(""), Docs.openTo("web", "10.0.0.0/16", "b")))
                    .run(SOON);
            assertThat(world.status("SecurityGroup/web")).isEqualTo(Status.Stalled);
            String id = world.resource("SecurityGroup/web").physicalId();
            Ec2Client ec2 = world.somebody(Ec2Client.class);

            OpenedPort.toInternet(ec2, id, 22);
            world.run(Duration.ofMinutes(2));

            assertThat(OpenedPort.rules(ec2, id))
                    .singleElement()
                    .satisfies(rule -> assertThat(rule.fromPort()).isEqualTo(80));
            assertThat(world.status("SecurityGroup/web")).isEqualTo(Status.Stalled);
            assertThat(calls(world, "ec2:UpdateSecurityGroupRuleDescriptionsIngress"))
                    .hasSize(1);
            assertThat(world.resource("SecurityGroup/web").message()).contains("InvalidParameterValue");
        }
    }

    @Test
    void aFailedReadOfADependencyHoldsUpWhoWouldUseItOnly() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""), Docs.alarm("b", 1))).converged();
            world.twin.faults().add("ec2:DescribeVpcs", new TwinFault.Deny());
            world.desire(Docs.of(Docs.vpc(""), Docs.group("a", "a", ""), Docs.alarm("b", 2)));

            world.run(SOON);

            assertThat(world.status("Vpc/main")).isEqualTo(Status.Unknown);
            assertThat(world.status("SecurityGroup/a")).isEqualTo(Status.Waiting);
            assertThat(world.resource("SecurityGroup/a").reason()).hasToString("DependencyUnknown");
            assertThat(world.status("Alarm/b")).isEqualTo(Status.Synced);
        }
    }
}
