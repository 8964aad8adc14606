package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.QuotaTime;
import dev.holdfast.twin.LoggedRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
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
            // Scaling policies come late, so that the security group was written and read long before.
            Port port = new Port(world, "application-autoscaling:PutScalingPolicy");

            world.runUntil(() -> world.isConverged() && port.isClosed());

            port.verify("a creation");
        }
    }

    @Test
    void aPortThatIsOpenedInTheMiddleOfManyRolloutsIsClosedWithinOneInterval() {
        try (BusyWorld world = new BusyWorld(SERVICES, SPEED)) {
            world.runUntil(world::isConverged);
            Port port = new Port(world, "ecs:RegisterTaskDefinition");
            world.desireInstead("app:2.0.0");

            world.runUntil(() -> world.isConverged() && port.isClosed());

            port.verify("many rollouts");
        }
    }

    /**
     * A port that another principal opens after an operation for each second service, before the answer to the last of
     * these requests is sent: the engine cannot have converged by then, however slow the machine is.
     */
    private static final class Port {
        private final BusyWorld world;
        private final String operation;
        private int written;
        private @Nullable Instant opened;
        private volatile @Nullable Instant closed;
        private boolean busy;

        Port(BusyWorld world, String operation) {
            this.world = world;
            this.operation = operation;
            world.twin.faults().afterWrite(this::written);
        }

        private synchronized void written(LoggedRequest write) {
            if (write.operation().equals(operation)) {
                written++;
            }
            SecurityGroup group = opened == null && written > SERVICES / 2 ? world.group() : null;
            if (group != null) {
                busy = !world.isConverged();
                OpenedPort.toInternet(world.somebody(), group.groupId(), 22);
                opened = world.clock.instant();
            } else if (opened != null && closed == null && !isOpen()) {
                closed = world.clock.instant();
            }
        }

        private boolean isOpen() {
            SecurityGroup group = world.group();
            return group != null && BusyWorld.isOpen(group);
        }

        boolean isClosed() {
            return closed != null;
        }

        synchronized void verify(String amid) {
            assertThat(busy).isTrue();
            assertThat(opened).isNotNull();
            assertThat(closed).isNotNull();
            Duration time = Duration.between(opened, closed);
            System.out.println("a port opened amid " + amid + " of " + SERVICES + " services was open for " + time);
            assertThat(time).isLessThanOrEqualTo(ONE_INTERVAL);
        }
    }
}
