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
 * The engine is cut off before and after writes take effect, a seeded sample of all of them, with creates visible 10 s late; another one starts
 * on the same state. What exists in the end is always the same: no duplicate, no orphan, nothing replaced.
 */
@Order(1)
class KillMatrixTest {
    private static final long SEED = 20261123;
    /** All that a service needs, once. */
    private static final String ONE_SERVICE = "dev with one service";
    /** As many of a stack as fit into a build; {@code -Dholdfast.kills=100000} runs all of both. */
    private static final Map<String, Integer> SAMPLES = Map.of(ONE_SERVICE, 16, "prod", 8);
    /** {@code -Dholdfast.kills.stack=prod} takes only that one; any of the desired state's will do. */
    private static final @Nullable String ONLY = System.getProperty("holdfast.kills.stack");

    /**
     * How many lives with a kill at every tenth write a build has; {@code -Dholdfast.kills.lives=20} has each write once
     * not take effect and once take effect.
     */
    private static final int LIVES = Integer.getInteger("holdfast.kills.lives", 1);

    /** How many writes a process of such a life gets to. */
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
     * Kill after kill from the first write to the last one, in one life: a kill takes one second in place of five. Every fourth of
     * them is at a write to the state.
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

    /** @return whether it came to that; else the stack has converged before */
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

    /** @return what is wrong in each, the empty ones left out */
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

    /** @param before what was owned when it was killed @return what shows of the kills in the end, or nothing */
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
