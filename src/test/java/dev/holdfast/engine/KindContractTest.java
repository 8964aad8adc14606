package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.Kind;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import dev.holdfast.twin.store.Delay;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of every kind with the engine. The test uses the kind's own fixture, in which every field is owned. A
 * new kind needs its file in {@code fields} and no change here.
 */
@Order(1)
class KindContractTest {
    /** After this time every slow facet is read again, and all kinds are searched for orphans. */
    private static final Duration ALL_DUE = Duration.ofMinutes(67);

    /** {@code -Dholdfast.contract=Vpc} tests only this kind. */
    private static final @Nullable String ONLY = System.getProperty("holdfast.contract");

    private static final Duration PATIENCE = Duration.ofHours(1);

    static Stream<Named<Kind<?>>> kinds() {
        return TestKinds.all().all().values().stream()
                .filter(kind -> ONLY == null || ONLY.equals(kind.info().name()))
                .map(kind -> Named.of(kind.info().name(), kind));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void isMadeOnceFoundAgainAndDeletedWhole(Kind<?> kind) {
        FieldFixture fixture = Objects.requireNonNull(
                FieldFixture.of(kind), "fields/" + kind.info().name() + ".json");
        try (World world = new World()) {
            // Given: AWS shows created objects only after a while
            world.settings.delay(Delay.VISIBLE, Duration.ofSeconds(5));
            world.desire(fixture.documentsOfFew(), Docs.UNLIMITED).converged();
            assertThat(world.owned())
                    .allSatisfy((id, items) -> assertThat(items).as(id).hasSize(1));
            Set<String> made = Inventory.owned(world);
            assertThat(world.view().resources().keySet())
                    .as("resources of the kind")
                    .filteredOn(id -> id.kind().equals(kind.info().name()))
                    .isNotEmpty();

            world.settings.pageSize(1);
            world.clock.advance(ALL_DUE);
            int before = world.twin.log().writes().size();
            assertThat(world.pass().writes())
                    .as(
                            "writes, in pages of one: %s",
                            world.twin
                                    .log()
                                    .writes()
                                    .subList(before, world.twin.log().writes().size()))
                    .isZero();
            assertThat(world.view().converged()).as(world.describe()).isTrue();

            world.stateIn(new MemoryStore());
            settled(world);
            assertThat(Inventory.owned(world)).as("found without the state").isEqualTo(made);

            if (kind.info().ownership() != OwnershipForm.RECORD) {
                world.stateIn(new MemoryStore());
            }
            world.desire(Docs.of(Docs.alarm("rest", 1)), Docs.UNLIMITED);
            settled(world);
            world.run(Duration.ofMinutes(10));
            // For some time after the deletion, AWS still lists a deleted NAT gateway.
            world.clock.advance(Duration.ofHours(2));
            assertThat(world.owned().keySet())
                    .as("objects that are left and no longer desired, in\n%s", world.describe())
                    .allMatch(id -> id.equals("Alarm/rest") || isRetained(world, id));
        }
    }

    private static void settled(World world) {
        for (int i = 0; i < 3; i++) {
            world.approveHeld();
            world.converge(PATIENCE);
        }
    }

    private static boolean isRetained(World world, String id) {
        ResourceView view = world.view().resources().get(ResourceId.parse(id));
        return view != null && view.status() == Status.Orphaned;
    }
}
