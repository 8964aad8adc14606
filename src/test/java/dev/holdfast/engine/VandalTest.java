package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Phase;
import dev.holdfast.model.ResourceId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Another principal deletes objects of ours, as far as AWS allows: some objects, or everything except data. Every
 * object is restored once, and no other object is changed.
 */
class VandalTest {
    /** The number of rounds in a build; {@code -Dholdfast.vandals=100} runs more. */
    private static final int ROUNDS = Integer.getInteger("holdfast.vandals", 2);

    private static final long SEED = Long.getLong("holdfast.vandals.seed", 20261127);

    /** After this time every slow facet is due, so that the pass also finds losses that only slow facets show. */
    private static final Duration ALL_DUE = Duration.ofMinutes(11);

    /**
     * A resource that cannot be created again from its document is not deleted here, because the operator does not
     * restore it by itself.
     */
    private static boolean isSpared(ManagedResource<?> target) {
        return target.kind().info().stateful() && !target.kind().info().recreate();
    }

    @Test
    void whatIsDeletedHereAndThereComesBackAlone() {
        Random random = new Random(SEED);
        try (World world = SkinClub.rotatingLater(SkinClub.prod(new World()))) {
            world.unlimited().converged();
            Invariants invariants = Invariants.watch(world);
            Map<String, Long> expected = Inventory.counts(world);
            int deleted = 0;
            for (int round = 1; round <= ROUNDS; round++) {
                Set<String> ids = Inventory.owned(world);
                Set<ResourceId> gone = someDeleted(world, random, 1 + random.nextInt(6));
                String when = "round " + round + " of seed " + SEED + ", without " + gone;
                assertThat(gone)
                        .as("deleted in round %d of seed %d", round, SEED)
                        .isNotEmpty();
                deleted += gone.size();

                world.clock.advance(ALL_DUE);
                world.converge(Duration.ofHours(1));

                assertBack(world, expected, when);
                Set<String> near = withDependents(world, gone);
                assertThat(ids.stream().filter(id -> !Inventory.owned(world).contains(id)))
                        .as("replaced in " + when)
                        .allMatch(id -> near.contains(id.substring(0, id.indexOf(' '))));
                assertThat(repaired(world)).as(when).containsAll(gone);
            }
            System.out.println("vandals: " + deleted + " deletions in " + ROUNDS + " rounds, seed " + SEED);
            assertThat(deleted).isGreaterThan(ROUNDS);
            invariants.assertKept();
        }
    }

    @Test
    void whereNothingIsLeftButDataTheRestIsBuiltAroundIt() {
        try (World world = SkinClub.prod(new World())) {
            world.unlimited().converged();
            Map<String, Long> expected = Inventory.counts(world);
            Set<ResourceId> needed = neededBySpared(world);
            while (!deleted(world, List.copyOf(world.desired().resources().keySet()), Integer.MAX_VALUE)
                    .isEmpty()) {
                world.clock.advance(Duration.ofMinutes(10));
            }
            assertThat(there(world))
                    .as("resources that no document restores, and their dependencies")
                    .isNotEmpty()
                    .allMatch(target -> isSpared(target) || needed.contains(target.id()));

            world.restart().converge(Duration.ofHours(2));

            assertBack(world, expected, "after all was razed");
        }
    }

    private static void assertBack(World world, Map<String, Long> expected, String when) {
        assertThat(world.view().converged()).as(when + "\n" + world.describe()).isTrue();
        // For some time after the deletion, AWS still lists a deleted NAT gateway.
        world.clock.advance(Duration.ofHours(2));
        assertThat(Inventory.difference(expected, Inventory.counts(world)))
                .as(when)
                .isEmpty();
    }

    private static List<ResourceId> repaired(World world) {
        return world.view().drift().stream()
                .filter(i -> i.state() == DriftItem.DriftState.Repaired)
                .map(DriftItem::resource)
                .toList();
    }

    private static List<ManagedResource<?>> there(World world) {
        Stranger stranger = new Stranger(world);
        Map<ResourceId, ManagedResource<?>> targets = stranger.targets(world.desired());
        return stranger.observe(targets).keySet().stream()
                .<ManagedResource<?>>map(targets::get)
                .toList();
    }

    private static Set<ResourceId> someDeleted(World world, Random random, int atMost) {
        List<ResourceId> choice = new ArrayList<>(world.desired().resources().keySet());
        Collections.shuffle(choice, random);
        return deleted(world, choice, atMost);
    }

    /** @return the resources among these that AWS let the stranger delete */
    private static Set<ResourceId> deleted(World world, List<ResourceId> choice, int atMost) {
        Stranger stranger = new Stranger(world);
        Map<ResourceId, ManagedResource<?>> targets = stranger.targets(world.desired());
        Map<ResourceId, Known<?>> there = stranger.observe(targets);
        Set<ResourceId> gone = new TreeSet<>();
        for (ResourceId id : choice) {
            ManagedResource<?> target = Objects.requireNonNull(targets.get(id));
            if (gone.size() < atMost && there.containsKey(id) && !isSpared(target) && isDeleted(stranger, target)) {
                gone.add(id);
            }
        }
        return gone;
    }

    /** Some deletions take several calls: a role without its policies still exists. */
    private static boolean isDeleted(Stranger stranger, ManagedResource<?> target) {
        for (int calls = 0; calls < 5; calls++) {
            Known<?> known = stranger.observe(Map.of(target.id(), target)).get(target.id());
            if (known == null || known.phase() == Phase.Deleting) {
                return calls > 0;
            }
            try {
                stranger.delete(target, known);
            } catch (AwsServiceException e) {
                return calls > 0; // another object uses the resource
            }
        }
        return true;
    }

    /** AWS refuses to delete an object that is in use: a database keeps its subnets, and the subnets keep their VPC. */
    private static Set<ResourceId> neededBySpared(World world) {
        Map<ResourceId, ManagedResource<?>> targets = new Stranger(world).targets(world.desired());
        Set<ResourceId> needed = new HashSet<>();
        Deque<ResourceId> open = new ArrayDeque<>();
        targets.values().stream()
                .filter(VandalTest::isSpared)
                .map(ManagedResource::id)
                .forEach(open::add);
        while (!open.isEmpty()) {
            Objects.requireNonNull(world.view().resources().get(open.remove())).dependsOn().stream()
                    .filter(needed::add)
                    .forEach(open::add);
        }
        return needed;
    }

    /** These resources, and all that refer to them directly or indirectly. */
    private static Set<String> withDependents(World world, Set<ResourceId> of) {
        Set<ResourceId> all = new HashSet<>(of);
        while (world.view().resources().values().stream()
                .filter(r -> r.dependsOn().stream().anyMatch(all::contains))
                .map(ResourceView::id)
                .map(all::add)
                .reduce(false, Boolean::logicalOr)) {}
        return all.stream().map(ResourceId::toString).collect(Collectors.toSet());
    }
}
