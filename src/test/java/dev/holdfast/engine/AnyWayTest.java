package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The final state of a stack depends only on its desired state, and not on the states before. The stack passes through
 * other desired states, some of which it does not reach, and the daemon is killed in between. It ends in the same state
 * as a stack that is created at once.
 */
class AnyWayTest {
    /** The number of runs in a build; {@code -Dholdfast.ways=100} makes more of them. */
    private static final int WAYS = Integer.getInteger("holdfast.ways", 2);

    private static final long SEED = Long.getLong("holdfast.ways.seed", 20261127);
    /**
     * {@code -Dholdfast.ways.stack=prod}: the runs use variants of the whole stack prod instead of generated stacks.
     */
    private static final boolean PROD = "prod".equals(System.getProperty("holdfast.ways.stack"));

    private static final int STOPS = 4;

    static LongStream seeds() {
        System.out.println("ways: " + WAYS + (PROD ? " of prod" : "") + " from seed " + SEED);
        return LongStream.range(SEED, SEED + WAYS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void endsAtTheSame(long seed) {
        Random random = new Random(seed);
        List<Consumer<World>> desired = new ArrayList<>();
        for (int i = 0; i < STOPS; i++) {
            desired.add(state(random));
        }
        Map<String, Long> expected;
        try (World world = world(seed)) {
            desired.getLast().accept(world);
            arrive(world, "made at once, seed " + seed);
            expected = desiredOnly(world);
        }
        try (World world = world(seed)) {
            Invariants invariants = Invariants.watch(world);
            world.stateOnTwin();
            for (int i = 0; i < STOPS; i++) {
                desired.get(i).accept(world);
                if (random.nextBoolean()) {
                    killed(world, 1 + random.nextInt(PROD ? 100 : 20), random.nextBoolean());
                }
                if (random.nextBoolean()) {
                    arrive(world, "at stop " + (i + 1) + " of seed " + seed);
                }
            }
            arrive(world, "at the end of the way, seed " + seed);

            // Only the hourly search finds an object that the last request of a killed process created.
            world.clock.advance(Duration.ofHours(2));
            arrive(world, "two hours later, seed " + seed);
            assertThat(Inventory.difference(expected, desiredOnly(world)))
                    .as("seed " + seed)
                    .isEmpty();
            asDesired(world, seed);
            invariants.assertKept();
        }
    }

    private static World world(long seed) {
        World world = new World(seed);
        return PROD ? SkinClub.prod(world) : world;
    }

    private static Consumer<World> state(Random random) {
        if (PROD) {
            return new RandomProd(random);
        }
        String documents = RandomStack.documents(random);
        return world -> world.desire(documents, Docs.UNLIMITED);
    }

    private static void killed(World world, int write, boolean takesEffect) {
        String caller = world.caller();
        TwinFaultRule kill = TwinFaultRule.on("*", new TwinFault.CutAtWrite(write, takesEffect))
                .by(caller)
                .ofApp("holdfast");
        world.twin.faults().add(kill);
        world.reconciler().requestFull();
        world.runUntil(() -> world.twin.faults().isCutOff(caller), Duration.ofMinutes(3));
        if (!world.twin.faults().isCutOff(caller)) {
            // The stack made fewer writes than that: the process ends between two passes.
            world.twin.faults().withdraw(kill);
        }
        world.restart();
    }

    /** Approves every step that waits for an approval, until the stack is settled. */
    private static void arrive(World world, String when) {
        for (int i = 0; i < 12; i++) {
            world.approveHeld();
            world.converge(Duration.ofMinutes(20));
            if (world.view().converged()
                    && world.desired().sha256().equals(world.view().revision())) {
                return;
            }
        }
        throw new AssertionError(when + ":\n" + world.describe());
    }

    /** The counts without retained objects that are no longer desired, and without old versions. */
    private static Map<String, Long> desiredOnly(World world) {
        Map<String, Long> counts = new TreeMap<>(Inventory.counts(world));
        counts.keySet().removeIf(key -> {
            String owner = key.substring(key.lastIndexOf(' ') + 1);
            // The operator keeps its state in a bucket, too.
            return key.startsWith("ecs:task-definition ")
                    || key.equals("s3 -")
                    || (!owner.equals("-")
                            && world.view().resources().get(ResourceId.parse(owner)) instanceof ResourceView view
                            && view.status() == Status.Orphaned);
        });
        return counts;
    }

    /** A read by another principal, who remembers nothing, shows no difference. */
    private static void asDesired(World world, long seed) {
        Stranger stranger = new Stranger(world);
        Map<ResourceId, ManagedResource<?>> targets = stranger.targets(world.desired());
        Map<ResourceId, Known<?>> found = stranger.observe(targets);
        assertThat(found.keySet())
                .as("seed " + seed)
                .containsAll(world.desired().resources().keySet());
        for (ResourceId id : world.desired().resources().keySet()) {
            assertThat(Stranger.diff(targets.get(id), found.get(id)).changes())
                    .filteredOn(c -> !c.component().equals("desiredCount")) // scaling changes it
                    .as(id + ", seed " + seed)
                    .isEmpty();
        }
    }
}
