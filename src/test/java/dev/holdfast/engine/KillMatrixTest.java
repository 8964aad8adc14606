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
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The engine is cut off before or after a write takes effect; the writes are a seeded sample of all, and creates become
 * visible 10 s late. Another engine starts on the same state. The final objects are always the same: no duplicate, no
 * orphan, no replacement.
 */
@Order(1)
class KillMatrixTest {
    private static final long SEED = 20261123;
    /** A stack with every resource that a service needs, once. */
    private static final String ONE_SERVICE = "dev with one service";
    /**
     * The number of kills for each stack that a build can test; {@code -Dholdfast.kills=100000} runs all kills of both.
     */
    private static final Map<String, Integer> SAMPLES = Map.of(ONE_SERVICE, 16, "prod", 8);
    /** {@code -Dholdfast.kills.stack=prod} tests only this stack; any stack of the desired state is possible. */
    private static final @Nullable String ONLY = System.getProperty("holdfast.kills.stack");

    /**
     * The number of lives in a build, with a kill at every tenth write. With {@code -Dholdfast.kills.lives=20}, each
     * write once fails to take effect and once takes effect.
     */
    private static final int LIVES = Integer.getInteger("holdfast.kills.lives", 1);

    /** The number of writes that a process of such a life can make. */
    private static final int APART = 10;

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
            awsWrites = (int) world.writeCount();
            stateWrites = (int) world.twin.log().count(c -> c.write() && "holdfast-state".equals(c.app()));
        }
        assertThat(awsWrites).isGreaterThan(30);
        assertThat(stateWrites).isGreaterThan(30);

        List<Case> cases = new ArrayList<>();
        for (boolean takesEffect : new boolean[] {false, true}) {
            for (int n = 1; n <= awsWrites; n++) {
                cases.add(new Case(stack, n, takesEffect, "holdfast"));
            }
            // The writes to the state: every third is enough, because a kill between two of them equals a kill between
            // two writes to AWS.
            for (int n = 1; n <= stateWrites; n += 3) {
                cases.add(new Case(stack, n, takesEffect, "holdfast-state"));
            }
        }
        int all = cases.size();
        Collections.shuffle(cases, new Random(SEED));
        int sample = Integer.getInteger("holdfast.kills", SAMPLES.getOrDefault(stack, 24));
        cases.subList(Math.min(all, sample), all).clear();
        AtomicInteger done = new AtomicInteger();
        List<Callable<String>> tasks = new ArrayList<>();
        cases.forEach(c -> tasks.add(() -> {
            String trace = run(c, expected);
            int n = done.incrementAndGet();
            if (!trace.isEmpty() || n % 25 == 0) {
                System.out.println(n + " of " + cases.size() + " cases " + trace);
            }
            return trace;
        }));

        List<String> wrong = inParallel(tasks);

        System.out.println("kill matrix of " + stack + ": " + cases.size() + " of " + all + " cases, seed " + SEED
                + " (" + awsWrites + " writes to AWS before and after each, every third of " + stateWrites
                + " writes to the state)");
        assertThat(wrong).isEmpty();
    }

    /**
     * Many kills in one life, from the first write to the last: this takes one second for a kill instead of five. Every
     * fourth kill is at a write to the state.
     */
    @ParameterizedTest
    @MethodSource("stacks")
    void noKillOfManyLeavesATrace(String stack) throws InterruptedException, ExecutionException {
        Map<String, Long> expected;
        try (World world = fresh(stack)) {
            expected = Inventory.counts(world.converged());
        }
        AtomicInteger kills = new AtomicInteger();
        List<Callable<String>> tasks = new ArrayList<>();
        for (int n = 0; n < LIVES; n++) {
            int first = 1 + n % APART;
            boolean takesEffect = n / APART % 2 == 0;
            tasks.add(() -> live(stack, first, takesEffect, expected, kills));
        }

        List<String> wrong = inParallel(tasks);

        System.out.println("kills in " + LIVES + " lives of " + stack + ": " + kills);
        assertThat(wrong).isEmpty();
        assertThat(kills).hasValueGreaterThan(10 * LIVES);
    }

    private static String live(
            String stack, int first, boolean takesEffect, Map<String, Long> expected, AtomicInteger kills) {
        String life = "a kill of " + stack + " every " + APART + " writes from " + first + " on, takes effect: "
                + takesEffect;
        try (World world = fresh(stack)) {
            Invariants invariants = Invariants.watch(world);
            Set<String> before = new TreeSet<>();
            int n = 0;
            while (isKilled(world, n, n == 0 ? first : APART, takesEffect)) {
                before.addAll(Inventory.owned(world));
                world.restart();
                n++;
            }
            kills.addAndGet(n);
            String trace = trace(world, invariants, before, expected);
            return trace.isEmpty() ? "" : life + ", " + n + " kills: " + trace;
        } catch (AssertionError | RuntimeException e) {
            return life + ": " + e;
        }
    }

    /** @return whether the process was killed; if not, the stack converged first */
    private static boolean isKilled(World world, int n, int write, boolean takesEffect) {
        boolean ofState = n % 4 == 3;
        Case kill = ofState
                ? new Case(world.stack(), 1 + n / 4 % APART, takesEffect, "holdfast-state")
                : new Case(world.stack(), write, takesEffect, "holdfast");
        String killed = world.caller();
        TwinFaultRule rule = cut(kill, killed);
        world.twin.faults().add(rule);
        world.runUntil(
                () -> world.twin.faults().isCutOff(killed) || world.view().converged(), Duration.ofMinutes(60));
        if (world.twin.faults().isCutOff(killed)) {
            return true;
        }
        world.twin.faults().withdraw(rule);
        return false;
    }

    private static TwinFaultRule cut(Case kill, String caller) {
        return TwinFaultRule.on("*", new TwinFault.CutAtWrite(kill.write(), kill.takesEffect()))
                .by(caller)
                .ofApp(kill.app());
    }

    private static World fresh(String stack) {
        World world = new World();
        world.settings.delay(Delay.VISIBLE, LATE);
        world.stateOnTwin();
        return stack.equals(ONE_SERVICE)
                ? SkinClub.oneService(world)
                : world.desireDirectory(Path.of("desired-state"), stack);
    }

    /** @return the errors of the tasks, without the empty ones */
    private static List<String> inParallel(List<Callable<String>> tasks)
            throws InterruptedException, ExecutionException {
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
            world.twin.faults().add(cut(kill, killed));
            world.runUntil(
                    () -> world.twin.faults().isCutOff(killed) || world.view().converged(), Duration.ofMinutes(30));
            if (!world.twin.faults().isCutOff(killed)) {
                return kill + ": there was no such write";
            }
            Set<String> before = Inventory.owned(world);
            String trace = trace(world.restart(), invariants, before, expected);
            return trace.isEmpty() ? "" : kill + ": " + trace;
        } catch (AssertionError | RuntimeException e) {
            return kill + ": " + e;
        }
    }

    /**
     * @param before the owned objects at the time of the kill
     * @return the differences that the kills caused in the end, or nothing
     */
    private static String trace(World world, Invariants invariants, Set<String> before, Map<String, Long> expected) {
        Duration took = world.converge(Duration.ofMinutes(60));
        if (!world.view().converged()) {
            return "not converged after " + took + "\n" + world.describe();
        }
        if (!invariants.broken().isEmpty()) {
            return invariants.broken().toString();
        }
        String difference = Inventory.difference(expected, Inventory.counts(world));
        if (!difference.isEmpty()) {
            return difference;
        }
        Set<String> gone = new TreeSet<>(before);
        gone.removeAll(Inventory.owned(world));
        return gone.isEmpty() ? "" : "replaced " + gone;
    }
}
