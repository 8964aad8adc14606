package dev.holdfast.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.PolicyFixtures;
import dev.holdfast.engine.World;
import dev.holdfast.model.Condition;
import dev.holdfast.model.Event;
import dev.holdfast.model.Guardrails.GuardrailsState.ActiveGuardrails;
import dev.holdfast.model.Guardrails.GuardrailsState.UnreadableGuardrails;
import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.sns.TwinSns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.sns.SnsClient;

/** The alerts that follow from the work of the real engine. */
class AlertedEngineTest {
    private final FakeSink sink = new FakeSink("test");
    private final List<Alert> told = sink.alerts;

    private AlertService alerts(World world) {
        return new AlertService(world.store, world.clock, List.of(sink), Runnable::run);
    }

    /** Runs the due passes as time goes by, and sends the alerts after each pass. */
    private static void run(World world, AlertService alerts, Duration time) {
        Instant end = world.clock.instant().plus(time);
        while (world.clock.instant().isBefore(end)) {
            world.reconciler().run();
            alerts.passed(world.view(), world.reconciler().events(), 1);
            alerts.tick(stack -> true);
            Duration gap =
                    Duration.between(world.clock.instant(), world.reconciler().nextLookAt());
            world.clock.advance(gap.compareTo(Duration.ofMillis(100)) < 0 ? Duration.ofMillis(100) : gap);
        }
    }

    private List<String> told() {
        return told.stream()
                .map(a -> a.phase() + " " + a.resource() + " " + a.reason())
                .toList();
    }

    @Test
    void aRolloutThatFailsIsOneAlertInEcssWordsAndOverWhenTheImageIsRight() throws IOException {
        try (World world = new World()) {
            Path root = Path.of("desired-state");
            world.desireDirectory(root, "dev").converged();
            AlertService alerts = alerts(world);
            String stack = Files.readString(root.resolve("dev/stack.json"));

            world.file("dev/stack.json", stack.replace("api:1.0.0", "api:bad"));
            world.reconciler().requestFull();
            run(world, alerts, Duration.ofMinutes(25));
            assertThat(told()).as(world.describe()).containsExactly("Began EcsService/api RolloutFailed");
            assertThat(told.getFirst().message()).contains("CannotPullContainerError");
            assertThat(told.getFirst().severity()).isEqualTo(Alert.AlertSeverity.Critical);

            world.file("dev/stack.json", stack.replace("api:1.0.0", "api:1.0.1"));
            world.reconciler().requestFull();
            run(world, alerts, Duration.ofMinutes(15));
            assertThat(world.status("EcsService/api")).isEqualTo(Status.Synced);
            assertThat(told())
                    .containsExactly("Began EcsService/api RolloutFailed", "Over EcsService/api RolloutFailed");
        }
    }

    /** A world with a VPC, and with guardrails, which are returned. */
    private static ActiveGuardrails guardedVpc(World world) {
        ActiveGuardrails good = (ActiveGuardrails) PolicyFixtures.guardrails();
        world.guardrails = good;
        world.desire("[{'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},"
                        + "'spec':{'cidrBlock':'10.0.0.0/16'}}]")
                .converged();
        return good;
    }

    @Test
    void guardrailsThatCannotBeReadAreOneAlertThatEndsWhenTheyCan() {
        try (World world = new World()) {
            ActiveGuardrails good = guardedVpc(world);
            AlertService alerts = alerts(world);
            run(world, alerts, Duration.ofMinutes(5));
            assertThat(told()).isEmpty();

            world.guardrails = good.outdated("s3: AccessDenied");
            run(world, alerts, Duration.ofMinutes(15));

            assertThat(told()).containsExactly("Began null GuardrailsOutdated");
            assertThat(told.getFirst().severity()).isEqualTo(Alert.AlertSeverity.Critical);
            assertThat(told.getFirst().message()).contains("as they were read last", "AccessDenied");
            world.guardrails = good;
            run(world, alerts, Duration.ofMinutes(15));
            assertThat(told()).containsExactly("Began null GuardrailsOutdated", "Over null GuardrailsOutdated");
        }
    }

    /** A new process has never read the guardrails, so that it enforces none: the problem is not over. */
    @Test
    void aRestartEndsNoAlertOfGuardrailsThatStillCannotBeRead() {
        try (World world = new World()) {
            ActiveGuardrails good = guardedVpc(world);
            AlertService alerts = alerts(world);
            world.guardrails = good.outdated("s3: AccessDenied");
            run(world, alerts, Duration.ofMinutes(15));
            assertThat(told()).containsExactly("Began null GuardrailsOutdated");

            world.guardrails = new UnreadableGuardrails(good.location(), "s3: AccessDenied");
            world.restart();
            alerts = alerts(world);
            run(world, alerts, Duration.ofMinutes(15));

            assertThat(world.view().plan()).as("a pass has planned").isNotNull();
            assertThat(told()).doesNotContain("Over null GuardrailsOutdated");
            world.guardrails = good;
            run(world, alerts, Duration.ofMinutes(15));
            assertThat(told())
                    .filteredOn(t -> t.endsWith("GuardrailsOutdated"))
                    .containsExactly("Began null GuardrailsOutdated", "Over null GuardrailsOutdated");
        }
    }

    @Test
    void repairedDriftATakenNameAndADenialAreToldAcrossARestart() {
        try (World world = new World()) {
            String vpc = """
                {'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},
                 'spec':{'cidrBlock':'10.0.0.0/16','enableDnsHostnames':true}}""";
            String logs = """
                {'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'l'},'spec':{'logGroupName':'/taken'}}""";
            world.desire("[" + vpc + "]").converged();
            AlertService alerts = alerts(world);
            run(world, alerts, Duration.ofMinutes(2));
            assertThat(told()).isEmpty();

            String id = String.valueOf(world.resource("Vpc/main").physicalId());
            world.somebody(Ec2Client.class)
                    .modifyVpcAttribute(r -> r.vpcId(id).enableDnsHostnames(b -> b.value(false)));
            world.somebody(software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient.class)
                    .createLogGroup(r -> r.logGroupName("/taken"));
            world.desire("[" + vpc + "," + logs + "]");
            world.reconciler().requestFull();
            run(world, alerts, Duration.ofMinutes(5));
            assertThat(told())
                    .as(world.describe())
                    .containsExactlyInAnyOrder("Happened Vpc/main DriftRepaired", "Began LogGroup/l NameTaken");
            assertThat(world.events.stream().map(Event::severity)).contains(Event.Severity.Alert);

            world.restart();
            alerts = alerts(world);
            run(world, alerts, Duration.ofMinutes(5));
            assertThat(told()).hasSize(2);

            world.desire("[" + vpc + "]");
            world.twin.faults().add("ec2:DescribeVpcs", new TwinFault.Deny());
            world.reconciler().requestFull();
            run(world, alerts, Duration.ofMinutes(20));
            assertThat(told().subList(2, told.size()))
                    .as(world.describe())
                    .containsExactly(
                            "Over LogGroup/l NameTaken",
                            // The search for orphans makes the same call.
                            "Began null OrphanSearchFailed",
                            "Began Vpc/main ReadFailed");
        }
    }

    private static final String GROUP = """
        [{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'l'},'spec':{}}]""";

    /** The alerts of a stack whose newest revision was refused three minutes ago. */
    private AlertService refused(World world) {
        world.desire(GROUP).converged();
        AlertService alerts = alerts(world);
        world.desire(GROUP.replace("'spec':{}", "'spec':{'nonsense':1}"));
        world.reconciler().requestFull();
        run(world, alerts, Duration.ofMinutes(3));
        return alerts;
    }

    @Test
    void aRevisionThatIsRefusedAndAStackThatVanishesAreTold() {
        try (World world = new World()) {
            AlertService alerts = refused(world);
            world.file("test/stack.json", null);
            world.reconciler().requestFull();
            run(world, alerts, Duration.ofMinutes(3));
            world.desire(GROUP);
            world.reconciler().requestFull();
            run(world, alerts, Duration.ofMinutes(3));

            assertThat(told())
                    .containsExactlyInAnyOrder(
                            "Began null RevisionRefused",
                            "Over null RevisionRefused",
                            "Began null Unmanaged",
                            "Over null Unmanaged");
            assertThat(told.getFirst().message()).contains("nonsense", "the last good revision stays enforced");
        }
    }

    /** A synced prefix takes effect only after a minute without a change: until then, a new process knows nothing. */
    @Test
    void aRefusedRevisionIsNotOverBecauseTheNextProcessCannotReadTheDesiredStateYet() {
        try (World world = new World()) {
            AlertService alerts = refused(world);

            world.settling(true).restart();
            alerts = alerts(world);
            run(world, alerts, Duration.ofMinutes(1));
            assertThat(told()).containsExactly("Began null RevisionRefused");
            assertThat(world.view().conditions()).extracting(Condition::reason).containsExactly("DesiredStateChanging");
            world.settling(false);
            world.reconciler().requestFull();
            run(world, alerts, Duration.ofMinutes(3));

            assertThat(told()).containsExactly("Began null RevisionRefused");
            world.desire(GROUP);
            world.reconciler().requestFull();
            run(world, alerts, Duration.ofMinutes(1));
            assertThat(told()).containsExactly("Began null RevisionRefused", "Over null RevisionRefused");
        }
    }

    @Test
    void cloudWatchIsToldOfEveryStackOnceAMinuteOverTheWire() {
        try (World world = new World()) {
            world.desire("""
                    [{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'l'},'spec':{}}]""").converged();
            AlertService alerts = alerts(world);
            CloudWatchClient client = world.strangerOverHttp().client(CloudWatchClient.class);
            CloudWatchMetrics metrics =
                    new CloudWatchMetrics(client, "inst", alerts::openOf, world.clock, Runnable::run);
            Instant start = world.clock.instant();
            for (int second = 0; second < 150; second++) {
                metrics.tick(List.of(world.reconciler()));
                world.clock.advance(Duration.ofSeconds(1));
            }

            var published = client.listMetrics(r -> r.namespace("Holdfast")
                            .dimensions(
                                    d -> d.name("Installation").value("inst"),
                                    d -> d.name("Stack").value("test")))
                    .metrics();
            assertThat(published).hasSize(4 + Status.values().length);
            assertThat(Set.copyOf(published.stream().map(m -> m.metricName()).toList()))
                    .containsExactlyInAnyOrder(
                            "SecondsSinceLastGoodPass", "DriftItems", "StepsHeld", "AlertsOpen", "Resources");
            var seconds = client.getMetricData(r -> r.startTime(start.minusSeconds(60))
                            .endTime(start.plusSeconds(300))
                            .metricDataQueries(q -> q.id("q")
                                    .metricStat(s -> s.stat("SampleCount")
                                            .period(60)
                                            .metric(published.stream()
                                                    .filter(m -> m.metricName().equals("SecondsSinceLastGoodPass"))
                                                    .findFirst()
                                                    .orElseThrow()))))
                    .metricDataResults()
                    .getFirst();
            assertThat(seconds.values()).containsExactly(1.0, 1.0, 1.0);
            assertThat(world.twin.log().counts(c -> c.operation().equals("cloudwatch:PutMetricData")))
                    .containsValue(3L);
            assertThat(world.account()
                            .service(World.REGION, dev.holdfast.twin.cloudwatch.TwinCloudWatch.class)
                            .lastValue(
                                    "Holdfast",
                                    "Resources",
                                    Map.of("Installation", "inst", "Stack", "test", "Status", "Synced")))
                    .isEqualTo(1.0);
        }
    }

    @Test
    void aCloudWatchThatTakesNothingIsReportedOnceAndThenThatItDoesAgain() {
        try (World world = new World()) {
            world.desire("[]");
            world.pass();
            CloudWatchMetrics metrics = new CloudWatchMetrics(
                    world.strangerOverHttp().client(CloudWatchClient.class),
                    "inst",
                    stack -> 0,
                    world.clock,
                    Runnable::run);
            world.twin.faults().add("cloudwatch:PutMetricData", new TwinFault.Deny());
            for (int minute = 0; minute < 3; minute++) {
                metrics.tick(List.of(world.reconciler()));
                world.clock.advance(Duration.ofMinutes(1));
            }
            assertThat(metrics.status().failures()).isEqualTo(3);
            assertThat(metrics.status().failure()).contains("AccessDenied");

            world.twin.faults().clear();
            metrics.tick(List.of(world.reconciler()));

            assertThat(world.events.stream().map(Event::reason))
                    .containsSubsequence("MetricsNotDelivered", "MetricsDelivered")
                    .containsOnlyOnce("MetricsNotDelivered");
            assertThat(metrics.status().failure()).isNull();
        }
    }

    @Test
    void aTopicThatIsMadeLateGetsWhatWaitedForItOverTheWire() {
        try (World world = new World()) {
            world.desire("[]");
            world.pass();
            String arn = "arn:aws:sns:eu-west-2:" + World.ACCOUNT + ":alerts";
            SnsSink sns = new SnsSink(world.strangerOverHttp().client(SnsClient.class), arn, "inst");
            AlertService alerts = new AlertService(world.store, world.clock, List.of(sns), Runnable::run);

            alerts.passed(
                    Views.of().condition("Unmanaged", "there is no HEAD").view(),
                    world.reconciler().events(),
                    1);
            alerts.tick(stack -> true);
            assertThat(alerts.sinks().getFirst().failure()).startsWith("NotFound");

            world.somebody(SnsClient.class).createTopic(r -> r.name("alerts"));
            world.clock.advance(Duration.ofMinutes(1));
            alerts.tick(stack -> true);

            TwinSns twin = world.account().service(World.REGION, TwinSns.class);
            assertThat(twin.published()).singleElement().satisfies(m -> {
                assertThat(m.topicArn()).isEqualTo(arn);
                assertThat(m.subject()).isEqualTo("Critical: prod Unmanaged");
                assertThat(m.text()).contains("there is no HEAD");
            });
        }
    }

    @Test
    void aFilterForOneResourceTakesWhatIsToldOfItAmongOthers() {
        try (World world = new World()) {
            SnsClient aws = world.somebody(SnsClient.class);
            String arn = aws.createTopic(r -> r.name("alerts")).topicArn();
            String ofB = subscription(aws, arn, "Vpc/b");
            String ofC = subscription(aws, arn, "Vpc/c");
            SnsSink sns = new SnsSink(world.strangerOverHttp().client(SnsClient.class), arn, "inst");
            AlertService alerts = new AlertService(world.store, world.clock, List.of(sns), Runnable::run);

            alerts.passed(
                    Views.of()
                            .with("Vpc/a", Status.Stalled, "Invalid", "no")
                            .with("Vpc/b", Status.Stalled, "Invalid", "no")
                            .view(),
                    world.reconciler().events(),
                    1);
            alerts.tick(stack -> true);

            TwinSns twin = world.account().service(World.REGION, TwinSns.class);
            assertThat(twin.publishedTo(ofB))
                    .singleElement()
                    .extracting(TwinSns.Message::subject)
                    .isEqualTo("Warning: prod 2 resources Invalid");
            assertThat(twin.publishedTo(ofC)).isEmpty();
        }
    }

    private static String subscription(SnsClient aws, String topicArn, String resource) {
        return aws.subscribe(r -> r.topicArn(topicArn)
                        .protocol("sqs")
                        .endpoint("arn:aws:sqs:eu-west-2:" + World.ACCOUNT + ":of-" + resource.replace('/', '-'))
                        .attributes(Map.of("FilterPolicy", "{\"resource\":[\"" + resource + "\"]}")))
                .subscriptionArn();
    }
}
