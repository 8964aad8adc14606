package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.Condition;
import dev.holdfast.model.Event;
import dev.holdfast.model.Reason;
import dev.holdfast.model.Status;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;

/** The operator reports a record that the state refuses, and a resource that uses up the steps of a pass. */
class RefusedRecordTest {
    private static final String GROUP =
            "{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'g'},'spec':{'logGroupName':'/g','retentionInDays':7}}";

    private static int retention(World world) {
        return world.somebody(CloudWatchLogsClient.class)
                .describeLogGroups(r -> r.logGroupNamePrefix("/g"))
                .logGroups()
                .getFirst()
                .retentionInDays();
    }

    /** The state accepts all objects but one: the operator cannot record the read of the group's new value. */
    @Test
    void afterAReadConcernsThatResourceAloneAndIsTriedAgain() {
        try (World world = new World()) {
            // Given
            world.desire(Docs.of(Docs.alarm("a", 1), GROUP)).converged();
            // The desired value is new and equals the value in AWS: the operator has nothing to write, but has to
            // record the value.
            world.somebody(CloudWatchLogsClient.class)
                    .putRetentionPolicy(r -> r.logGroupName("/g").retentionInDays(14));
            world.store.refuse(
                    "LogGroup/g.json",
                    () -> new UncheckedIOException(new java.io.IOException("the bucket is read-only")));
            world.desire(Docs.of(Docs.alarm("a", 2), GROUP.replace("'retentionInDays':7", "'retentionInDays':14")));

            // When
            world.run(Duration.ofMinutes(3));

            // Then
            assertThat(world.status("Alarm/a")).as(world.describe()).isEqualTo(Status.Synced);
            ResourceView group = world.resource("LogGroup/g");
            assertThat(group.status()).isEqualTo(Status.Unknown);
            assertThat(group.reason()).isEqualTo(Reason.NotRecorded);
            assertThat(group.message()).contains("the bucket is read-only", "nothing is written to the resource");
            assertThat(group.conditions())
                    .anyMatch(c -> c.type() == Condition.ConditionType.Ready
                            && c.status().name().equals("Unknown"));
            assertThat(world.events("RecordFailed")).singleElement().satisfies(e -> {
                assertThat(e.resource()).hasToString("LogGroup/g");
                assertThat(e.message()).contains("the bucket is read-only");
            });
            assertThat(world.events(StackView.PASS_FAILED)).isEmpty();

            // Another principal changes the group: without a record nothing is written, and later the group is
            // repaired.
            world.somebody(CloudWatchLogsClient.class)
                    .putRetentionPolicy(r -> r.logGroupName("/g").retentionInDays(3));
            world.run(Duration.ofMinutes(2));
            assertThat(retention(world)).isEqualTo(3);
            world.store.refuseNothing();
            world.converged();
            assertThat(retention(world)).isEqualTo(14);
            assertThat(world.events("RecordRestored")).hasSize(1);
        }
    }

    /** Two fields of an alarm, one of which changes whenever the other has been written: every write has an effect. */
    @Test
    void aResourceThatUsesUpTheStepsOfAPassSaysSoAndTheNextPassGoesOn() {
        AtomicBoolean disturbs = new AtomicBoolean(true);
        AtomicInteger written = new AtomicInteger();
        try (World world = new World()) {
            world.withKinds(disturbed(world, disturbs, written));
            world.desire(Docs.of(Docs.alarm("a", 1), GROUP));

            world.pass();

            assertThat(world.events("StepsUsedUp"))
                    .as(world.describe())
                    .singleElement()
                    .satisfies(e -> {
                        assertThat(e.severity()).isEqualTo(Event.Severity.Warning);
                        assertThat(e.resource()).hasToString("Alarm/a");
                        assertThat(e.message())
                                .contains(EngineConstants.STEPS_PER_PASS + " steps", "the next pass continues");
                    });
            assertThat(written.get()).isEqualTo(EngineConstants.STEPS_PER_PASS);
            assertThat(world.status("LogGroup/g")).isEqualTo(Status.Synced);
            disturbs.set(false);
            world.converged();
        }
    }

    private static KindCatalog disturbed(World world, AtomicBoolean disturbs, AtomicInteger written) {
        List<Kind<?>> kinds = new ArrayList<>(TestKinds.all().all().values());
        kinds.replaceAll(kind -> kind.info().name().equals("Alarm") ? disturbed(kind, world, disturbs, written) : kind);
        return new KindCatalog(kinds);
    }

    private static Kind<?> disturbed(Kind<?> kind, World world, AtomicBoolean disturbs, AtomicInteger written) {
        return (Kind<?>) Proxy.newProxyInstance(
                Kind.class.getClassLoader(), new Class<?>[] {Kind.class}, (proxy, method, arguments) -> {
                    try {
                        Object answer = method.invoke(kind, arguments);
                        boolean writes = method.getName().equals("create")
                                || method.getName().equals("update");
                        if (writes && disturbs.get()) {
                            disturb(world, written.incrementAndGet());
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void disturb(World world, int n) {
        CloudWatchClient cloudWatch = world.somebody(CloudWatchClient.class);
        String name = cloudWatch.describeAlarms().metricAlarms().getFirst().alarmName();
        cloudWatch.putMetricAlarm(
                n % 2 == 0
                        ? Docs.theirAlarm(name, 9).build()
                        : Docs.theirAlarm(name, 1).evaluationPeriods(7).build());
    }
}
