package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The first user's stack, from nothing to converged. */
class SkinClubTest {
    @Test
    void convergesAndThenWritesNothing() {
        try (World world = new World()) {
            world.desireDirectory(Path.of("desired-state"), "dev").converged();

            PassReport pass = world.pass();

            assertThat(world.view().resources().values()).allMatch(r -> r.status() == Status.Synced);
            assertThat(pass.writes()).isZero();
            assertThat(pass.total()).isLessThanOrEqualTo(45);
            assertThat(world.owned())
                    .allSatisfy((id, items) -> assertThat(items).hasSize(1));
            System.out.println(pass);
        }
    }
}
