package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first user's stacks, from an empty account to convergence. */
class SkinClubTest {
    @ParameterizedTest
    @ValueSource(strings = {"dev", "prod", "minimal"})
    void convergesAndThenWritesNothing(String stack) {
        try (World world = new World()) {
            Invariants invariants = Invariants.watch(world);
            world.desireDirectory(Path.of("desired-state"), stack).converged();

            PassReport pass = world.pass();

            assertThat(world.view().resources().values()).allMatch(r -> r.status() == Status.Synced);
            assertThat(pass.writes()).isZero();
            assertThat(world.owned().values())
                    .filteredOn(items -> items.size() != 1)
                    .isEmpty();
            invariants.assertKept();
            System.out.println(stack + ": " + world.view().resources().size() + " resources, " + pass);
        }
    }
}
