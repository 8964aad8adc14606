package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.TestKinds;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * However the files of a desired state are damaged, the compiler returns a result, and every problem has a location and
 * a hint.
 */
class DamagedInputTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> PIECES =
            List.of("{", "}", "[", "\"", ",", "${", "$${", "null", "0", "é", "\n", "${params.x}", "${Vpc/main}", "\\");

    private static final List<String> ODD = List.of(
            "",
            "*",
            " ",
            "\0",
            "\n",
            "-1",
            "0",
            "x".repeat(5_000),
            "999.999.999.999/99",
            "10.0.0.0/33",
            "::/129",
            "1.2.3",
            "$${",
            "${",
            "٣",
            "😀",
            "\u202e",
            "arn:",
            "arn:aws:iam::123456789012:role/",
            "/",
            "..",
            "a:b:c",
            "{",
            "[",
            "(",
            "rate(",
            "cron()",
            "P",
            "01:00",
            "sun:",
            "%s",
            "\\",
            "*.*",
            "-",
            "1-",
            "-1-",
            "443-",
            "99999999999999999999");
    private static final long SEED = Long.getLong("holdfast.seed", 42);
    /** The number of all cases; one in 25 compiles whole stacks. 0: the sample of a build. */
    private static final int DOCUMENTS = Integer.getInteger("holdfast.documents", 0);

    private static final int ROUNDS = Integer.getInteger("holdfast.rounds", 40);
    /** The maximum processor time of one case. */
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Map<String, byte[]> good = DesiredCompiler.files(Path.of("desired-state"));
    private final DesiredCompiler compiler = new DesiredCompiler(TestKinds.all());
    private final Random random = new Random(SEED);
    private long cases;
    private Duration longest = Duration.ZERO;

    /** Loads the classes first, so that the first case does not include this time. */
    @BeforeEach
    void warm() {
        compiler.compile(good);
    }

    /** Prints the number of cases, the longest case, and the memory in use after all cases. */
    @AfterEach
    void tell(TestInfo test) {
        if (DOCUMENTS > 0) {
            System.gc();
        }
        Runtime memory = Runtime.getRuntime();
        System.out.printf(
                "%s: seed %d, %d cases, the longest %d ms of CPU, %d MB in use%n",
                test.getDisplayName(),
                SEED,
                cases,
                longest.toMillis(),
                (memory.totalMemory() - memory.freeMemory()) >> 20);
        assertThat(longest).isLessThan(LONGEST);
    }

    private LoadResult timed(Supplier<LoadResult> compile) {
        long start = THREADS.getCurrentThreadCpuTime();
        LoadResult loaded = compile.get();
        Duration took = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - start);
        longest = took.compareTo(longest) > 0 ? took : longest;
        cases++;
        return loaded;
    }

    @Test
    void damaged_text_is_answered_with_problems() {
        for (int round = 0; round < Math.max(300, DOCUMENTS / 50); round++) {
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
            LoadResult loaded = timed(() -> compiled(files));

            // Then
            DocumentFixtures.assertAnswered(loaded);
        }
    }

    @Test
    void damaged_json_is_answered_with_problems() throws IOException {
        for (int round = 0; round < Math.max(300, DOCUMENTS / 50); round++) {
            // Given
            Map<String, byte[]> files = new TreeMap<>(good);
            String file = pick(List.copyOf(files.keySet()));
            JsonNode root = MAPPER.readTree(files.get(file));
            damage(root);
            files.put(file, MAPPER.writeValueAsBytes(root));

            // When
            LoadResult loaded = timed(() -> compiled(files));

            // Then
            DocumentFixtures.assertAnswered(loaded);
        }
    }

    /** The result of one of the stacks that are still declared. */
    private LoadResult compiled(Map<String, byte[]> files) {
        StackSet stacks = compiler.stacks(files);
        return Objects.requireNonNull(stacks.read(pick(stacks.names())));
    }

    /**
     * Any text and any number in a spec of any kind is accepted, or refused with a reason; none causes an exception.
     */
    @Test
    void damaged_values_of_every_kind_are_answered_with_problems() throws IOException {
        Map<String, List<ObjectNode>> fixtures = DocumentFixtures.byKind();
        int rounds = Math.max(ROUNDS, DOCUMENTS / 25 * 24 / fixtures.size() + 1);
        for (Map.Entry<String, List<ObjectNode>> fixture : fixtures.entrySet()) {
            for (int round = 0; round < rounds; round++) {
                List<ObjectNode> documents =
                        fixture.getValue().stream().map(ObjectNode::deepCopy).toList();
                oddValue(documents.getLast().path("spec"));
                Map<String, byte[]> files = Map.of(
                        "test/stack.json", DocumentFixtures.STACK.getBytes(StandardCharsets.UTF_8),
                        "test/docs.json", MAPPER.writeValueAsBytes(documents));

                LoadResult loaded = timed(
                        () -> Objects.requireNonNull(compiler.stacks(files).read("test")));

                DocumentFixtures.assertAnswered(loaded);
            }
        }
    }

    /** Puts an odd value of the same type into a random place. */
    private void oddValue(JsonNode spec) {
        List<JsonNode> containers = new ArrayList<>();
        collect(spec, containers);
        JsonNode container = pick(containers);
        if (container instanceof ArrayNode array) {
            int at = random.nextInt(array.size());
            array.set(at, odd(array.get(at)));
        } else if (container instanceof ObjectNode object) {
            Map.Entry<String, JsonNode> member = pick(List.copyOf(object.properties()));
            object.set(member.getKey(), odd(member.getValue()));
        }
    }

    private JsonNode odd(JsonNode value) {
        if (value.isNumber()) {
            return MAPPER.getNodeFactory()
                    .numberNode(pick(List.of(-1L, 0L, 1L, 65536L, (long) Integer.MAX_VALUE, -5L)));
        }
        return value.isTextual() ? MAPPER.getNodeFactory().textNode(pick(ODD)) : value();
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
