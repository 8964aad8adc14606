package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.engine.Replicas.Replica;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A source that is slow or fails, for one stack or for the list of stacks, delays no other stack. */
class SlowSourceTest {
    /** The longest pause between two reads of a stack's desired state. */
    private static final Duration LOOK = Duration.ofSeconds(4);

    @ParameterizedTest
    @ValueSource(strings = {"*", "one"})
    void aReadThatDoesNotEndDelaysTheRevisionOfNoOtherStack(String slow) {
        CountDownLatch answer = new CountDownLatch(1);
        try (Replicas world = new Replicas()) {
            Replica a = world.startWithThreads("A");
            world.until(
                    a,
                    () -> a.holds().size() == 2
                            && a.view("one").converged()
                            && a.view("two").converged());
            AtomicBoolean asked = new AtomicBoolean();
            world.beforeRead(stack -> {
                if (stack.equals(slow)) {
                    asked.set(true);
                    StuckReplica.await(answer);
                }
            });
            world.until(a, asked::get);
            world.desire(2);
            Instant changed = world.clock.instant();

            world.clock.advance(LOOK);
            await().atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        a.tick();
                        return world.revision("two").equals(a.view("two").revision());
                    });

            assertThat(Duration.between(changed, world.clock.instant())).isEqualTo(LOOK);
            answer.countDown();
            world.until(a, () -> world.revision("one").equals(a.view("one").revision()));
            a.engine.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "one"})
    void aReadThatFailsIsToldAndDelaysTheRevisionOfNoOtherStack(String broken) {
        try (Replicas world = new Replicas()) {
            Replica a = world.start("A");
            world.run(Duration.ofMinutes(2), a);
            world.beforeRead(stack -> {
                if (stack.equals(broken)) {
                    throw new UncheckedIOException(new IOException("the disk is gone"));
                }
            });
            world.desire(2);

            world.run(LOOK.plusSeconds(2), a);

            assertThat(a.view("two").revision()).isEqualTo(world.revision("two"));
            assertThat(a.engine.sourceFailure()).contains("the disk is gone");
            assertThat(a.engine.listFailure() != null).isEqualTo(broken.equals("*"));
            world.beforeRead(stack -> {});
            world.run(LOOK.plusSeconds(2), a);
            assertThat(a.engine.sourceFailure()).isNull();
        }
    }
}
