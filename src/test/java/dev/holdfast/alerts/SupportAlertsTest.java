package dev.holdfast.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.ResourceView;
import dev.holdfast.model.SupportEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The alert about the end of AWS's support is sent 12, 6 and 3 months ahead and on the day, once each. */
class SupportAlertsTest {
    private static final SupportEnd END = new SupportEnd(
            "postgres 15",
            "AWS's standard support of postgres 15",
            Instant.parse("2028-02-29T23:59:59Z"),
            "then it costs more");

    private static List<Alert> told(Instant from, Instant to, Duration step) {
        AlertMemory memory = AlertMemory.NONE;
        List<Alert> alerts = new ArrayList<>();
        for (Instant now = from; now.isBefore(to); now = now.plus(step)) {
            AlertRules.AlertUpdate update = AlertRules.update(
                    SupportAlerts.of(List.of(Views.supported("DbInstance/main", END)), now),
                    Set.of(),
                    memory,
                    Set.of("sink"),
                    now);
            memory = update.memory();
            alerts.addAll(update.alerts());
        }
        return alerts;
    }

    @Test
    void isToldAtEachStepOnce() {
        List<Alert> alerts =
                told(Instant.parse("2026-11-01T00:00:00Z"), Instant.parse("2028-06-01T00:00:00Z"), Duration.ofHours(6));

        assertThat(alerts)
                .extracting(a -> a.at().toString().substring(0, 10))
                .containsExactly("2027-03-01", "2027-08-29", "2027-11-29", "2028-02-29");
        assertThat(alerts)
                .extracting(Alert::severity)
                .containsExactly(
                        Alert.AlertSeverity.Notice,
                        Alert.AlertSeverity.Notice,
                        Alert.AlertSeverity.Warning,
                        Alert.AlertSeverity.Warning);
        assertThat(alerts.getFirst().message())
                .isEqualTo("AWS's standard support of postgres 15 ends on 2028-02-29; then it costs more");
    }

    @Test
    void isNotToldOfWhatHasJustBeenMade() {
        Instant made = Instant.parse("2028-01-01T00:00:00Z");
        ResourceView certificate = Views.made(Views.supported("Certificate/main", END), made);

        assertThat(SupportAlerts.of(List.of(certificate), made.plusSeconds(3_599)))
                .isEmpty();
        assertThat(SupportAlerts.of(List.of(certificate), made.plusSeconds(3_601)))
                .hasSize(1);
    }

    @Test
    void isNotToldEarlier() {
        assertThat(told(
                        Instant.parse("2025-01-01T00:00:00Z"),
                        Instant.parse("2027-02-28T00:00:00Z"),
                        Duration.ofDays(1)))
                .isEmpty();
    }
}
