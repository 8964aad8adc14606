package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.QuotaTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

/**
 * No step waits for an unrelated step. The build tests a few services; {@code -Dholdfast.creation=100} sets their
 * number.
 */
class NoBarrierTest {
    private static final int SERVICES = Integer.getInteger("holdfast.creation", 8);
    /** The speed of the clock, as a multiple of AWS's time; the machine's own computing time counts that many times. */
    private static final double SPEED = Double.parseDouble(System.getProperty("holdfast.creation.speed", "4"));
    /** The creation of a few services is short, so that its chain of dependencies has a larger share. */
    private static final double MOST = SERVICES >= 100 ? 1.3 : 4;

    /**
     * The interval with ten per cent of jitter, and the time of a read and a write, in which a slow machine counts
     * {@link #SPEED} times.
     */
    private static final Duration ONE_INTERVAL = Duration.ofSeconds(66 + (long) (10 * SPEED));

    @Test
    void aCreationTakesLittleLongerThanTheQuotasRequire() {
        try (BusyWorld world = new BusyWorld(SERVICES, SPEED)) {
            Duration took = world.runUntil(world::isConverged);

            Map<String, Duration> writes = QuotaTime.byBucket(world.calls(true));
            Map<String, Duration> reads = QuotaTime.byBucket(world.calls(false));
            System.out.printf("%d services from nothing: %.1f s%n", SERVICES, took.toMillis() / 1000.0);
            Duration required = longest("writes", writes, took);
            longest("reads", reads, took);
            assertThat(world.events).noneMatch(e -> e.reason().endsWith("Failed"));
            assertThat((double) took.toMillis()).isLessThanOrEqualTo(MOST * Math.max(15_000, required.toMillis()));
        }
    }

    private static Duration longest(String calls, Map<String, Duration> quotas, Duration took) {
        Duration longest =
                quotas.values().stream().max(Comparator.naturalOrder()).orElseThrow();
        System.out.printf(
                "the quotas for its %s alone require %.1f s; ratio %.2f%n",
                calls, longest.toMillis() / 1000.0, took.toMillis() / (double) Math.max(1, longest.toMillis()));
        quotas.entrySet().stream()
                .filter(e -> e.getValue().isPositive())
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(5)
                .forEach(e -> System.out.println("  " + e.getKey() + " and its like: " + e.getValue()));
        return longest;
    }

    @Test
    void aPortThatIsOpenedInTheMiddleOfACreationIsClosedWithinOneInterval() {
        try (BusyWorld world = new BusyWorld(SERVICES, SPEED)) {
            Port port = new Port(
                    world, () -> world.calls(true).getOrDefault("ecs:RegisterTaskDefinition", 0L) > SERVICES / 2);

            world.runUntil(() -> world.isConverged() && port.isOver());

            port.verify("a creation");
        }
    }

    @Test
    void aPortThatIsOpenedInTheMiddleOfManyRolloutsIsClosedWithinOneInterval() {
        try (BusyWorld world = new BusyWorld(SERVICES, SPEED)) {
            world.runUntil(world::isConverged);
            world.twin.log().reset();
            Port port = new Port(
                    world, () -> world.calls(true).getOrDefault("ecs:RegisterTaskDefinition", 0L) > SERVICES / 2);
            world.desireInstead("app:2.0.0");

            world.runUntil(() -> world.isConverged() && port.isOver());

            port.verify("many rollouts");
        }
    }

    /** A port that another principal opens at some moment, and that is watched until it is closed. */
    private static final class Port {
        private final BusyWorld world;
        private final Thread watcher;
        private final AtomicReference<@Nullable Duration> open = new AtomicReference<>();
        private final AtomicReference<@Nullable Boolean> busy = new AtomicReference<>();

        Port(BusyWorld world, BooleanSupplier moment) {
            this.world = world;
            this.watcher = Thread.ofVirtual().start(() -> watch(moment));
        }

        private void watch(BooleanSupplier moment) {
            SecurityGroup group = world.group();
            while (group == null || !moment.getAsBoolean()) {
                world.clock.pause(Duration.ofMillis(500));
                group = world.group();
            }
            String id = group.groupId();
            OpenedPort.toInternet(world.somebody(), id, 22);
            Instant opened = world.clock.instant();
            busy.set(!world.isConverged());
            while (isOpen(id)) {
                world.clock.pause(Duration.ofMillis(200));
            }
            open.set(Duration.between(opened, world.clock.instant()));
        }

        private boolean isOpen(String id) {
            return world.somebody().describeSecurityGroups(r -> r.groupIds(id)).securityGroups().stream()
                    .anyMatch(BusyWorld::isOpen);
        }

        boolean isOver() {
            return !watcher.isAlive();
        }

        void verify(String amid) {
            Duration time = open.get();
            System.out.println("a port opened amid " + amid + " of " + SERVICES + " services was open for " + time);
            assertThat(busy.get()).isTrue();
            assertThat(time).isNotNull().isLessThanOrEqualTo(ONE_INTERVAL);
        }
    }
}
