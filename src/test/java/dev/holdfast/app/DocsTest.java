package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.holdfast.desired.DesiredCompiler;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Slow;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.TestKinds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The program accepts every document and command on the pages of docs. */
class DocsTest {
    private static final Pattern FILE = Pattern.compile("<!-- file: (\\S+) -->\\s*```json\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("]\\(((?!https?:|#)[^)#]+)");
    private static final Path DOCS = Path.of("docs");

    static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(DOCS)) {
            return Stream.concat(
                            files.filter(f -> f.toString().matches(".*\\.(md|yml)")),
                            Stream.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void namesCommandsThatAreUnderstood(Path page) throws IOException {
        for (List<String> command : CommandLines.in(Files.readString(page))) {
            // Only the launcher knows this command.
            if (!command.getFirst().equals("test")) {
                List<String> plain = command.stream()
                        .map(word -> word.equals("HASH…") ? "4f1d2c" : word)
                        .toList();
                assertThatCode(() -> CommandLines.parse(plain))
                        .as("%s: holdfast %s", page, String.join(" ", plain))
                        .doesNotThrowAnyException();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksToWhatIsThere(Path page) throws IOException {
        Matcher links = LINK.matcher(Files.readString(page));
        while (page.toString().endsWith(".md") && links.find()) {
            Path folder = page.getParent() == null ? Path.of("") : page.getParent();
            assertThat(folder.resolve(links.group(1))).exists();
        }
    }

    /** README names the kinds to which "one interval" does not apply. */
    @Test
    void namesTheKindsWithSlowFacets() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String section = readme.substring(readme.indexOf("## How soon drift is found"), readme.indexOf("## Figures"));
        Set<String> named = Pattern.compile("`([A-Z]\\w+)`")
                .matcher(section)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named)
                .isEqualTo(TestKinds.all().all().values().stream()
                        .map(Kind::info)
                        .filter(info ->
                                SpecModel.of(info.spec()).fields().stream().anyMatch(f -> f.has(Slow.class)))
                        .map(KindInfo::name)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void showsDocumentsThatCompile() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        Matcher file = FILE.matcher(Files.readString(DOCS.resolve("desired-state.md")));
        while (file.find()) {
            files.put(file.group(1), file.group(2).getBytes(StandardCharsets.UTF_8));
        }

        Map<String, LoadResult> stacks = new DesiredCompiler(TestKinds.all()).compile(files);

        assertThat(stacks).containsOnlyKeys("dev", "prod");
        assertThat(stacks.values()).allSatisfy(s -> assertThat(s).isInstanceOf(LoadResult.ValidRevision.class));
    }

    @Test
    void showsWorkflowsThatAreYaml() throws IOException {
        try (Stream<Path> files = Files.list(DOCS.resolve("examples/github"))) {
            for (Path workflow : files.toList()) {
                var read = new ObjectMapper(new YAMLFactory()).readTree(Files.readString(workflow));
                assertThat(read.path("jobs"))
                        .as(workflow.toString())
                        .isNotEmpty()
                        .allSatisfy(job -> assertThat(job.path("steps"))
                                .isNotEmpty()
                                .allMatch(step -> step.has("run") != step.has("uses")));
            }
        }
    }
}
