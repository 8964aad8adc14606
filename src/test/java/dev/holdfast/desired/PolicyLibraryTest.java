package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.Guardrails;
import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.PolicyFinding;
import dev.holdfast.model.PolicySet;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.StackSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The ready policies of {@code docs/examples/policies}: each passes its good cases, and fails its bad cases with its
 * message.
 */
class PolicyLibraryTest {
    private static final Path LIBRARY = Path.of("docs/examples/policies");
    private static final Path CASES = Path.of("src/test/resources/policies");
    private static final ObjectMapper JSON = new ObjectMapper();

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(LIBRARY)) {
            return files.map(f -> f.getFileName().toString().replace(".json", ""))
                    .sorted()
                    .toList();
        }
    }

    private static JsonNode policy(String name) {
        return read(LIBRARY.resolve(name + ".json"));
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PolicySet policies(List<String> names) {
        ObjectNode document =
                JSON.createObjectNode().put("apiVersion", "holdfast.dev/v1").put("kind", "Guardrails");
        names.forEach(name -> document.withObject("/spec").withArray("policies").add(policy(name)));
        List<Problem> problems = new ArrayList<>();
        Guardrails guardrails = GuardrailsReader.read(
                "guardrails.json", document.toString().getBytes(StandardCharsets.UTF_8), TestKinds.all(), problems);
        assertThat(problems).isEmpty();
        return Objects.requireNonNull(guardrails).policies();
    }

    private static List<PolicyFinding> check(String name, JsonNode oneCase) {
        ResourceId id = new ResourceId(oneCase.path("kind").asText(), "it");
        StackSettings settings = new StackSettings(
                "prod",
                "123456789012",
                "eu-west-2",
                null,
                Map.of(),
                StackSettings.Mode.Enforce,
                Duration.ofMinutes(1),
                true,
                StackSettings.Limits.DEFAULT,
                false);
        DesiredResource resource = new DesiredResource(
                id, (ObjectNode) oneCase.path("spec"), Lifecycle.DEFAULT, java.util.Set.of(), null, null, Map.of());
        Revision revision = new Revision("0".repeat(64), settings, Map.of(id, resource), Map.of());
        return RevisionPolicies.check(policies(List.of(name)), revision, TestKinds.all())
                .getOrDefault(id, List.of());
    }

    @ParameterizedTest
    @MethodSource("names")
    void passesAndFailsAsItSays(String name) {
        JsonNode cases = read(CASES.resolve(name + ".json"));
        String message = policy(name).path("message").asText();

        assertThat(policy(name).path("name").asText()).isEqualTo(name);
        assertThat(cases.path("pass"))
                .isNotEmpty()
                .allSatisfy(
                        one -> assertThat(check(name, one)).as(one.toString()).isEmpty());
        assertThat(cases.path("fail"))
                .isNotEmpty()
                .allSatisfy(one -> assertThat(check(name, one))
                        .as(one.toString())
                        // A policy that cannot be evaluated fails too, but with another message.
                        .extracting(PolicyFinding::message)
                        .containsExactly(message));
    }

    /** {@code docs/guardrails.md} shows this example. */
    @Test
    void whatTheFirstUsersProductionFails() throws IOException {
        LoadResult loaded = new DesiredCompiler(TestKinds.all())
                .compile(Path.of("desired-state"))
                .get("prod");
        Revision prod = ((LoadResult.ValidRevision) Objects.requireNonNull(loaded)).revision();

        Map<String, TreeSet<String>> failed = new TreeMap<>();
        RevisionPolicies.check(policies(names()), prod, TestKinds.all())
                .forEach((id, findings) ->
                        findings.forEach(finding -> failed.computeIfAbsent(finding.policy(), p -> new TreeSet<>())
                                .add(id.toString())));

        assertThat(names()).hasSize(10);
        assertThat(failed.entrySet().stream()
                        .map(e -> e.getKey() + ": " + String.join(" ", e.getValue()))
                        .collect(Collectors.joining("\n")))
                .isEqualTo("""
                        images-own-by-digest: TaskDefinition/api TaskDefinition/bookings TaskDefinition/identity TaskDefinition/media TaskDefinition/notifications TaskDefinition/payments
                        production-protected: LoadBalancer/main
                        tasks-confined: TaskDefinition/api TaskDefinition/bookings TaskDefinition/identity TaskDefinition/media TaskDefinition/notifications TaskDefinition/payments""");
    }
}
