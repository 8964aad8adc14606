package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertSettingsTest {
    private static AlertSettings of(Map<String, String> variables) {
        return AlertSettings.of(name -> variables.getOrDefault(name, ""));
    }

    @Test
    void nothingSetIsNobodyTold() {
        assertThat(of(Map.of())).isEqualTo(AlertSettings.NONE);
    }

    @Test
    void readsWhatIsSetAndNeverShowsTheWebhook() {
        AlertSettings settings = of(Map.of(
                "HOLDFAST_ALERT_TOPIC", "arn:aws-cn:sns:cn-north-1:123456789012:alerts",
                "HOLDFAST_ALERT_WEBHOOK", "https://hooks.slack.com/services/T/B/s3cr3t",
                "HOLDFAST_METRICS", "cloudwatch"));

        assertThat(AlertSettings.regionOf(String.valueOf(settings.topic()))).isEqualTo("cn-north-1");
        assertThat(settings.webhook()).hasHost("hooks.slack.com");
        assertThat(settings.cloudWatch()).isTrue();
        assertThat(settings.toString()).doesNotContain("s3cr3t", "slack");
    }

    @ParameterizedTest
    @CsvSource({
        "HOLDFAST_ALERT_TOPIC, alerts",
        "HOLDFAST_ALERT_TOPIC, arn:aws:sqs:eu-west-2:123456789012:alerts",
        "HOLDFAST_ALERT_TOPIC, arn:aws:sns:eu-west-2:12345:alerts",
        "HOLDFAST_ALERT_TOPIC, arn:aws:sns:eu-west-2:123456789012:alerts.fifo",
        "HOLDFAST_ALERT_WEBHOOK, s3cr3t",
        "HOLDFAST_ALERT_WEBHOOK, https:///s3cr3t",
        "HOLDFAST_ALERT_WEBHOOK, https://hooks.slack.com/s3cr3t with blanks",
        "HOLDFAST_ALERT_WEBHOOK, http://hooks.slack.com/s3cr3t",
        "HOLDFAST_ALERT_WEBHOOK, ftp://127.0.0.1/s3cr3t",
        "HOLDFAST_METRICS, prometheus"
    })
    void whatIsWrongRefusesTheStartAndNamesTheVariable(String name, String value) {
        CommandFailure failure = catchThrowableOfType(CommandFailure.class, () -> of(Map.of(name, value)));

        assertThat(failure).hasMessageStartingWith(name + ": ");
        assertThat(failure.getMessage()).doesNotContain("s3cr3t", "slack");
        assertThat(failure.exitCode()).isEqualTo(ExitCodes.USAGE);
    }

    @Test
    void aWebhookOnThisMachineMayBePlain() {
        assertThat(of(Map.of("HOLDFAST_ALERT_WEBHOOK", "http://127.0.0.1:9/x")).webhook())
                .hasPort(9);
    }
}
