package dev.holdfast.composites;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.Specs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The additional parts of a service with traces: the CloudWatch agent in its tasks, and the variables by which
 * OpenTelemetry finds the agent. The agent accepts the data of the former X-Ray daemon on the same port.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html">the
 *     agent's configuration</a>
 */
final class ServiceTracer {
    static final String CONTAINER = "cloudwatch-agent";

    /**
     * The permissions of the agent: the actions of AWS's managed policy AWSXRayDaemonWriteAccess.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSXRayDaemonWriteAccess.html">policy</a>
     */
    static final List<String> ACTIONS = List.of(
            "xray:GetSamplingRules",
            "xray:GetSamplingStatisticSummaries",
            "xray:GetSamplingTargets",
            "xray:PutTelemetryRecords",
            "xray:PutTraceSegments");

    private final ServiceComposite.Spec spec;
    private final Expansion into;

    ServiceTracer(ServiceComposite.Spec spec, Expansion into) {
        this.spec = spec;
        this.into = into;
    }

    /** The containers of a task share its network interface, so that no port of the agent is open outside the task. */
    Map<String, Object> container(Object logging) {
        return JsonFields.of(
                "name",
                CONTAINER,
                "image",
                spec.tracing().image(),
                // A service must work even if its agent stops.
                "essential",
                false,
                "cpu",
                32,
                "memoryReservation",
                128,
                "environment",
                List.of(JsonFields.of(
                        "name", "CW_CONFIG_CONTENT", "value", configuration().toString())),
                "logConfiguration",
                logging);
    }

    private JsonNode configuration() {
        JsonNode given =
                into.raw("tracing") == null ? null : into.raw("tracing").get("configuration");
        return given != null
                ? given
                : Specs.json(JsonFields.of(
                        "agent",
                        JsonFields.of("region", into.stack().region()),
                        "traces",
                        JsonFields.of(
                                "traces_collected", JsonFields.of("otlp", JsonFields.of(), "xray", JsonFields.of()))));
    }

    /**
     * The variables of the service's own container; the document may override each variable.
     *
     * @see <a href="https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/">OpenTelemetry's
     *     variables</a>
     */
    Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        if (spec.tracing().enabled()) {
            variables.put("OTEL_SERVICE_NAME", into.name());
            variables.put(
                    "OTEL_RESOURCE_ATTRIBUTES",
                    "deployment.environment=" + into.stack().name());
            variables.put("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
            variables.put("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://localhost:4318/v1/traces");
            variables.put("OTEL_TRACES_SAMPLER", "xray");
            variables.put("OTEL_TRACES_SAMPLER_ARG", "endpoint=http://localhost:2000");
            variables.put("OTEL_PROPAGATORS", "tracecontext,baggage,b3,xray");
            variables.put("OTEL_METRICS_EXPORTER", "none");
            variables.put("OTEL_LOGS_EXPORTER", "none");
        }
        return variables;
    }
}
