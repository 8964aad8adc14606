package dev.holdfast.alerts;

import static dev.holdfast.alerts.Views.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.StackView;
import dev.holdfast.model.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The alerts that are sent, their times and their number; a problem does not count as over while a read fails. */
class AlertRulesTest extends AlertRulesCase {
    @ParameterizedTest
    @CsvSource({
        "NameTaken, Warning",
        "LostStateful, Critical",
        "NeverConverges, Warning",
        "Invalid, Warning",
        "ReplaceForbidden, Warning"
    })
    void aStallIsToldOnceWithItsReasonAndAgainEveryFourHoursAndWhenItIsOver(String reason, String severity) {
        String what = severity + " Database/main " + reason + ": the words of " + reason;

        assertThat(update(stalled(reason))).containsExactly("Began " + what);
        assertThat(after(Duration.ofMinutes(1), stalled(reason))).isEmpty();
        assertThat(after(Duration.ofMinutes(238), stalled(reason))).isEmpty();
        assertThat(after(Duration.ofMinutes(1), stalled(reason))).containsExactly("Lasts " + what);
        assertThat(after(Duration.ofMinutes(1), stalled(reason))).isEmpty();
        assertThat(after(Duration.ofMinutes(239), stalled(reason))).containsExactly("Lasts " + what);
        assertThat(after(Duration.ofMinutes(1), Views.fine())).containsExactly("Over " + what);
        assertThat(after(Duration.ofMinutes(1), Views.fine())).isEmpty();
        assertThat(memory.entries()).isEmpty();
    }

    @Test
    void anotherReasonOfTheSameResourceIsAnotherAlert() {
        update(stalled("Invalid"));

        assertThat(after(Duration.ofMinutes(1), stalled("NameTaken")))
                .containsExactly(
                        "Over Warning Database/main Invalid: the words of Invalid",
                        "Began Warning Database/main NameTaken: the words of NameTaken");
    }

    @Test
    void otherWordsAreNotAnotherAlert() {
        update(Views.of()
                .with("Vpc/main", Status.Stalled, "Invalid", "request id 1")
                .view());
        AlertMemory before = memory;

        assertThat(after(
                        Duration.ofMinutes(1),
                        Views.of()
                                .with("Vpc/main", Status.Stalled, "Invalid", "request id 2")
                                .view()))
                .isEmpty();
        assertThat(memory).isEqualTo(before);
    }

    @Test
    void aRolloutThatFailedIsToldOnceInEcssOwnWordsAndAgainWhenTheNextOneFails() {
        StackView held = Views.of()
                .with("EcsService/api", Status.Stalled, "RolloutHeld", "ECS deployment circuit breaker: tasks failed")
                .view();
        StackView rollingOut = Views.of()
                .with("EcsService/api", Status.Progressing, "RollingOut", null)
                .view();
        String what = "Critical EcsService/api RolloutFailed: ECS deployment circuit breaker: tasks failed";

        assertThat(update(held)).containsExactly("Began " + what);
        assertThat(after(Duration.ofMinutes(9), held)).isEmpty();
        assertThat(after(Duration.ofMinutes(1), rollingOut)).containsExactly("Over " + what);
        assertThat(after(Duration.ofMinutes(9), held)).containsExactly("Began " + what);
    }

    @Test
    void aResourceThatFailsIsToldWhenItHasFailedForFiveMinutesAndIsOverWhenItWentWell() {
        StackView failed = Views.of()
                .with("Bucket/media", Status.Failed, "TRANSIENT", "s3:CreateBucket InternalError: sorry")
                .view();
        String what = "Warning Bucket/media ResourceFailed: TRANSIENT: s3:CreateBucket InternalError: sorry";

        assertThat(update(failed)).isEmpty();
        assertThat(after(Duration.ofMinutes(4), failed)).isEmpty();
        assertThat(after(Duration.ofMinutes(1), failed)).containsExactly("Began " + what);
        for (Status status : List.of(Status.Pending, Status.Progressing, Status.Waiting, Status.Drifted)) {
            assertThat(after(
                            Duration.ofMinutes(1),
                            Views.of().with("Bucket/media", status, null, null).view()))
                    .as(status.name())
                    .isEmpty();
        }
        assertThat(after(Duration.ofMinutes(1), failed)).isEmpty();
        assertThat(after(
                        Duration.ofMinutes(1),
                        Views.of()
                                .with("Bucket/media", Status.Synced, null, null)
                                .view()))
                .containsExactly("Over " + what);
    }

    /** The patience begins again, and a lasting problem has another alert, because the former time is not known. */
    @Test
    void aClockThatWentBackDelaysNoAlertForLongerThanItsPatience() {
        StackView failed = Views.of()
                .with("Bucket/media", Status.Failed, "TRANSIENT", "s3:CreateBucket InternalError: sorry")
                .view();
        update(failed);

        assertThat(after(Duration.ofDays(-1), failed)).isEmpty();
        assertThat(after(Duration.ofMinutes(4), failed)).isEmpty();
        assertThat(after(Duration.ofMinutes(1), failed)).hasSize(1);

        assertThat(after(Duration.ofDays(-1), failed))
                .singleElement()
                .asString()
                .startsWith("Lasts");
        assertThat(after(Duration.ofMinutes(1), failed)).isEmpty();
    }

    @Test
    void aFailureThatPassedSoonIsNeverTold() {
        update(Views.of().with("Vpc/main", Status.Failed, "TRANSIENT", "once").view());

        assertThat(after(Duration.ofMinutes(10), Views.fine())).isEmpty();
        assertThat(memory).isEqualTo(AlertMemory.NONE);
    }

    @ParameterizedTest
    @CsvSource({"DENIED", "QUOTA"})
    void whatOnlyAPersonMendsIsToldAtOnce(String category) {
        assertThat(update(Views.of()
                        .with("Role/api", Status.Failed, category, "iam:CreateRole X: no")
                        .view()))
                .containsExactly("Began Warning Role/api ResourceFailed: " + category + ": iam:CreateRole X: no");
    }

    @Test
    void aFailedReadEndsNoAlert() {
        update(stalled("NameTaken"));

        assertThat(after(
                        Duration.ofMinutes(1),
                        Views.of()
                                .with("Database/main", Status.Unknown, "ReadFailed", "AccessDenied: no")
                                .view()))
                .isEmpty();
        assertThat(after(Duration.ofMinutes(1), stalled("NameTaken"))).isEmpty();
    }

    @Test
    void aReadThatFailsForLongIsTold() {
        StackView unread = Views.of()
                .with("Vpc/main", Status.Unknown, "ReadFailed", "AccessDenied: no")
                .view();

        assertThat(update(unread)).isEmpty();
        assertThat(after(Duration.ofMinutes(15), unread))
                .containsExactly("Began Warning Vpc/main ReadFailed: ReadFailed: AccessDenied: no");
        assertThat(after(Duration.ofMinutes(1), Views.fine())).hasSize(1);
    }

    @Test
    void aSearchForOrphansThatFailedTwiceIsTold() {
        StackView unsearched =
                Views.of().condition("OrphanSearchFailed", "Vpc in eu-west-2").view();

        assertThat(update(unsearched)).isEmpty();
        assertThat(after(Duration.ofMinutes(10), unsearched))
                .containsExactly("Began Warning stack OrphanSearchFailed: Vpc in eu-west-2");
        assertThat(after(Duration.ofMinutes(1), Views.fine()))
                .containsExactly("Over Warning stack OrphanSearchFailed: Vpc in eu-west-2");
    }

    @Test
    void aFailedPassIsToldAfterAMinuteAndEndsNoOtherAlert() {
        update(stalled("NameTaken"));
        StackView failing =
                Views.of().neverLooked().condition("PassFailed", "no answer").view();

        assertThat(after(Duration.ofMinutes(1), failing)).isEmpty();
        assertThat(after(Duration.ofMinutes(1), failing)).containsExactly("Began Critical stack PassFailed: no answer");
        assertThat(after(Duration.ofMinutes(1), stalled("NameTaken")))
                .containsExactly("Over Critical stack PassFailed: no answer");
    }

    @Test
    void whatWasNotLookedAtAfterAStartIsNotOver() {
        update(stalled("NameTaken"));

        assertThat(after(Duration.ofMinutes(1), Views.of().neverLooked().view()))
                .isEmpty();
        assertThat(memory.entries()).hasSize(1);
    }

    @Test
    void aResourceThatIsNoLongerThereIsOver() {
        update(stalled("NameTaken"));

        assertThat(after(Duration.ofMinutes(1), Views.fine()))
                .singleElement()
                .satisfies(a -> assertThat(a).startsWith("Over Warning Database/main NameTaken"));
    }

    @Test
    void aRefusedRevisionAndAnUnmanagedStackAreTold() {
        assertThat(update(Views.of()
                        .condition("RevisionRefused", "2 problems")
                        .problem("dev/a.json", "unknown field 'x'")
                        .view()))
                .containsExactly(
                        "Began Warning stack RevisionRefused: 2 problems; the last good revision stays enforced"
                                + "; dev/a.json:3:5 /spec: unknown field 'x' (hint: write it otherwise)");
        assertThat(after(
                        Duration.ofMinutes(1),
                        Views.of().condition("Unmanaged", "there is no HEAD").view()))
                .contains("Began Critical stack Unmanaged: there is no HEAD")
                .anyMatch(a -> a.startsWith("Over Warning stack RevisionRefused"));
    }

    @Test
    void anotherRefusedRevisionIsToldAtOnceAndTheSameOneIsNot() {
        Views first = Views.of().condition("RevisionRefused", "1 problem").problem("dev/a.json", "unknown field 'x'");
        Views second = Views.of().condition("RevisionRefused", "1 problem").problem("dev/a.json", "unknown field 'y'");
        update(first.view());

        assertThat(after(Duration.ofMinutes(1), first.view())).isEmpty();
        assertThat(after(Duration.ofMinutes(1), second.view()))
                .singleElement()
                .satisfies(a -> assertThat(a)
                        .startsWith("Began Warning stack RevisionRefused")
                        .contains("'y'"));
        assertThat(after(Duration.ofMinutes(239), second.view())).isEmpty();
        assertThat(after(Duration.ofMinutes(1), second.view()))
                .singleElement()
                .satisfies(a -> assertThat(a).startsWith("Lasts"));
        assertThat(after(Duration.ofMinutes(1), Views.fine())).hasSize(1);
        assertThat(memory.entries()).isEmpty();
    }

    @Test
    void aPauseIsNoAlert() {
        Views views = Views.of().with("Vpc/main", Status.Paused, "Paused", "incident");

        assertThat(update(views.view())).isEmpty();
    }

    @Test
    void whatHoldsAWholePlanIsOneAlert() {
        Views views = Views.of();
        for (int i = 10; i < 22; i++) {
            views.held(
                    "Vpc/v" + i,
                    i < 12 ? "PlanOverLimit" : "LimitExceeded",
                    i < 12 ? "the whole plan waits" : "the plan had more deletions than limits.maxDeletes allows",
                    "abcdef" + i);
        }

        assertThat(update(views.view()))
                .containsExactly(
                        "Began Warning stack LimitExceeded: an approval is needed: 12 steps wait for a person; the plan had"
                                + " more deletions than limits.maxDeletes allows. Resources: Vpc/v10, Vpc/v11, Vpc/v12, Vpc/v13, Vpc/v14, Vpc/v15,"
                                + " Vpc/v16, Vpc/v17, Vpc/v18, Vpc/v19 and 2 more. The plan shows the hashes to approve");
        assertThat(after(Duration.ofMinutes(1), Views.fine())).hasSize(1);
    }

    @Test
    void whatIsHeldForItselfIsAnAlertOfItsOwn() {
        assertThat(update(Views.of()
                        .with("Database/a", Status.AwaitingApproval, "ReplaceNeedsApproval", "first")
                        .with("Database/b", Status.AwaitingApproval, "ReplaceNeedsApproval", "second")
                        .view()))
                .hasSize(2);
    }

    @Test
    void driftThatWasRepairedIsToldOnceWithItsFieldsAndNotItsValues() {
        StackView repaired = Views.of()
                .with("Vpc/main", Status.Synced, null, null)
                .repaired("Vpc/main", START, "/ingress/tcp:22", "s3cr3t")
                .view();

        assertThat(update(repaired))
                .containsExactly("Happened Notice Vpc/main DriftRepaired: the resource was changed outside"
                        + " Holdfast and has been repaired: ingress: tcp:22");
        assertThat(after(Duration.ofHours(5), repaired)).isEmpty();
        assertThat(after(Duration.ofHours(18), repaired)).isEmpty();
        assertThat(after(Duration.ofHours(24), Views.fine())).isEmpty();
        assertThat(memory).isEqualTo(AlertMemory.NONE);
    }

    @Test
    void driftOfTheSameResourceIsNotToldAgainWithinFourHours() {
        Views views = Views.of().repaired("Vpc/main", START, "/a", "1");
        update(views.view());

        Instant soon = START.plus(Duration.ofHours(3));
        assertThat(after(
                        Duration.ofHours(3),
                        views.repaired("Vpc/main", soon, "/a", "2").view()))
                .isEmpty();
        Instant late = START.plus(Duration.ofHours(4));
        assertThat(after(
                        Duration.ofHours(1),
                        views.repaired("Vpc/main", late, "/b", "3").view()))
                .singleElement()
                .satisfies(a -> assertThat(a).endsWith(": b"));
    }

    @Test
    void aContestIsOverWhenNobodyCameBackForHalfAnHour() {
        StackView contested = Views.of()
                .with("Vpc/main", Status.Drifted, "Contested", "again at …")
                .view();

        assertThat(update(contested))
                .singleElement()
                .satisfies(a -> assertThat(a).startsWith("Began Warning Vpc/main Contested"));
        assertThat(after(Duration.ofMinutes(1), Views.fine())).isEmpty();
        assertThat(after(Duration.ofMinutes(20), contested)).isEmpty();
        assertThat(after(Duration.ofMinutes(1), Views.fine())).isEmpty();
        assertThat(after(Duration.ofMinutes(29), Views.fine())).isEmpty();
        assertThat(after(Duration.ofMinutes(1), Views.fine()))
                .singleElement()
                .satisfies(a -> assertThat(a).startsWith("Over Warning Vpc/main Contested"));
    }

    @ParameterizedTest
    @EnumSource(names = {"Orphaned", "Progressing", "Waiting", "Paused", "Drifted", "Pending", "Synced"})
    void whatNobodyHasToMendIsNoAlert(Status status) {
        assertThat(update(Views.of().with("Vpc/main", status, null, null).view()))
                .isEmpty();
        assertThat(after(
                        Duration.ofHours(9),
                        Views.of().with("Vpc/main", status, null, null).view()))
                .isEmpty();
    }
}
