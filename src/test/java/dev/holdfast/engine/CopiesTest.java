package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.Action;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Verdict;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Another principal copies an object of ours together with its tags. Only the state distinguishes an object that we
 * replaced from a copy. Therefore a copy is reported, and is never deleted without a user's approval. The test covers
 * the fixture of every kind that is owned by tags.
 */
@Order(1)
class CopiesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** After this time every kind is searched for orphans, and every slow facet is read again. */
    private static final Duration ALL_DUE = Duration.ofMinutes(67);

    /** {@code -Dholdfast.copies=Vpc,Role} tests only these kinds. */
    private static final @Nullable Set<String> ONLY = System.getProperty("holdfast.copies") == null
            ? null
            : Set.of(System.getProperty("holdfast.copies").split(","));

    static Stream<Named<Kind<?>>> kinds() {
        return TestKinds.all().all().values().stream()
                .filter(kind ->
                        SpecModel.of(kind.info().spec()).with(TagMap.class).isPresent())
                .filter(kind -> ONLY == null || ONLY.contains(kind.info().name()))
                .map(kind -> Named.of(kind.info().name(), kind));
    }

    /** @param id the resource of the original @param object the physical id of the copy */
    private record Copy(ResourceId id, String original, String object) {}

    @ParameterizedTest
    @MethodSource("kinds")
    void isShownAndStaysUntilSomebodyApprovesItsDeletion(Kind<?> kind) {
        try (World world = new World()) {
            // Given
            Copy copy = copied(world, kind);

            // When
            everythingIsRead(world);

            // Then
            assertShown(world, copy, kind);
            world.desire(documents(world, Docs.alarm("more", 1)), Docs.UNLIMITED);
            everythingIsRead(world);
            assertShown(world, copy, kind);
            world.restart();
            everythingIsRead(world);
            assertShown(world, copy, kind);

            world.approveHeld();
            world.run(Duration.ofMinutes(30));
            // For some time after the deletion, AWS still lists a deleted NAT gateway.
            world.clock.advance(Duration.ofHours(2));
            everythingIsRead(world);
            assertThat(Inventory.owned(world)).contains(copy.id() + " " + copy.original());
            boolean gone = objects(world, copy).size() == 1;
            assertThat(gone)
                    .as("deleted after the approval, in\n%s", world.describe())
                    .isEqualTo(!kind.info().stateful());
            if (gone) {
                assertThat(unexpected(world)).as("open items").isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void isNotDeletedWhereTheStateIsLostEither(Kind<?> kind) {
        try (World world = new World()) {
            Copy copy = copied(world, kind);

            world.stateIn(new MemoryStore());
            everythingIsRead(world);

            assertThat(objects(world, copy)).as(world.describe()).hasSize(2);
            assertThat(deletions(world)).as(world.describe()).allMatch(v -> v instanceof Verdict.Held);
            if (!kind.info().versioned()) {
                assertThat(unexpected(world)).as(world.describe()).hasSize(1);
                assertThat(unexpected(world).getFirst().physicalId()).isIn(copy.original(), copy.object());
            }
        }
    }

    private static void everythingIsRead(World world) {
        world.run(Duration.ofMinutes(3));
        world.clock.advance(ALL_DUE);
        world.run(Duration.ofMinutes(3));
        world.pass();
    }

    private static void assertShown(World world, Copy copy, Kind<?> kind) {
        assertThat(Inventory.owned(world))
                .contains(copy.id() + " " + copy.original())
                .hasSizeGreaterThanOrEqualTo(2);
        assertThat(objects(world, copy)).as("objects that carry the ownership").hasSize(2);
        assertThat(world.resource(copy.id().toString()).physicalId()).isNotEqualTo(copy.object());
        assertThat(unexpected(world))
                .as("in\n%s", world.describe())
                .singleElement()
                .satisfies(item -> {
                    assertThat(item.resource()).isEqualTo(copy.id());
                    assertThat(item.physicalId()).isEqualTo(copy.object());
                });
        List<Step> steps = world.view().plan().steps().stream()
                .filter(s -> copy.object().equals(s.physicalId()))
                .toList();
        if (kind.info().stateful()) {
            assertThat(steps).isEmpty();
        } else {
            assertThat(steps).singleElement().satisfies(step -> {
                assertThat(step.action()).isEqualTo(Action.Delete);
                assertThat(step.risky()).isTrue();
                assertThat(world.view().verdicts().get(step))
                        .isInstanceOfSatisfying(
                                Verdict.Held.class,
                                held -> assertThat(held.reason()).isEqualTo(Reason.UnexpectedCopy));
            });
        }
        assertThat(world.events)
                .filteredOn(e -> e.reason().equals("DriftDetected")
                        && e.message()
                                .equals("Unexpected: " + copy.object() + " carries the ownership of " + copy.id()))
                .as("events")
                .hasSize(1);
    }

    private static List<String> objects(World world, Copy copy) {
        return Inventory.owned(world).stream()
                .filter(id -> id.startsWith(copy.id() + " "))
                .toList();
    }

    private static List<DriftItem> unexpected(World world) {
        return world.view().drift().stream()
                .filter(i -> i.type() == DriftItem.DriftType.Unexpected)
                .filter(i -> i.state() != DriftItem.DriftState.Repaired)
                .toList();
    }

    private static List<Verdict> deletions(World world) {
        List<Verdict> all = new ArrayList<>();
        world.view().verdicts().forEach((step, verdict) -> {
            if (step.action() == Action.Delete) {
                all.add(verdict);
            }
        });
        return all;
    }

    private static @Nullable String last;

    private static String documents(World world, String more) {
        return Objects.requireNonNull(last).replaceFirst("]$", "," + more.replace('\'', '"') + "]");
    }

    /**
     * Two resources have converged; then the second object gets the tags of the first. No document and no record
     * explains the copy.
     */
    private static Copy copied(World world, Kind<?> kind) {
        FieldFixture fixture = Objects.requireNonNull(FieldFixture.of(kind));
        String documents = fixture.documentsOfFew();
        world.desire(documents, Docs.UNLIMITED).converged();
        List<ResourceId> two = world.view().resources().keySet().stream()
                .filter(id -> id.kind().equals(kind.info().name()) && id.name().startsWith("c-"))
                .toList();
        assertThat(two).as("resources of the fixture").hasSizeGreaterThanOrEqualTo(2);
        ResourceId original = two.get(0);
        ResourceId other = two.get(1);
        Copy copy = new Copy(
                original,
                inventoryId(world, original),
                Objects.requireNonNull(world.resource(other.toString()).physicalId()));
        Stranger stranger = new Stranger(world);
        Map<ResourceId, ManagedResource<?>> targets = stranger.targets(world.desired());
        retag(stranger, Objects.requireNonNull(targets.get(other)), original);
        world.store.delete("stacks/test/resources/" + other + ".json");
        last = without(documents, other);
        world.desire(last, Docs.UNLIMITED);
        world.restart();
        return copy;
    }

    private static String inventoryId(World world, ResourceId id) {
        return Inventory.owned(world).stream()
                .filter(one -> one.startsWith(id + " "))
                .map(one -> one.substring(one.indexOf(' ') + 1))
                .findFirst()
                .orElseThrow();
    }

    private static <S extends Record> void retag(Stranger stranger, ManagedResource<S> target, ResourceId as) {
        String field = SpecModel.of(target.kind().info().spec())
                .with(TagMap.class)
                .orElseThrow()
                .name();
        Known<?> known = Objects.requireNonNull(
                stranger.observe(Map.of(target.id(), target)).get(target.id()));
        ObjectNode spec = Objects.requireNonNull(target.resolved()).deepCopy();
        ((ObjectNode) spec.get(field)).put(StackRef.RESOURCE_TAG, as.toString());
        stranger.change(
                new ManagedResource<>(
                        target.id(),
                        target.kind(),
                        target.region(),
                        target.desired(),
                        Specs.bind(target.kind().info().spec(), spec),
                        spec,
                        target.physicalName(),
                        target.nameFixed(),
                        target.images(),
                        target.record(),
                        target.unbound()),
                known,
                field);
    }

    private static String without(String documents, ResourceId id) {
        try {
            ArrayNode rest = JSON.createArrayNode();
            for (JsonNode one : JSON.readTree(documents)) {
                boolean gone = one.path("kind").asText().equals(id.kind())
                        && one.path("metadata").path("name").asText().equals(id.name());
                if (!gone) {
                    rest.add(one);
                }
            }
            return rest.toString().replace("'", "\\u0027");
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
