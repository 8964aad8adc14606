package dev.holdfast.desired;

import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.Revision;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The target that Jazzer calls in the process of {@link CoverageGuidedTest} with inputs that reach new code: a
 * revision, guardrails, a stack's document, or the documents that a stack includes.
 */
public final class GuidedDocuments {
    private static final DesiredCompiler COMPILER = new DesiredCompiler(TestKinds.all());
    private static final RevisionCodec REVISIONS = new RevisionCodec(TestKinds.all());
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    /** The maximum processor time. The first input includes the loading and the instrumentation of classes. */
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private static long inputs;

    private GuidedDocuments() {}

    /** Jazzer's entry point. */
    public static void fuzzerTestOneInput(byte[] input) {
        long start = THREADS.getCurrentThreadCpuTime();
        String text = new String(input, StandardCharsets.UTF_8);
        if (text.contains("\"Revision\"")) {
            revision(input);
        } else if (text.contains("\"Guardrails\"")) {
            guardrails(input);
        } else {
            documents(input);
        }

        Duration took = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - start);
        if (inputs++ > 1_000 && took.compareTo(LONGEST) > 0) {
            throw new AssertionError("took " + took);
        }
    }

    /** Reads a revision that another program may have published. */
    private static void revision(byte[] input) {
        LoadResult read = REVISIONS.read("revision.json", input);
        if (read instanceof LoadResult.ValidRevision(var revision, var published, var warnings)) {
            // The input need not be canonical, and then its name is the hash of another form.
            Revision again = new Revision(
                    RevisionCodec.sha256(RevisionCodec.write(revision)),
                    revision.settings(),
                    revision.resources(),
                    revision.composites());
            DocumentFixtures.assertAnswered(new LoadResult.ValidRevision(again));
        } else {
            DocumentFixtures.assertAnswered(read);
        }
    }

    private static void guardrails(byte[] input) {
        List<Problem> problems = new ArrayList<>();
        if (GuardrailsReader.read("guardrails.json", input, TestKinds.all(), problems) == null) {
            DocumentFixtures.assertAnswered(new LoadResult.RefusedRevision(null, problems));
        }
    }

    private static void documents(byte[] input) {
        boolean stack = input.length > 0 && input[0] == '{';
        Map<String, byte[]> files = Map.of(
                "test/stack.json", stack ? input : DocumentFixtures.STACK.getBytes(StandardCharsets.UTF_8),
                "test/docs.json", stack ? "[]".getBytes(StandardCharsets.UTF_8) : input);

        StackSet stacks = COMPILER.stacks(files);
        stacks.names().forEach(name -> DocumentFixtures.assertAnswered(Objects.requireNonNull(stacks.read(name))));
    }
}
