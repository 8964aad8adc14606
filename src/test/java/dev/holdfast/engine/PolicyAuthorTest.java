package dev.holdfast.engine;

import static dev.holdfast.engine.PolicyFixtures.guardrails;
import static dev.holdfast.engine.PolicyFixtures.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.desired.PublishedSource;
import dev.holdfast.desired.Publisher;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** In an expression, {@code author} is the author of the enforced commit. */
class PolicyAuthorTest {
    private static final ResourceId ALARM = ResourceId.parse("Alarm/a");
    private final MemoryStore published = new MemoryStore();

    private StackReconciler operator(World world) {
        return new StackReconciler(
                world.engineContext(), "test", new PublishedSource(published, TestKinds.all()), () -> () -> true);
    }

    private void publish(World world, int threshold, String author, String message) {
        Publisher.publish(
                published,
                world.desire(Docs.of(Docs.alarm("a", threshold))).desired(),
                new Publisher.Commit(author, message, null),
                null,
                world.clock);
    }

    private static ResourceView alarm(World world, StackReconciler operator) {
        for (int i = 0; i < 3; i++) {
            operator.requestFull();
            operator.run();
            world.clock.advance(Duration.ofMinutes(2));
        }
        return Objects.requireNonNull(operator.view().resources().get(ALARM));
    }

    @Test
    void aCommitOfSomebodyElseIsDeniedAndTheNextOfARightOneIsNot() {
        try (World world = new World()) {
            world.guardrails =
                    guardrails(policy("ours", "'kinds':['Alarm']", "deny", "author.name.endsWith(`@example.com`)"));
            StackReconciler operator = operator(world);
            publish(world, 1, "ann@example.com", "m");
            assertThat(alarm(world, operator).status()).isEqualTo(Status.Synced);

            publish(world, 2, "mallory@attacker.example", "m");
            ResourceView denied = alarm(world, operator);

            assertThat(denied.status()).isEqualTo(Status.Stalled);
            assertThat(denied.reason()).isEqualTo(Reason.PolicyDenied);
            publish(world, 3, "bob@example.com", "m");
            assertThat(alarm(world, operator).status()).isEqualTo(Status.Synced);
        }
    }

    @Test
    void theMessageOfTheCommitIsAskedToo() {
        try (World world = new World()) {
            world.guardrails =
                    guardrails(policy("ticket", "'kinds':['Alarm']", "hold", "author.message.matches(`^OPS-[0-9]+`)"));
            StackReconciler operator = operator(world);
            publish(world, 1, "ann@example.com", "OPS-12 watch it");
            assertThat(alarm(world, operator).status()).isEqualTo(Status.Synced);

            publish(world, 2, "ann@example.com", "watch it more");

            assertThat(alarm(world, operator).reason()).isEqualTo(Reason.PolicyNeedsApproval);
        }
    }

    /** Files without commits have no author, so that a policy that requires an author denies everything. */
    @Test
    void withoutACommitThereIsNobody() {
        try (World world = new World()) {
            world.guardrails = guardrails(policy("somebody", "'kinds':['Alarm']", "deny", "author.name != ``"));

            world.desire(Docs.of(Docs.alarm("a", 1))).run(Duration.ofMinutes(3));

            assertThat(world.resource("Alarm/a").reason()).as(world.describe()).isEqualTo(Reason.PolicyDenied);
        }
    }
}
