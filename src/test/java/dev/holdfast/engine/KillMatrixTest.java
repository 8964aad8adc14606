package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import dev.holdfast.twin.store.Delay;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The engine is cut off before and after writes take effect, a seeded sample of all of them, with creates visible 10 s late; another one starts
 * on the same state. What exists in the end is always the same: no duplicate, no orphan, nothing replaced.
 */
class KillMatrixTest {
    private static final long SEED = 20261123;
    /** All that a service needs, once. */
    private static final String ONE_SERVICE = "dev with one service";
    /** As many of a stack as fit into a build; {@code -Dholdfast.kills=100000} runs all of both. */
    private static final Map<String, Integer> SAMPLES = Map.of(ONE_SERVICE, 16, "prod", 8);
    /** {@code -Dholdfast.kills.stack=prod} takes only that one; any of the desired state's will do. */
    private static final @Nullable String ONLY = System.getProperty("holdfast.kills.stack");

    private static final Duration LATE = Duration.ofSeconds(10);

    private record Case(String stack, int write, boolean takesEffect, String app) {}

    static Set<String> stacks() {
        return ONLY == null ? new TreeSet<>(SAMPLES.keySet()) : Set.of(ONLY);
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void noKillLeavesATrace(String stack) throws InterruptedException, ExecutionException {
        Map<String, Long> expected;
        int awsWrites;
        int stateWrites;
        try (World world = fresh(stack)) {
            world.converged();
            expected = Inventory.counts(world);
            awsWrites = (int) world.twin.log().count(c -> c.write() && "holdfast".equals(c.app()));
            stateWrites = (int) world.twin.log().count(c -> c.write() && "holdfast-state".equals(c.app()));
        }
        assertThat(awsWrites).isGreaterThan(30);
        assertThat(stateWrites).isGreaterThan(30);

        List<Case> cases = new ArrayList<>();
        for (boolean takesEffect : new boolean[] {false, true}) {
            for (int n = 1; n <= awsWrites; n++) {
                cases.add(new Case(stack, n, takesEffect, "holdfast"));
            }
            // The state's own writes: every third, for a kill between two of them is like a kill between AWS's.
            for (int n = 1; n <= stateWrites; n += 3) {
                cases.add(new Case(stack, n, takesEffect, "holdfast-state"));
            }
        }
        int all = cases.size();
        Collections.shuffle(cases, new Random(SEED));
        int sample = Integer.getInteger("holdfast.kills", SAMPLES.getOrDefault(stack, 24));
        cases.subList(Math.min(all, sample), all).clear();
        List<String> wrong = inParallel(cases, expected);

        System.out.println("kill matrix of " + stack + ": " + cases.size() + " of " + all + " cases, seed " + SEED
                + " (" + awsWrites + " writes to AWS before and after each, every third of " + stateWrites
                + " writes to the state)");
        assertThat(wrong).isEmpty();
    }

    private static World fresh(String stack) {
        World world = new World();
        world.settings.delay(Delay.VISIBLE, LATE);
        world.stateOnTwin();
        return stack.equals(ONE_SERVICE)
                ? SkinClub.oneService(world)
                : world.desireDirectory(Path.of("desired-state"), stack);
    }

    private static List<String> inParallel(List<Case> cases, Map<String, Long> expected)
            throws InterruptedException, ExecutionException {
        List<Callable<String>> tasks = new ArrayList<>();
        AtomicInteger done = new AtomicInteger();
        cases.forEach(c -> tasks.add(() -> {
            String wrong = run(c, expected);
            int n = done.incrementAndGet();
            if (!wrong.isEmpty() || n % 25 == 0) {
                System.out.println(n + " of " + cases.size() + " cases " + wrong);
            }
            return wrong;
        }));
        List<String> wrong = new ArrayList<>();
        try (ExecutorService threads =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (Future<String> result : threads.invokeAll(tasks)) {
                if (!result.get().isEmpty()) {
                    wrong.add(result.get());
                }
            }
        }
        return wrong;
    }

    private static String run(Case kill, Map<String, Long> expected) {
        try (World world = fresh(kill.stack())) {
            Invariants invariants = Invariants.watch(world);
            String killed = world.caller();
            world.twin
                    .faults()
                    .add(TwinFaultRule.on("*", new TwinFault.CutAtWrite(kill.write(), kill.takesEffect()))
                            .by(killed)
                            .ofApp(kill.app()));
            world.runUntil(
                    () -> world.twin.faults().isCutOff(killed) || world.view().converged(), Duration.ofMinutes(30));
            if (!world.twin.faults().isCutOff(killed)) {
                return kill + ": there was no such write";
            }
            Set<String> before = Inventory.owned(world);

            world.restart();
            Duration took = world.converge(Duration.ofMinutes(60));

            if (!world.view().converged()) {
                return kill + ": not converged after " + took + "\n" + world.describe();
            }
            if (!invariants.broken().isEmpty()) {
                return kill + ": " + invariants.broken();
            }
            String difference = Inventory.difference(expected, Inventory.counts(world));
            if (!difference.isEmpty()) {
                return kill + ": " + difference;
            }
            Set<String> gone = new TreeSet<>(before);
            gone.removeAll(Inventory.owned(world));
            return gone.isEmpty() ? "" : kill + ": replaced " + gone;
        } catch (AssertionError | RuntimeException e) {
            return kill + ": " + e;
        }
    }
}
