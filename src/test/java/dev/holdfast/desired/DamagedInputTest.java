package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.TestKinds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * However the files of a desired state are damaged, the compiler returns a result, and every problem has a location and
 * a hint.
 */
class DamagedInputTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> PIECES =
            List.of("{", "}", "[", "\"", ",", "${", "$${", "null", "0", "é", "\n", "${params.x}", "${Vpc/main}", "\\");

    private final Map<String, byte[]> good = DesiredCompiler.files(Path.of("desired-state"));
    private final DesiredCompiler compiler = new DesiredCompiler(TestKinds.all());
    private final Random random = new Random(42);

    @Test
    void damaged_text_is_answered_with_problems() {
        for (int round = 0; round < 300; round++) {
            // Given
            Map<String, byte[]> files = new TreeMap<>(good);
            String file = pick(List.copyOf(files.keySet()));
            StringBuilder text = new StringBuilder(new String(files.get(file), StandardCharsets.UTF_8));
            int at = random.nextInt(text.length());
            if (random.nextBoolean()) {
                text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(5)));
            } else {
                text.insert(at, pick(PIECES));
            }
            files.put(file, text.toString().getBytes(StandardCharsets.UTF_8));

            // When
            Map<String, LoadResult> loaded = compiler.compile(files);

            // Then
            assertAnswered(loaded);
        }
    }

    @Test
    void damaged_json_is_answered_with_problems() throws IOException {
        for (int round = 0; round < 300; round++) {
            // Given
            Map<String, byte[]> files = new TreeMap<>(good);
            String file = pick(List.copyOf(files.keySet()));
            JsonNode root = MAPPER.readTree(files.get(file));
            damage(root);
            files.put(file, MAPPER.writeValueAsBytes(root));

            // When
            Map<String, LoadResult> loaded = compiler.compile(files);

            // Then
            assertAnswered(loaded);
        }
    }

    private static void assertAnswered(Map<String, LoadResult> loaded) {
        assertThat(loaded.values()).isNotEmpty().allSatisfy(l -> {
            assertThat(l).isNotInstanceOf(LoadResult.NoDesiredState.class);
            if (l instanceof LoadResult.RefusedRevision refused) {
                assertThat(refused.problems()).isNotEmpty().allSatisfy(p -> {
                    assertThat(p.line()).isPositive();
                    assertThat(p.column()).isPositive();
                    assertThat(p.hint()).as(p.toString()).isNotBlank();
                });
            }
        });
    }

    /** Replaces, removes or renames a value at a random location. */
    private void damage(JsonNode root) {
        List<JsonNode> containers = new ArrayList<>();
        collect(root, containers);
        JsonNode container = pick(containers);
        if (container instanceof ArrayNode array) {
            array.insert(random.nextInt(array.size() + 1), value());
        } else if (container instanceof ObjectNode object) {
            String name = pick(List.copyOf(object.properties())).getKey();
            switch (random.nextInt(3)) {
                case 0 -> object.remove(name);
                case 1 -> object.set(name, value());
                default -> object.set(name + "x", object.remove(name));
            }
        }
    }

    private JsonNode value() {
        return switch (random.nextInt(7)) {
            case 0 -> MAPPER.nullNode();
            case 1 -> MAPPER.createArrayNode().add(1);
            case 2 -> MAPPER.createObjectNode().put("a", "b");
            case 3 -> MAPPER.getNodeFactory().numberNode(-1);
            case 4 -> MAPPER.getNodeFactory().textNode("${Vpc/main}");
            case 5 -> MAPPER.getNodeFactory().textNode("${params.network}");
            default -> MAPPER.getNodeFactory().booleanNode(true);
        };
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode() && !node.isEmpty()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
