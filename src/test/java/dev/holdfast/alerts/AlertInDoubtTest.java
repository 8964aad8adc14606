package dev.holdfast.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.StackView;
import dev.holdfast.model.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An alert ends only when a read or a pass decides that its problem is over. */
class AlertInDoubtTest extends AlertRulesCase {
    /** The steps of a resource that cannot be read are held until a read has shown the resource. */
    @ParameterizedTest
    @CsvSource({"LimitExceeded", "UpgradeHold"})
    void aFailedReadEndsNoHoldOfAWholePlan(String reason) {
        update(Views.of().held("Vpc/a", reason, "too many", "abcd").view());

        assertThat(after(
                        Duration.ofMinutes(1),
                        Views.of()
                                .with("Vpc/a", Status.Unknown, "ReadFailed", "AccessDenied: no")
                                .with("Vpc/b", Status.Synced, null, null)
                                .view()))
                .isEmpty();
        assertThat(after(
                        Duration.ofMinutes(1),
                        Views.of().with("Vpc/a", Status.Synced, null, null).view()))
                .singleElement()
                .satisfies(a -> assertThat(a).startsWith("Over Warning stack " + reason));
    }

    /** Without a plan, no pass of this process has decided anything yet. */
    @ParameterizedTest
    @CsvSource({"LimitExceeded", "UpgradeHold", "GuardrailsOutdated", "OrphanSearchFailed"})
    void whatAPassDecidesIsNotOverBeforeThePass(String reason) {
        boolean held = reason.equals("LimitExceeded") || reason.equals("UpgradeHold");
        StackView wrong = (held
                        ? Views.of().held("Vpc/a", reason, "too many", "abcd")
                        : Views.of().condition(reason, "no"))
                .view();
        update(wrong);
        after(Duration.ofMinutes(15), wrong);
        assertThat(memory.entries()).hasSize(1);

        assertThat(after(Duration.ofMinutes(1), Views.of().neverLooked().view()))
                .isEmpty();
        assertThat(after(Duration.ofMinutes(1), Views.fine())).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"RevisionRefused", "Unmanaged"})
    void aDesiredStateThatStillChangesEndsNoAlertOfTheFormerOne(String reason) {
        update(Views.of().condition(reason, "no").view());

        assertThat(after(
                        Duration.ofMinutes(1),
                        Views.of()
                                .condition("DesiredStateChanging", "takes effect after 60 s")
                                .view()))
                .isEmpty();
        assertThat(after(Duration.ofMinutes(1), Views.fine())).hasSize(1);
    }

    /** After a restart, Holdfast tries a stalled step again, and has no result yet. */
    @ParameterizedTest
    @CsvSource({"Invalid", "NameTaken"})
    void aRefusedStepThatIsTriedAgainIsNotOver(String reason) {
        update(stalled(reason));

        for (Status status : List.of(Status.Pending, Status.Progressing, Status.Waiting, Status.Drifted)) {
            assertThat(after(
                            Duration.ofMinutes(1),
                            Views.of().with("Database/main", status, null, null).view()))
                    .as(status.name())
                    .isEmpty();
        }
        assertThat(after(
                        Duration.ofMinutes(1),
                        Views.of()
                                .with("Database/main", Status.Synced, null, null)
                                .view()))
                .hasSize(1);
    }
}
