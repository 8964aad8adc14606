package dev.holdfast.alerts;

import static dev.holdfast.alerts.Views.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Databases;
import dev.holdfast.engine.StackView;
import dev.holdfast.engine.World;
import dev.holdfast.model.Condition;
import dev.holdfast.model.Health;
import dev.holdfast.model.Status;
import dev.holdfast.twin.rds.TwinRds;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A resource of any kind that stays as desired and is not ready raises an alert, because nothing else reports it. */
class HealthAlertsTest extends AlertRulesCase {
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final String WHAT = "Warning Cache/main NotReady: create-failed: the creation failed";

    private static StackView failed(Status status) {
        return Views.of()
                .notReady("Cache/main", status, "create-failed", "the creation failed")
                .view();
    }

    private static StackView ready() {
        return Views.of().ready("Cache/main", Status.Synced, Health.AVAILABLE).view();
    }

    @ParameterizedTest
    @EnumSource(names = {"Synced", "Drifted", "Pending", "Waiting"})
    void isToldAfterAWhileAndAgainAndWhenItIsReady(Status status) {
        assertThat(update(failed(status))).isEmpty();
        assertThat(after(PATIENCE.minusSeconds(1), failed(status))).isEmpty();
        assertThat(after(Duration.ofSeconds(1), failed(status))).containsExactly("Began " + WHAT);
        assertThat(after(Duration.ofHours(3), failed(status))).isEmpty();
        assertThat(after(Duration.ofHours(1), failed(status))).containsExactly("Lasts " + WHAT);
        assertThat(after(Duration.ofMinutes(1), ready())).containsExactly("Over " + WHAT);
    }

    /** A restart, a failover and a new task take minutes. */
    @Test
    void aShortTimeIsNotTold() {
        update(failed(Status.Synced));
        after(Duration.ofMinutes(14), ready());

        assertThat(after(Duration.ofMinutes(1), failed(Status.Synced))).isEmpty();
        assertThat(after(Duration.ofMinutes(14), failed(Status.Synced))).isEmpty();
    }

    /** These statuses have alerts of their own, or AWS is still working, or a person has decided. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"Synced", "Drifted", "Pending", "Waiting"})
    void anotherStatusIsNotTold(Status status) {
        update(failed(status));

        assertThat(after(Duration.ofHours(1), failed(status))).noneMatch(alert -> alert.contains("NotReady"));
    }

    /** A user who has stopped a database for the night pauses it. */
    @Test
    void aPausedResourceIsNotTold() {
        StackView paused = Views.of()
                .ready(
                        "DbInstance/main",
                        Status.Synced,
                        Health.notReady("stopped", null),
                        new Condition(
                                Condition.ConditionType.Paused, Health.Ready.True, "Paused", "night", START, null))
                .view();
        update(paused);

        assertThat(after(Duration.ofHours(1), paused)).isEmpty();
    }

    /** Only a resource that is ready ends the alert: not a step, and not another alert. */
    @ParameterizedTest
    @EnumSource(names = {"Progressing", "Unknown", "Failed", "Stalled", "AwaitingApproval"})
    void aResourceThatIsStillNotReadyEndsNoAlert(Status meanwhile) {
        update(failed(Status.Synced));
        after(PATIENCE, failed(Status.Synced));

        assertThat(after(Duration.ofMinutes(1), failed(meanwhile))).noneMatch(alert -> alert.contains("NotReady"));
        assertThat(after(Duration.ofMinutes(1), ready())).contains("Over " + WHAT);
    }

    @Test
    void aResourceThatIsRemovedEndsTheAlert() {
        update(failed(Status.Synced));
        after(PATIENCE, failed(Status.Synced));

        assertThat(after(Duration.ofMinutes(1), Views.fine())).containsExactly("Over " + WHAT);
    }

    @Test
    void aResourceThatIsNoLongerDesiredEndsTheAlert() {
        update(failed(Status.Synced));
        after(PATIENCE, failed(Status.Synced));

        assertThat(after(Duration.ofMinutes(1), failed(Status.Orphaned))).containsExactly("Over " + WHAT);
    }

    /** Its own alert reports it, after the window of its schedule. */
    @ParameterizedTest
    @ValueSource(strings = {Health.ROTATION_PENDING, Health.ROTATION_STUCK})
    void aRotationIsToldByItsOwnAlert(String reason) {
        StackView rotating = Views.of()
                .notReady("SecretRotation/db", Status.Synced, reason, "a version is AWSPENDING")
                .view();
        update(rotating);

        assertThat(after(Duration.ofHours(1), rotating)).noneMatch(alert -> alert.contains("NotReady"));
    }

    /** The whole way, with a database whose storage is full: it stays as desired, and only its health shows it. */
    @Test
    void aDatabaseThatIsBrokenIsTold() {
        try (World world = new World()) {
            world.desire(Databases.postgres("")).converged();
            WorldAlerts alerts = new WorldAlerts(world);
            world.afterPass = alerts::pass;
            TwinRds rds = world.account().service(World.REGION, TwinRds.class);

            rds.breaks(String.valueOf(world.resource("DbInstance/main").physicalId()), "storage-full");
            world.run(Duration.ofMinutes(30));

            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
            assertThat(alerts.sent()).singleElement().satisfies(alert -> {
                assertThat(alert.reason()).isEqualTo("NotReady");
                assertThat(alert.resource()).hasToString("DbInstance/main");
                assertThat(alert.message()).contains("storage-full");
            });
        }
    }
}
