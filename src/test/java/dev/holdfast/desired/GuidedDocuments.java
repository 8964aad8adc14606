package dev.holdfast.desired;

import dev.holdfast.kind.TestKinds;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * What Jazzer calls in the process of {@link CoverageGuidedTest} with inputs that reach new code: an object is the
 * stack's document, anything else the documents that the stack includes.
 */
public final class GuidedDocuments {
    private static final DesiredCompiler COMPILER = new DesiredCompiler(TestKinds.all());
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    /** Of a processor. The first input pays for the loading and the instrumentation of classes. */
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private static long inputs;

    private GuidedDocuments() {}

    /** Jazzer's entry point. */
    public static void fuzzerTestOneInput(byte[] input) {
        boolean stack = input.length > 0 && input[0] == '{';
        Map<String, byte[]> files = Map.of(
                "test/stack.json", stack ? input : DocumentFixtures.STACK.getBytes(StandardCharsets.UTF_8),
                "test/docs.json", stack ? "[]".getBytes(StandardCharsets.UTF_8) : input);

        long start = THREADS.getCurrentThreadCpuTime();
        StackSet stacks = COMPILER.stacks(files);
        stacks.names().forEach(name -> DocumentFixtures.assertAnswered(Objects.requireNonNull(stacks.read(name))));

        Duration took = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - start);
        if (inputs++ > 1_000 && took.compareTo(LONGEST) > 0) {
            throw new AssertionError("took " + took);
        }
    }
}
