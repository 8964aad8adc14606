package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ViewKeeper;
import dev.holdfast.aws.DeniedS3;
import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.engine.Replicas.Replica;
import dev.holdfast.model.Event;
import dev.holdfast.model.Revision;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** A failure that lasts is reported once, although each of its messages has another request id or another time. */
class StableFailuresTest {
    private final AtomicInteger failures = new AtomicInteger();

    /** The next failure: its text contains an id that no other failure has, as the SDK's texts do. */
    private AwsServiceException denied() {
        return DeniedS3.call("REQUEST" + failures.incrementAndGet());
    }

    private static long count(List<Event> events, String reason) {
        return events.stream().filter(e -> e.reason().equals(reason)).count();
    }

    /** A source whose checks end with another message at each read, while they are broken. */
    private final class UnstableSource implements DesiredSource {
        private final Revision revision;
        private boolean broken;

        private UnstableSource(Revision revision) {
            this.revision = revision;
        }

        @Override
        public LoadResult read(String stack) {
            if (broken) {
                throw new IllegalStateException("the value secret-" + failures.incrementAndGet() + " is bad");
            }
            return new LoadResult.ValidRevision(revision, null);
        }

        @Override
        public List<String> stacks() {
            return List.of("test");
        }

        @Override
        public String location() {
            return "unstable";
        }
    }

    @Test
    void checksThatFailUnexpectedlyAreNoNewRevisionAtEachRead() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarm("a", 1)));
            UnstableSource source = new UnstableSource(world.desired());
            StackReconciler operator =
                    new StackReconciler(world.engineContext(), world.stack(), source, () -> () -> true);
            MemoryStore views = new MemoryStore();
            ViewKeeper keeper = new ViewKeeper(views, "unstable", stack -> true, world.clock);
            operator.run();
            source.broken = true;
            operator.lookForRevision();
            operator.run();
            keeper.passed(operator);
            assertThat(operator.view().status()).isEqualTo("Refused");
            long stored = world.store.writes();
            long kept = views.writes();
            int passes = 0;

            for (int look = 0; look < 45; look++) {
                world.clock.advance(Duration.ofSeconds(4));
                operator.lookForRevision();
                if (operator.isDue(world.clock.instant())) {
                    operator.run();
                    keeper.passed(operator);
                    passes++;
                }
            }

            assertThat(failures.get()).isGreaterThan(45);
            assertThat(passes).as("one pass a minute").isBetween(2, 4);
            assertThat(world.store.writes()).isEqualTo(stored);
            assertThat(views.writes()).isEqualTo(kept);
            assertThat(count(operator.events().after(0), "RevisionRefused")).isEqualTo(1);
            assertThat(operator.view().revisionErrors().getFirst().message())
                    .contains("IllegalStateException", "StableFailuresTest.java:")
                    .doesNotContain("secret-");
        }
    }

    @Test
    void requestsThatCannotBeReadAreReportedOnce() {
        try (Replicas world = new Replicas()) {
            Replica a = world.holder("A");
            a.beforeGet(key -> {
                if (key.endsWith("one/requests.json")) {
                    throw denied();
                }
            });

            world.run(Duration.ofMinutes(1), a);

            assertThat(failures.get()).isGreaterThan(20);
            assertThat(count(a.events, "RequestsUnreadable")).isEqualTo(1);
        }
    }

    @Test
    void aReplicaThatStandsByKeepsItsViews() {
        try (Replicas world = new Replicas()) {
            Replica a = world.holder("A");
            Replica b = world.start("B");
            world.run(Duration.ofSeconds(20), a, b);
            assertThat(b.view("one").status()).isEqualTo(StackView.STANDING_BY);
            assertThat(b.view("one").conditions().getFirst().message()).contains("operator A", "takes the stack over");
            StackView before = b.view("one");

            world.run(Duration.ofMinutes(2), a, b);

            assertThat(b.view("one")).isSameAs(before);
        }
    }

    @Test
    void aReplicaThatCannotReadTheLeaseKeepsItsViews() {
        try (Replicas world = new Replicas()) {
            Replica a = world.holder("A");
            world.twin
                    .faults()
                    .add(TwinFaultRule.on("s3:*", new TwinFault.Deny()).by(a.key));
            world.run(Duration.ofMinutes(1), a);
            assertThat(a.view("one").conditions().getFirst().reason()).isEqualTo("LeaseUnreachable");
            StackView before = a.view("one");

            world.run(Duration.ofMinutes(1), a);

            assertThat(a.view("one")).isSameAs(before);
        }
    }
}
