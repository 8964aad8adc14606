package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Compiles {@code in/} of every folder under {@code src/test/resources/desired} and compares the result with {@code
 * expected.json}, by stack, or with the lines of {@code errors.txt}. With {@code HOLDFAST_SNAPSHOTS=write} in the
 * environment, the expectations are written again; read them before you commit them.
 */
class SnapshotTest {
    private static final Path CASES = Path.of("src/test/resources/desired");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> cases() throws IOException {
        List<Path> cases = new ArrayList<>();
        try (Stream<Path> folders = Files.list(CASES)) {
            folders.filter(Files::isDirectory).sorted().forEach(cases::add);
        }
        return cases.stream().map(c -> DynamicTest.dynamicTest(c.getFileName().toString(), () -> run(c)));
    }

    private static void run(Path folder) throws IOException {
        // Given
        Path input = folder.resolve("in");
        Path expected = folder.resolve("expected.json");
        Path errors = folder.resolve("errors.txt");

        // When
        Map<String, LoadResult> loaded = new DesiredCompiler(SampleKinds.CATALOG).compile(input);

        // Then
        String revisions = revisions(loaded);
        String problems = problems(loaded);
        if ("write".equals(System.getenv("HOLDFAST_SNAPSHOTS"))) {
            write(expected, revisions);
            write(errors, problems);
        }
        assertThat(problems).isEqualTo(Files.exists(errors) ? Files.readString(errors) : "");
        assertThat(revisions).isEqualTo(Files.exists(expected) ? Files.readString(expected) : "");
    }

    private static void write(Path file, String content) throws IOException {
        if (content.isEmpty()) {
            Files.deleteIfExists(file);
        } else {
            Files.writeString(file, content);
        }
    }

    private static String revisions(Map<String, LoadResult> loaded) throws IOException {
        ObjectNode all = MAPPER.createObjectNode();
        for (Map.Entry<String, LoadResult> e : loaded.entrySet()) {
            if (e.getValue() instanceof LoadResult.ValidRevision(var revision, var published, var warnings)) {
                all.set(e.getKey(), MAPPER.readTree(RevisionCodec.write(revision)));
            }
        }
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
        return all.isEmpty() ? "" : MAPPER.writer(printer).writeValueAsString(all) + "\n";
    }

    private static String problems(Map<String, LoadResult> loaded) {
        StringBuilder text = new StringBuilder();
        loaded.forEach((stack, l) -> {
            if (l instanceof LoadResult.RefusedRevision refused) {
                refused.problems()
                        .forEach(p -> text.append(stack).append(": ").append(p).append('\n'));
            }
        });
        return text.toString();
    }
}
