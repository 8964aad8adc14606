package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ApiModel;
import dev.holdfast.model.Condition;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/** The reasons to hold a whole stack or one of its resources: an upgrade, a pause, the mode, the account. */
class HoldsTest {
    private static final Duration SOON = Duration.ofMinutes(5);

    private static void vanish(World world, String resource) {
        String name = world.resource(resource).physicalId();
        world.somebody(CloudWatchClient.class).deleteAlarms(r -> r.alarmNames(name));
    }

    @Test
    void anUpgradeThatWantsToChangeSomethingIsHeldUntilApproved() {
        try (World world = Alarms.converged()) {
            vanish(world, "Alarm/a");
            Map<String, Long> before = world.writes();

            world.upgrade("test-2").run(Duration.ofHours(1));

            assertThat(world.writes()).isEqualTo(before);
            assertThat(world.status("Alarm/a")).isEqualTo(Status.AwaitingApproval);
            assertThat(world.resource("Alarm/a").reason()).hasToString("UpgradeHold");
            world.restart().run(SOON);
            assertThat(world.writes()).isEqualTo(before);
            world.view().plan().steps().stream().map(Step::hash).forEach(world::approve);
            world.converged();
        }
    }

    @Test
    void oneThatWantsNothingIsNotHeldNorWhatComesLater() {
        try (World world = Alarms.converged()) {
            world.upgrade("test-2").run(SOON);
            assertThat(world.view().plan().isEmpty()).isTrue();

            vanish(world, "Alarm/a");
            world.run(SOON);

            assertThat(world.status("Alarm/a")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void oneThatComesWithANewRevisionIsNotHeld() {
        try (World world = Alarms.converged()) {
            world.desire(Docs.of(Docs.alarm("a", 2), Docs.alarm("b", 1)));

            world.upgrade("test-2").converged();

            assertThat(world.events).noneMatch(e -> e.message().contains("UpgradeHold"));
        }
    }

    @Test
    void aPauseOfOneResourceStopsItsRepairAndShowsItsDriftAndEndsByItself() {
        try (World world = Alarms.converged()) {
            world.pause("Alarm/a", Duration.ofHours(1));
            vanish(world, "Alarm/a");
            vanish(world, "Alarm/b");
            world.run(SOON);

            assertThat(world.status("Alarm/a")).isEqualTo(Status.Paused);
            assertThat(world.resource("Alarm/a").message()).contains("a test");
            assertThat(world.resource("Alarm/a").conditions())
                    .anyMatch(c -> c.type() == Condition.ConditionType.Paused);
            assertThat(world.status("Alarm/b")).isEqualTo(Status.Synced);
            assertThat(world.view().drift())
                    .filteredOn(d -> d.resource().toString().equals("Alarm/a"))
                    .singleElement()
                    .satisfies(d -> assertThat(d.state()).isEqualTo(DriftItem.DriftState.Detected));
            world.restart().run(Duration.ofMinutes(50));
            assertThat(world.status("Alarm/a")).isEqualTo(Status.Paused);

            world.run(Duration.ofMinutes(10));

            assertThat(world.status("Alarm/a")).isEqualTo(Status.Synced);
            assertThat(world.view().pauses()).isEmpty();
        }
    }

    @Test
    void aPauseOfTheStackStopsAllWrites() {
        try (World world = Alarms.converged()) {
            world.pause("*", Duration.ofHours(1));
            vanish(world, "Alarm/a");
            Map<String, Long> before = world.writes();
            world.desire(Docs.of(Docs.alarm("a", 1), Docs.alarm("b", 2), Docs.alarm("c", 1)));
            world.run(Duration.ofMinutes(30));

            assertThat(world.writes()).isEqualTo(before);
            assertThat(world.view().status()).isEqualTo("Paused");
            assertThat(world.view().conditions()).anyMatch(c -> c.type() == Condition.ConditionType.Paused);
            assertThat(world.view().drift())
                    .singleElement()
                    .satisfies(d -> assertThat(d.type()).isEqualTo(DriftItem.DriftType.Missing));

            world.run(Duration.ofMinutes(40));

            assertThat(world.view().status()).isEqualTo("Synced");
        }
    }

    @Test
    void resumeEndsAPause() {
        try (World world = Alarms.converged()) {
            world.pause("*", Duration.ofDays(2));
            vanish(world, "Alarm/a");
            world.run(SOON);

            world.resume("*");
            world.run(SOON);

            assertThat(world.view().status()).isEqualTo("Synced");
        }
    }

    @Test
    void whatItsDocumentPausesStaysAsItIs() {
        try (World world = Alarms.converged()) {
            world.desire(Docs.of(Docs.alarm("a", 2, "'lifecycle':{'paused':true},"), Docs.alarm("b", 2)));
            world.run(SOON);

            assertThat(world.status("Alarm/a")).isEqualTo(Status.Paused);
            assertThat(world.status("Alarm/b")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void observeWritesNothingAndReportsAll() {
        try (World world = Alarms.converged()) {
            vanish(world, "Alarm/a");
            Map<String, Long> before = world.writes();

            world.desire(Docs.of(Docs.alarm("a", 1), Docs.alarm("new", 1)), "'mode':'Observe',");
            world.run(Duration.ofHours(1));

            assertThat(world.writes()).isEqualTo(before);
            assertThat(world.status("Alarm/a")).isEqualTo(Status.Drifted);
            assertThat(world.status("Alarm/new")).isEqualTo(Status.Pending);
            assertThat(world.view().drift()).hasSize(1);
            assertThat(world.view().plan().steps()).hasSize(3);
        }
    }

    /** The plan offers an approval only if the approval has an effect. */
    @Test
    void theApiSaysWhatAnApprovalReleases() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarm("a", 1))).converged();

            world.desire(Docs.of(Docs.alarm("a", 2)), "'mode':'Observe',").pass();
            assertThat(ApiModel.plan(world.view()).steps())
                    .singleElement()
                    .satisfies(step -> assertThat(step.approvable()).isFalse());

            world.desire(Docs.of(Docs.alarm("a", 2)), "'limits':{'maxUpdates':0},")
                    .pass();
            ApiModel.PlanStepJson held = ApiModel.plan(world.view()).steps().getFirst();
            assertThat(held.approvable()).isTrue();
            world.approve(held.hash());
            world.converged();
        }
    }

    @Test
    void inTheWrongAccountNothingIsReadAndNothingIsMissing() {
        try (World world = Alarms.converged()) {
            Map<String, Long> before = world.writes();
            world.credentialsOf("210987654321").run(Duration.ofMinutes(10));

            assertThat(world.writes()).isEqualTo(before);
            assertThat(world.view().conditions())
                    .anyMatch(c -> c.reason().equals("PassFailed")
                            && String.valueOf(c.message()).contains("210987654321"));
            assertThat(world.view().resources().values()).noneMatch(r -> r.status() == Status.Pending);
            assertThat(world.view().drift()).isEmpty();
            assertThat(world.twin.log().counts(c -> c.caller().equals(world.caller()) && !c.write()))
                    .containsOnlyKeys("sts:GetCallerIdentity");

            world.credentialsOf(World.ACCOUNT).converged();
            assertThat(world.writes()).isEqualTo(before);
        }
    }
}
