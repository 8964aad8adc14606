package dev.holdfast.composites;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.desired.DesiredCompiler;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.ResourceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Expands {@code in.json} of every folder under {@code src/test/resources/composites} and compares the result with
 * {@code expected.json}, or the problems with {@code errors.txt}. With {@code HOLDFAST_SNAPSHOTS=write} in the
 * environment, the expectations are written again; read them before you commit them.
 */
class ExpansionTest {
    private static final Path CASES = Path.of("src/test/resources/composites");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String STACK = """
            {"apiVersion":"holdfast.dev/v1","kind":"Stack","metadata":{"name":"test"},
             "spec":{"account":"123456789012","region":"eu-west-2","include":["in.json"],
                     "params":{"none":null,"zones":["a","b"],"shared":{"environment":{"LEVEL":"info","PORT":"8080"},"logRetentionInDays":7}}}}
            """;

    @TestFactory
    Stream<DynamicTest> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.filter(Files::isDirectory).sorted().toList().stream()
                    .map(c -> DynamicTest.dynamicTest(c.getFileName().toString(), () -> run(c)));
        }
    }

    private static void run(Path folder) throws IOException {
        // Given
        Map<String, byte[]> files = new TreeMap<>();
        files.put("stack.json", STACK.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        files.put("in.json", Files.readAllBytes(folder.resolve("in.json")));

        // When
        LoadResult loaded = new DesiredCompiler(TestKinds.all()).compile(files).get("test");

        // Then
        String expanded = loaded instanceof LoadResult.ValidRevision(var revision, var published, var warnings)
                ? rendered(revision.resources())
                : "";
        String errors = loaded instanceof LoadResult.RefusedRevision refused
                ? String.join(
                                "\n",
                                refused.problems().stream()
                                        .map(Object::toString)
                                        .toList()) + "\n"
                : "";
        check(folder.resolve("expected.json"), expanded);
        check(folder.resolve("errors.txt"), errors);
    }

    private static void check(Path file, String found) throws IOException {
        if ("write".equals(System.getenv("HOLDFAST_SNAPSHOTS"))) {
            Files.deleteIfExists(file);
            if (!found.isEmpty()) {
                Files.writeString(file, found);
            }
        }
        assertThat(found).isEqualTo(Files.exists(file) ? Files.readString(file) : "");
    }

    private static String rendered(Map<ResourceId, DesiredResource> resources) throws IOException {
        ObjectNode all = MAPPER.createObjectNode();
        for (DesiredResource r : resources.values()) {
            ObjectNode one = all.putObject(r.id().toString());
            if (r.owner() != null) {
                one.put("owner", r.owner().toString());
            }
            List<String> after =
                    r.dependsOn().stream().map(ResourceId::toString).sorted().toList();
            if (!after.isEmpty()) {
                one.putPOJO("dependsOn", after);
            }
            one.set("spec", r.spec());
        }
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
        return MAPPER.writer(printer).writeValueAsString(all) + "\n";
    }
}
