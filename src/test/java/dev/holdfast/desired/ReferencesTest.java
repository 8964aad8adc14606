package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.kind.Unresolved;
import dev.holdfast.model.ResourceId;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferencesTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void references_are_found_at_any_depth_and_escapes_are_none() throws JsonProcessingException {
        // Given
        JsonNode spec = spec("""
            { "a": "${Vpc/main}", "b": [ { "c": "x${Role/api.arn}y$${Role/no}${params.z}" } ] }
            """);

        // When
        var found = References.in(spec);

        // Then
        assertThat(found)
                .containsExactly(
                        new Reference(new ResourceId("Vpc", "main"), null, "Vpc/main"),
                        new Reference(new ResourceId("Role", "api"), "arn", "Role/api.arn"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
        ${Vpc/port}               | 80
        port ${Vpc/port}          | "port 80"
        ${Vpc/list}               | ["a","b"]
        in ${Vpc/list}            | "in [\\"a\\",\\"b\\"]"
        $${Vpc/port}              | "${Vpc/port}"
        $$${Vpc/port}             | "$${Vpc/port}"
        ${Vpc/new.id}             | "⟦unresolved:Vpc/new.id⟧"
        id ${Vpc/new.id}!         | "id ⟦unresolved:Vpc/new.id⟧!"
        $5 and {x}                | "$5 and {x}"
        """)
    void text_is_resolved_and_unescaped_once(String text, String expected) throws JsonProcessingException {
        // Given
        ObjectNode spec = MAPPER.createObjectNode().put("field", text);
        Map<String, JsonNode> outputs =
                Map.of("Vpc/port", IntNode.valueOf(80), "Vpc/list", MAPPER.readTree("[\"a\",\"b\"]"));

        // When
        ObjectNode resolved = References.resolve(spec, r -> outputs.get(r.text()));

        // Then
        assertThat(resolved.get("field")).isEqualTo(MAPPER.readTree(expected));
        assertThat(spec.get("field").textValue()).isEqualTo(text);
    }

    @Test
    void a_value_that_looks_like_a_reference_is_not_resolved_again() {
        // Given
        ObjectNode spec = MAPPER.createObjectNode().put("field", "${Role/a}");

        // When
        ObjectNode resolved = References.resolve(spec, r -> TextNode.valueOf("$${x} ${Vpc/main}"));

        // Then
        assertThat(resolved.get("field").textValue()).isEqualTo("$${x} ${Vpc/main}");
    }

    @Test
    void what_is_unresolved_is_marked() {
        // Given
        ObjectNode spec = MAPPER.createObjectNode().put("field", "${Role/a}");

        // When
        ObjectNode resolved = References.resolve(spec, r -> null);

        // Then
        assertThat(Unresolved.is(resolved.get("field").textValue())).isTrue();
    }

    @Test
    void only_references_outside_deferred_fields_order_the_graph() throws JsonProcessingException {
        // Given
        ObjectNode spec = (ObjectNode) spec("""
            { "vpcId": "${Vpc/main}",
              "ingress": [ { "protocol": "tcp", "securityGroup": "${SecurityGroup/alb}", "cidrIpv4": "${Vpc/main.cidrBlock}" } ] }
            """);

        // When
        var ordering = References.ordering(spec, SampleKinds.SecurityGroup.class);
        var deferred = References.deferred(spec, SampleKinds.SecurityGroup.class);

        // Then
        assertThat(ordering).extracting(Reference::text).containsExactly("Vpc/main", "Vpc/main.cidrBlock");
        assertThat(deferred).extracting(Reference::text).containsExactly("SecurityGroup/alb");
    }

    @Test
    void any_text_survives_escaping_and_resolving() {
        // Given
        Random random = new Random(7);
        List<String> pieces = List.of("$", "{", "}", "${", "$${", "a", "${Vpc/main}");
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(8); i > 0; i--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            ObjectNode spec = MAPPER.createObjectNode().put("f", Interpolation.escape(text.toString()));

            // When
            ObjectNode resolved = References.resolve(spec, r -> TextNode.valueOf("!"));

            // Then
            assertThat(resolved.get("f").textValue()).isEqualTo(text.toString());
        }
    }

    private static JsonNode spec(String json) throws JsonProcessingException {
        return MAPPER.readTree(json);
    }
}
