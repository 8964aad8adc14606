package dev.holdfast.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Hostile;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Text of AWS or of a person in an alert stays text: a recipient's program does not interpret it. */
class AlertTextTest {
    private final AlertText text = new AlertText("skinclub");

    private static List<Alert> alerts() {
        List<Alert> alerts = new ArrayList<>();
        AlertCause.of(Views.of()
                        .condition("PassFailed", Hostile.TEXT)
                        .with("Vpc/main", Status.Stalled, "Invalid", Hostile.TEXT)
                        .view())
                .values()
                .forEach(cause -> alerts.add(alert(cause.key().resource(), cause.message())));
        AlertCause.of(Views.of()
                        .condition("RevisionRefused", Hostile.TEXT)
                        .problem("dev/" + Hostile.TEXT, Hostile.TEXT)
                        .view())
                .values()
                .forEach(cause -> alerts.add(alert(null, cause.message())));
        assertThat(alerts).hasSize(3);
        return alerts;
    }

    private static Alert alert(@Nullable ResourceId id, String message) {
        return new Alert(
                "prod",
                id,
                "Failed",
                Alert.AlertSeverity.Warning,
                Alert.AlertPhase.Began,
                message,
                Views.START,
                Views.START,
                List.of());
    }

    private static void isTamed(String shown) {
        // A mail or a chat is not the output of a CI step, so that commands to a CI system need no escape.
        Hostile.isTamed(shown.replace("##", ""));
    }

    @Test
    void aMailHasItsOwnLinesOnly() {
        for (Alert alert : alerts()) {
            isTamed(text.plain(alert));
            assertThat(text.plain(alert).lines()).hasSize(alert.resource() == null ? 7 : 8);
        }
    }

    @Test
    void aChatShowsNoMarkupOfAStranger() {
        for (Alert alert : alerts()) {
            String shown = text.slack(alert).path("text").asText();

            isTamed(shown);
            assertThat(shown).doesNotContain("<!channel>", "```").contains("&lt;!channel&gt;");
            assertThat(shown.lines()).hasSize(3);
        }
    }

    @Test
    void aProgramIsToldTheSame() {
        alerts().forEach(alert -> isTamed(text.json(alert).path("message").asText()));
    }

    @Test
    void eachResourceOfABatchHasOneLine() {
        List<Alert> batch = AlertBatcher.of(List.of(
                alerts().get(1),
                new Alert(
                        "prod",
                        ResourceId.parse("Vpc/b"),
                        "Failed",
                        Alert.AlertSeverity.Warning,
                        Alert.AlertPhase.Began,
                        "b",
                        Views.START,
                        Views.START,
                        List.of())));

        assertThat(batch)
                .singleElement()
                .satisfies(alert -> assertThat(alert.message().lines()).hasSize(3));
    }
}
