package dev.holdfast.app;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Translates the variables for logs and traces into properties of Quarkus, which needs them before it starts. Without
 * {@code OTEL_EXPORTER_OTLP_ENDPOINT} there is no exporter, and nothing is traced.
 */
final class Telemetry {
    private static final String LOG = "HOLDFAST_LOG";
    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /** https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
    private static final Map<String, String> OTEL = Map.of(
            ENDPOINT,
            "quarkus.otel.exporter.otlp.endpoint",
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            "quarkus.otel.exporter.otlp.protocol",
            "OTEL_EXPORTER_OTLP_HEADERS",
            "quarkus.otel.exporter.otlp.headers",
            "OTEL_SERVICE_NAME",
            "quarkus.otel.service.name",
            "OTEL_RESOURCE_ATTRIBUTES",
            "quarkus.otel.resource.attributes");

    private Telemetry() {}

    /**
     * @param variables returns the empty string for a variable that is not set
     * @throws CommandFailure if a variable has a wrong value; the message names the variable
     */
    static Map<String, String> properties(UnaryOperator<String> variables) {
        Map<String, String> properties = new HashMap<>();
        String log = variables.apply(LOG).strip();
        switch (log) {
            case "json" -> properties.put("quarkus.log.console.json.enabled", "true");
            case "", "text" -> {}
            default -> throw new CommandFailure(LOG + ": '" + log + "' is neither json nor text", ExitCodes.USAGE);
        }
        String endpoint = variables.apply(ENDPOINT).strip();
        if (!endpoint.isEmpty()) {
            check(endpoint);
            properties.put("quarkus.otel.sdk.disabled", "false");
            OTEL.forEach((variable, property) -> {
                String value = variables.apply(variable).strip();
                if (!value.isEmpty()) {
                    properties.put(property, value);
                }
            });
        }
        return properties;
    }

    private static void check(String endpoint) {
        try {
            URI uri = new URI(endpoint);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return;
            }
        } catch (URISyntaxException e) {
            throw wrong();
        }
        throw wrong();
    }

    /** The value may contain a password, so the message does not repeat it. */
    private static CommandFailure wrong() {
        return new CommandFailure(ENDPOINT + ": the value must be http://HOST:PORT or https://…", ExitCodes.USAGE);
    }
}
