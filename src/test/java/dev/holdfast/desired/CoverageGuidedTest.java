package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.Programs;
import dev.holdfast.kind.TestKinds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged documents that <a href="https://github.com/CodeIntelligenceTesting/jazzer">Jazzer</a> makes from good ones:
 * it keeps the documents that reach new code. Jazzer runs in its own process, because it instruments the classes.
 */
@Order(1)
class CoverageGuidedTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in \\d+ second");
    private static final long SEED = Long.getLong("holdfast.seed", 42);
    /** The good documents are the first ones. */
    private static final int INPUTS = Integer.getInteger("holdfast.guided", 400);

    @Test
    void everyInputIsAnswered(@TempDir Path folder) throws IOException, InterruptedException {
        Path corpus = Files.createDirectory(folder.resolve("corpus"));
        Files.writeString(corpus.resolve("stack"), DocumentFixtures.STACK);
        for (Map.Entry<String, List<ObjectNode>> kind :
                DocumentFixtures.byKind().entrySet()) {
            MAPPER.writeValue(corpus.resolve(kind.getKey().replace(' ', '-')).toFile(), kind.getValue());
        }
        for (Map.Entry<String, LoadResult> stack : new DesiredCompiler(TestKinds.all())
                .compile(Path.of("desired-state"))
                .entrySet()) {
            if (stack.getValue() instanceof LoadResult.ValidRevision(var revision, var published, var warnings)) {
                Files.write(corpus.resolve("revision-" + stack.getKey()), RevisionCodec.write(revision));
            }
        }
        Files.copy(Path.of("deploy/guardrails.json"), corpus.resolve("guardrails"));
        Files.copy(Path.of("docs/examples/guardrails.json"), corpus.resolve("guardrails-all"));
        Path log = folder.resolve("log");

        Process process = new ProcessBuilder(
                        Programs.ofJdk("java"),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + GuidedDocuments.class.getName(),
                        "--instrumentation_includes=dev.holdfast.**",
                        "--custom_hook_excludes=**",
                        "--reproducer_path=" + folder,
                        "-artifact_prefix=" + folder + "/",
                        "-max_len=20000",
                        "-seed=" + SEED,
                        // The heap is bounded above. The rest is instrumented code, which grows with the code.
                        "-rss_limit_mb=0",
                        "-runs=" + INPUTS,
                        corpus.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int exit = process.waitFor();

        String said = Files.readString(log, StandardCharsets.ISO_8859_1);
        assertThat(exit).as(said).isZero();
        Matcher done = DONE.matcher(said);
        assertThat(done.find()).as(said).isTrue();
        System.out.println("seed " + SEED + ": " + done.group());
        assertThat(Integer.parseInt(done.group(1))).isGreaterThanOrEqualTo(INPUTS);
    }
}
