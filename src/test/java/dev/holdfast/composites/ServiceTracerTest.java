package dev.holdfast.composites;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.desired.CompiledStack;
import dev.holdfast.model.ResourceId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The additional parts of a service with traces. */
class ServiceTracerTest {
    private static final String DOCUMENTS = """
        [{"apiVersion":"holdfast.dev/v1","kind":"Network","metadata":{"name":"main"},
          "spec":{"cidrBlock":"10.0.0.0/16","zones":["a","b"]}},
         {"apiVersion":"holdfast.dev/v1","kind":"EcsCluster","metadata":{"name":"main"},"spec":{}},
         {"apiVersion":"holdfast.dev/v1","kind":"Service","metadata":{"name":"api"},
          "spec":{"image":"public.ecr.aws/x/api:1"%s}}]
        """;

    /** @param more fields of the service, each after a comma */
    private static JsonNode part(String kind, String name, String more) {
        return CompiledStack.of(DOCUMENTS.formatted(more))
                .resources()
                .get(new ResourceId(kind, name))
                .spec();
    }

    private static JsonNode containers(String more) {
        return part("TaskDefinition", "api", more).path("containerDefinitions");
    }

    private static Map<String, String> environment(JsonNode container) {
        Map<String, String> variables = new TreeMap<>();
        container
                .path("environment")
                .forEach(v ->
                        variables.put(v.path("name").asText(), v.path("value").asText()));
        return variables;
    }

    /** A moving tag would roll out all services, and an agent that fails must not stop a service. */
    @Test
    void theAgentIsPinnedAndNotEssential() {
        JsonNode agent = containers(",\"tracing\":true").get(1);

        assertThat(agent.path("image").asText())
                .matches("public\\.ecr\\.aws/cloudwatch-agent/.*:\\d+\\.\\d+\\.\\d+b\\d+");
        assertThat(agent.path("essential").asBoolean(true)).isFalse();
        assertThat(environment(agent).get("CW_CONFIG_CONTENT")).contains("\"otlp\":{}", "\"xray\":{}");
    }

    @Test
    void theTaskRoleMayDoWhatTheAgentNeedsAndNoMore() {
        JsonNode policies = part("Role", "api-task", ",\"tracing\":true").path("policies");

        assertThat(policies).hasSize(1);
        assertThat(policies.findValues("Action").getFirst())
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder(
                        "xray:GetSamplingRules",
                        "xray:GetSamplingStatisticSummaries",
                        "xray:GetSamplingTargets",
                        "xray:PutTelemetryRecords",
                        "xray:PutTraceSegments");
    }

    @Test
    void aServiceWithoutTracesHasNoneOfIt() {
        assertThat(containers("")).hasSize(1);
        assertThat(environment(containers("").get(0))).isEmpty();
        assertThat(part("Role", "api-task", "").path("policies")).isEmpty();
    }

    @Test
    void theDocumentDecidesImageConfigurationAndVariables() {
        JsonNode containers = containers("""
            ,"environment":{"OTEL_TRACES_SAMPLER":"always_on","A":"b"},
             "tracing":{"image":"example/agent:1","configuration":{"traces":{}}}""");

        assertThat(environment(containers.get(0)))
                .containsEntry("OTEL_TRACES_SAMPLER", "always_on")
                .containsEntry("OTEL_SERVICE_NAME", "api")
                .containsEntry("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://localhost:4318/v1/traces")
                .containsEntry("A", "b");
        assertThat(containers.get(1).path("image").asText()).isEqualTo("example/agent:1");
        assertThat(environment(containers.get(1))).isEqualTo(Map.of("CW_CONFIG_CONTENT", "{\"traces\":{}}"));
        assertThat(List.of(
                        containers.get(0).path("name").asText(),
                        containers.get(1).path("name").asText()))
                .containsExactly("api", "cloudwatch-agent");
    }
}
