package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TelemetryTest {
    private static Map<String, String> of(Map<String, String> variables) {
        return Telemetry.properties(name -> variables.getOrDefault(name, ""));
    }

    @Test
    void withoutAnEndpointNothingIsTracedAndLogsAreText() {
        assertThat(of(Map.of("OTEL_SERVICE_NAME", "x", "HOLDFAST_LOG", "text"))).isEmpty();
    }

    @Test
    void theEndpointSwitchesTracesOn() {
        assertThat(of(Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318",
                        "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")))
                .isEqualTo(Map.of(
                        "quarkus.otel.sdk.disabled", "false",
                        "quarkus.otel.exporter.otlp.endpoint", "http://127.0.0.1:4318",
                        "quarkus.otel.exporter.otlp.protocol", "http/protobuf"));
    }

    @Test
    void logsAreJsonWhereTheyAreAskedToBe() {
        assertThat(of(Map.of("HOLDFAST_LOG", "json")))
                .containsExactly(Map.entry("quarkus.log.console.json.enabled", "true"));
    }

    @ParameterizedTest
    @CsvSource({
        "HOLDFAST_LOG, xml",
        "OTEL_EXPORTER_OTLP_ENDPOINT, collector:4317",
        "OTEL_EXPORTER_OTLP_ENDPOINT, grpc://user:s3cr3t@collector",
        "OTEL_EXPORTER_OTLP_ENDPOINT, 'http://user:s3cr3t@ '"
    })
    void whatIsWrongNamesTheVariable(String name, String value) {
        CommandFailure failure = catchThrowableOfType(CommandFailure.class, () -> of(Map.of(name, value)));

        assertThat(failure).hasMessageStartingWith(name + ": ");
        assertThat(failure.getMessage()).doesNotContain("s3cr3t");
    }

    @Test
    void traceIdsBeginWithTheTime() {
        XrayIds ids = new XrayIds(Clock.fixed(Instant.ofEpochSecond(0x5759e988L), ZoneOffset.UTC));

        assertThat(ids.generateTraceId())
                .startsWith("5759e988")
                .hasSize(32)
                .satisfies(id -> assertThat(TraceId.isValid(id)).isTrue());
        assertThat(ids.generateTraceId()).isNotEqualTo(ids.generateTraceId());
        assertThat(SpanId.isValid(ids.generateSpanId())).isTrue();
    }
}
