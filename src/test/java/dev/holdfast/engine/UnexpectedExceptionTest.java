package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.alerts.WorldAlerts;
import dev.holdfast.kind.Kind;
import dev.holdfast.model.Condition;
import dev.holdfast.model.Event;
import dev.holdfast.model.Status;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.ApplyMethod;

/** An unexpected exception in one step or in one kind stops no other step or kind. */
class UnexpectedExceptionTest {
    @Test
    void inAStepItIsTheFailureOfThatStep() {
        try (World world = new World()) {
            world.store.refuse("resources/Alarm/a0.json", () -> new IllegalStateException("nobody foresaw this"));
            world.desire(Docs.of(Docs.alarms(3, 1)));

            world.pass();
            world.run(Duration.ofSeconds(5));

            assertThat(world.status("Alarm/a0")).isEqualTo(Status.Failed);
            assertThat(world.status("Alarm/a1")).isEqualTo(Status.Synced);
            assertThat(world.status("Alarm/a2")).isEqualTo(Status.Synced);
            assertThat(world.events)
                    .anyMatch(e ->
                            e.reason().equals("CreateFailed") && e.message().contains("nobody foresaw this"));
        }
    }

    @Test
    void inAReadItMakesThatKindUnknown() {
        try (World world = new World()) {
            world.desire(Docs.of(
                            Docs.alarm("a", 1),
                            "{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'g'},'spec':{}}"))
                    .converged();
            world.withKinds(new BrokenKind("Alarm", "observe", arguments -> true).catalog())
                    .desire(
                            Docs.of(
                                    Docs.alarm("a", 2),
                                    "{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'g'},'spec':{'retentionInDays':7}}"));

            world.pass();

            assertThat(world.status("Alarm/a")).isEqualTo(Status.Unknown);
            assertThat(world.status("LogGroup/g")).isEqualTo(Status.Synced);
            assertThat(world.events)
                    .anyMatch(e -> e.severity() == Event.Severity.Alert
                            && e.reason().equals("ReadFailed")
                            && e.message().contains("Alarm"));
        }
    }

    @Test
    void inThePassItselfItIsAFailedPassAndTheNextOneComesAfterAPause() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarm("a", 1))).converged();
            world.store.refuse("test/stack.json", () -> new IllegalStateException("nobody foresaw this"));
            world.desire(Docs.of(Docs.alarm("a", 2)));

            world.pass();

            assertThat(world.view().conditions())
                    .anyMatch(
                            c -> c.reason().equals("PassFailed") && c.message().contains("nobody foresaw this"));
            assertThat(world.events).anyMatch(e -> e.reason().equals("PassFailed"));
            assertThat(world.reconciler().nextLookAt())
                    .isEqualTo(world.clock.instant().plus(EngineConstants.BUSY));

            world.store.refuseNothing();
            world.converged();
        }
    }

    /** If a read cannot be recorded, its observation does not stay open for ever. */
    @Test
    void inTheRecordOfAReadItConcernsThatResourceAlone() {
        String group =
                "{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'g'},'spec':{'retentionInDays':7}}";
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarm("a", 1), group)).converged();
            world.store.refuse("LogGroup/g.json", () -> new IllegalStateException("nobody foresaw this"));
            world.desire(Docs.of(Docs.alarm("a", 2), group.replace("7", "14")));

            world.run(Duration.ofMinutes(3));
            assertThat(world.status("Alarm/a")).as(world.describe()).isEqualTo(Status.Synced);
            world.store.refuseNothing();

            world.converged();
        }
    }

    /**
     * Every method of the contract that the engine calls on a kind, except the methods that describe the kind once at
     * the start.
     */
    static Stream<String> callsOfAKind() {
        // The operator builds the table of change events from the last one when it starts.
        Set<String> once = Set.of("info", "permissions", "changingCalls", "changedBy");
        return Arrays.stream(Kind.class.getMethods()).map(Method::getName).filter(name -> !once.contains(name));
    }

    /**
     * The calls for a restart, for the reason of a failure, and for the remains of lost data: security groups have none
     * of them.
     */
    private static final Set<String> OF_DATABASES = Set.of("restart", "failure", "remains");

    /** Only record sets are replaced in one call. */
    private static final Set<String> OF_RECORDS = Set.of("exchange");

    /** An alarm that works, which shows that all other resources are still reconciled. */
    private static final String CONTROL = Docs.alarm("control", 1);

    private static String database(String more) {
        return "[" + CONTROL + ","
                + Databases.postgres("'applyImmediately':true," + more).substring(1);
    }

    private static String record(String type, String value) {
        return Docs.of(
                CONTROL,
                Docs.document("HostedZone", "main", "'name':'example.com'"),
                Docs.document(
                        "RecordSet",
                        "www",
                        "'hostedZoneId':'${HostedZone/main}','name':'www.example.com','type':'" + type
                                + "','ttl':300,'resourceRecords':['" + value + "']"));
    }

    private static String groups(String description, boolean both) {
        String group = Docs.group("a", description, "");
        return both ? Docs.of(CONTROL, Docs.vpc(""), group) : Docs.of(CONTROL, Docs.vpc(""));
    }

    /** Leads the engine to the call. */
    private static void leadTo(String call, World world) {
        switch (call) {
            case "create" -> world.desire(Docs.of(CONTROL, Docs.vpc(""), Docs.group("b", "new", "")));
            case "update", "approvals", "sends" ->
                world.desire(groups("before", true)
                        .replace(
                                "'ingress':[]",
                                "'ingress':[{'protocol':'tcp','fromPort':80,'toPort':80,'cidrIpv4':'10.0.0.0/16'}]"));
            case "delete" -> world.desire(groups("before", false));
            case "holders" -> {
                String id = world.resource("SecurityGroup/a").physicalId();
                Ec2Client ec2 = world.somebody(Ec2Client.class);
                String vpc = world.resource("Vpc/main").physicalId();
                String other = ec2.createSecurityGroup(
                                r -> r.vpcId(vpc).groupName("theirs").description("theirs"))
                        .groupId();
                ec2.authorizeSecurityGroupIngress(r -> r.groupId(other)
                        .ipPermissions(
                                p -> p.ipProtocol("tcp").fromPort(1).toPort(1).userIdGroupPairs(g -> g.groupId(id))));
                world.desire(groups("before", false));
            }
            case "mustGoFirst", "inOneCall" -> world.desire(groups("after", true));
            case "restart" -> {
                world.somebody(RdsClient.class)
                        .modifyDBParameterGroup(r -> r.dbParameterGroupName(Databases.parameterGroup(world))
                                .parameters(p -> p.parameterName("rds.logical_replication")
                                        .parameterValue("1")
                                        .applyMethod(ApplyMethod.PENDING_REBOOT)));
                world.run(Duration.ofMinutes(20));
                world.approveHeld();
            }
            case "failure" -> {
                Databases.rds(world).failsNext(Databases.name(world), "There is no capacity in this zone.");
                world.desire(database("").replace("db.t4g.medium", "db.t4g.large"))
                        .run(Duration.ofHours(1));
            }
            case "remains" -> {
                world.somebody(RdsClient.class)
                        .deleteDBInstance(r ->
                                r.dbInstanceIdentifier(Databases.name(world)).skipFinalSnapshot(true));
                world.run(Duration.ofMinutes(30));
            }
            case "exchange" -> world.desire(record("CNAME", "elsewhere.example.net"));
            case "observe", "check" -> world.desire(groups("before", true));
            default -> throw new AssertionError("what leads to " + call + "?");
        }
    }

    @ParameterizedTest
    @MethodSource("callsOfAKind")
    void inACallOfAKindItIsToldAndStopsNothingElse(String call) {
        try (World world = new World()) {
            AtomicBoolean breaks = new AtomicBoolean();
            boolean database = OF_DATABASES.contains(call);
            boolean record = OF_RECORDS.contains(call);
            String kind = database ? "DbInstance" : record ? "RecordSet" : "SecurityGroup";
            BrokenKind broken = new BrokenKind(kind, call, arguments -> breaks.get());
            world.withKinds(broken.catalog());
            world.desire(database ? database("") : record ? record("A", "192.0.2.1") : groups("before", true))
                    .converged();
            breaks.set(true);
            leadTo(call, world);
            world.pass();
            String control = world.resource("Alarm/control").physicalId();
            world.clock.advance(EngineConstants.WRITE_VISIBLE);
            world.somebody(CloudWatchClient.class)
                    .putMetricAlarm(Docs.theirAlarm(control, 9).build());
            WorldAlerts alerts = new WorldAlerts(world);

            world.runUntil(
                    () -> {
                        alerts.pass();
                        return false;
                    },
                    Duration.ofMinutes(10));

            assertThat(broken.thrown()).as(call + " was never called").isPositive();
            assertThat(world.status("Alarm/control")).as(world.describe()).isEqualTo(Status.Synced);
            assertThat(world.somebody(CloudWatchClient.class)
                            .describeAlarms(r -> r.alarmNames(control))
                            .metricAlarms()
                            .getFirst()
                            .threshold())
                    .isEqualTo(1);
            String said = switch (call) {
                case "holders" -> "its holders cannot be read";
                case "remains" -> "its remains: unknown, because they cannot be read";
                // The message of an exception could show a value of the document.
                case "check" -> "the check failed unexpectedly: IllegalStateException";
                default -> "nobody foresaw this";
            };
            assertThat(world.events)
                    .as(world.describe())
                    .anyMatch(e -> e.message().contains(said) || e.reason().equals("RevisionRefused"));
            assertThat(alerts.sent()).anyMatch(a -> a.message().contains(said));
            assertThat(conditions(world))
                    .anyMatch(c -> String.valueOf(c.message()).contains(said));
        }
    }

    private static List<Condition> conditions(World world) {
        List<Condition> all = new ArrayList<>(world.view().conditions());
        world.view().resources().values().forEach(r -> all.addAll(r.conditions()));
        return all;
    }
}
