package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Replicas.Replica;
import dev.holdfast.twin.LoggedRequest;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A replica whose pass over {@code one} is stuck, after the first of three writes, until the latch opens. */
final class StuckReplica implements AutoCloseable {
    static final Duration LEASE = Duration.ofSeconds(40);

    final Replicas world = new Replicas();
    final Replica replica = world.startWithThreads("A");
    final CountDownLatch answer = new CountDownLatch(1);

    StuckReplica() {
        world.until(replica, () -> replica.holds().size() == 2 && bothConverged());
        AtomicInteger puts = new AtomicInteger();
        // The first write is the intent, and the second write follows the creation.
        replica.beforePut(key -> {
            if (key.startsWith("stacks/one/resources/") && puts.incrementAndGet() == 2) {
                await(answer);
            }
        });
        disturbAll("one");
        replica.engine.stacks().get("one").requestFull();
        world.until(replica, () -> puts.get() == 2);
    }

    private boolean bothConverged() {
        return replica.view("one").converged() && replica.view("two").converged();
    }

    boolean isOfA(LoggedRequest request) {
        return request.caller().equals(replica.key) && request.operation().equals("cloudwatch:PutMetricAlarm");
    }

    void disturbAll(String stack) {
        for (int i = 0; i < 3; i++) {
            world.disturb(stack);
        }
    }

    /** Another process takes both stacks, repairs them, and releases them. */
    void anotherTakesBothAndEnds() {
        Replica b = world.start("B");
        world.run(Duration.ofSeconds(1), b);
        world.clock.advance(LEASE);
        world.run(Duration.ofSeconds(30), b);
        assertThat(b.holds()).containsExactly("one", "two");
        b.engine.close();
    }

    long writes() {
        return world.writes().stream().filter(this::isOfA).count();
    }

    void passEnds() {
        answer.countDown();
        assertThat(replica.engine.stacks().get("one").awaitEnd(Duration.ofSeconds(30)))
                .isTrue();
    }

    @Override
    public void close() {
        answer.countDown();
        replica.engine.close();
        world.close();
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
