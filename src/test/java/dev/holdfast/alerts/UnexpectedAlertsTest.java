package dev.holdfast.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Unexpected objects raise alerts: a copy, a child, and several objects that may be the same resource. */
class UnexpectedAlertsTest {
    private AlertMemory memory = AlertMemory.NONE;

    private List<Alert> after(Views views, Duration time) {
        AlertRules.AlertUpdate update = AlertRules.update(views.view(), memory, Set.of("sink"), Views.START.plus(time));
        memory = update.memory();
        return update.alerts();
    }

    private static List<String> said(List<Alert> alerts) {
        return alerts.stream()
                .map(a -> a.phase() + " " + a.severity() + " " + a.resource() + " " + a.reason())
                .toList();
    }

    private static Views synced() {
        return Views.of().with("Role/app", Status.Synced, null, null);
    }

    @Test
    void aCopyIsToldAtOnceByItsIdAndAnotherCopyTooAndWhenTheyAreGone() {
        Views held = Views.of()
                .with("Role/app", Status.AwaitingApproval, "UnexpectedCopy", "the copy app-2: …")
                .unexpected("Role/app", "app-2", null);

        List<Alert> first = after(held, Duration.ZERO);

        assertThat(said(first)).containsExactly("Began Warning Role/app Unexpected");
        assertThat(first.getFirst().message())
                .contains("app-2: carries the ownership tags of Role/app", "not deleted without an approval");
        assertThat(after(held, Duration.ofMinutes(1))).isEmpty();
        held.unexpected("Role/app", "app-3", null);
        assertThat(after(held, Duration.ofMinutes(2)))
                .singleElement()
                .satisfies(a -> assertThat(a.message()).contains("app-2, app-3"));
        assertThat(said(after(synced(), Duration.ofMinutes(3)))).containsExactly("Over Warning Role/app Unexpected");
    }

    @Test
    void aChildIsToldAtOnceByItsIdAndIsAnAlertOfItsOwnBesideACopy() {
        Views both =
                synced().unexpected("Role/app", "app/theirs", "policies/theirs").unexpected("Role/app", "app-2", null);

        List<Alert> first = after(both, Duration.ZERO);

        assertThat(said(first))
                .containsExactlyInAnyOrder(
                        "Began Warning Role/app Unexpected", "Began Warning Role/app UnexpectedChild");
        assertThat(first)
                .filteredOn(a -> a.reason().equals("UnexpectedChild"))
                .singleElement()
                .satisfies(a -> assertThat(a.message())
                        .contains(
                                "app/theirs: is attached to Role/app",
                                "no document declares it",
                                "declare it, or delete"));
        assertThat(said(after(synced(), Duration.ofMinutes(1))))
                .containsExactlyInAnyOrder("Over Warning Role/app Unexpected", "Over Warning Role/app UnexpectedChild");
    }

    /** The pass that finds several such objects usually decides which of them is the resource. */
    @Test
    void whichOfSeveralObjectsAResourceIsIsToldWhenItStaysOpenForAMinute() {
        Views open =
                Views.of().with("Subnet/a", Status.Unknown, "UnexpectedCopy", "several objects carry its ownership");

        assertThat(after(open, Duration.ZERO)).isEmpty();
        assertThat(after(open, Duration.ofSeconds(59))).isEmpty();
        List<Alert> told = after(open, Duration.ofMinutes(1));

        assertThat(said(told)).containsExactly("Began Warning Subnet/a Unexpected");
        assertThat(told.getFirst().message()).contains("several objects carry its ownership");
        Views decided = Views.of().with("Subnet/a", Status.Synced, null, null);
        assertThat(said(after(decided, Duration.ofMinutes(2)))).containsExactly("Over Warning Subnet/a Unexpected");
    }

    @Test
    void aRecordThatTheStateRefusesForLongIsTold() {
        Views refused = Views.of().with("LogGroup/g", Status.Unknown, "NotRecorded", "the bucket is read-only");

        assertThat(after(refused, Duration.ZERO)).isEmpty();
        assertThat(after(refused, Duration.ofMinutes(15)))
                .singleElement()
                .satisfies(a -> assertThat(a.message()).contains("NotRecorded", "the bucket is read-only"));
    }
}
