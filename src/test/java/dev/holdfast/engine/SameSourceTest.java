package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.desired.CompiledStack;
import dev.holdfast.desired.Head;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.desired.Publication;
import dev.holdfast.engine.Replicas.Replica;
import dev.holdfast.model.Condition;
import dev.holdfast.model.Revision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A desired state that does not change causes no pass, whatever it is; a change is noticed within two looks. */
class SameSourceTest {
    private static final Duration TWO_LOOKS = Duration.ofSeconds(9);

    private enum Refusal {
        HEAD_WENT_BACK,
        MOVED_TO_ANOTHER_REGION,
        INVALID,
        ABSENT,
        UNSETTLED
    }

    private static LoadResult published(LoadResult compiled, long number, String author) {
        Revision revision = CompiledStack.valid(compiled);
        Head head = new Head(
                revision.sha256(),
                null,
                number,
                author,
                "",
                null,
                Instant.parse("2026-01-01T00:00:00Z").plusSeconds(number),
                null);
        return new LoadResult.ValidRevision(revision, new Publication("memory", head));
    }

    private static LoadResult alarms(Replicas world, int threshold) {
        return world.compiled(threshold, World.REGION).get("one");
    }

    private static void refuse(Replicas world, Refusal refusal) {
        switch (refusal) {
            case HEAD_WENT_BACK -> world.desire("one", published(alarms(world, 2), 1, "ann"));
            case MOVED_TO_ANOTHER_REGION ->
                world.desire("one", published(world.compiled(1, "eu-west-1").get("one"), 3, "ann"));
            case INVALID -> world.refuse("one", "a mistake");
            case ABSENT -> world.desire("one", new LoadResult.NoDesiredState("the head is lost"));
            case UNSETTLED -> world.desire("one", new LoadResult.UnsettledSource("a sync is under way"));
        }
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void aSourceThatIsRefusedOnAndOnCausesNoMorePassesThanAGoodOne(Refusal refusal) {
        try (Replicas world = new Replicas()) {
            world.desire("one", published(alarms(world, 1), 2, "ann"));
            Replica a = world.holder("A");
            Map<String, Integer> passes = new ConcurrentHashMap<>();
            a.afterPass(stack -> passes.merge(stack, 1, Integer::sum));
            refuse(world, refusal);

            world.run(Duration.ofMinutes(10), a);

            if (refusal == Refusal.HEAD_WENT_BACK || refusal == Refusal.MOVED_TO_ANOTHER_REGION) {
                assertThat(a.view("one").status()).isEqualTo("Refused");
            }
            assertThat(passes.get("two")).isBetween(9, 12);
            assertThat(passes.get("one")).isBetween(9, 13);
        }
    }

    @Test
    void aRefusedRevisionThatIsCorrectedIsTakenWithinTwoLooks() {
        try (Replicas world = new Replicas()) {
            world.daily();
            world.desire("one", published(alarms(world, 1), 2, "ann"));
            Replica a = world.holder("A");
            refuse(world, Refusal.HEAD_WENT_BACK);
            world.run(TWO_LOOKS, a);
            assertThat(a.view("one").status()).isEqualTo("Refused");

            LoadResult corrected = published(alarms(world, 2), 3, "ann");
            world.desire("one", corrected);
            world.run(TWO_LOOKS, a);

            assertThat(a.view("one").revision())
                    .isEqualTo(CompiledStack.valid(corrected).sha256());
            assertThat(a.view("one").revisionErrors()).isEmpty();
        }
    }

    /** The author decides who may approve. */
    @Test
    void aNewCommitOfTheSameRevisionIsNoticed() {
        try (Replicas world = new Replicas()) {
            world.daily();
            world.desire("one", published(alarms(world, 1), 1, "ann"));
            Replica a = world.holder("A");

            world.desire("one", published(alarms(world, 1), 2, "bob"));
            world.run(TWO_LOOKS, a);

            assertThat(a.view("one").published().author()).isEqualTo("bob");
        }
    }

    @Test
    void anotherReasonWhyThereIsNoDesiredStateIsShown() {
        try (Replicas world = new Replicas()) {
            world.daily();
            Replica a = world.holder("A");
            world.desire("one", new LoadResult.NoDesiredState("the head is lost"));
            world.run(TWO_LOOKS, a);
            assertThat(a.view("one").status()).isEqualTo(StackView.UNMANAGED);

            world.desire("one", new LoadResult.NoDesiredState("the revision is lost"));
            world.run(TWO_LOOKS, a);

            assertThat(messages(a, StackView.UNMANAGED)).containsExactly("the revision is lost");
        }
    }

    @Test
    void theConditionOfAChangingSourceEndsWhenTheSourceHasSettled() {
        try (Replicas world = new Replicas()) {
            world.daily();
            LoadResult settled = alarms(world, 1);
            Replica a = world.holder("A");
            a.engine.close();
            world.desire("one", new LoadResult.UnsettledSource("a sync is under way"));
            Replica b = world.holder("B");
            assertThat(messages(b, StackView.DESIRED_STATE_CHANGING)).hasSize(1);

            world.desire("one", settled);
            world.run(TWO_LOOKS, b);

            assertThat(b.view("one").conditions()).isEmpty();
        }
    }

    private static List<String> messages(Replica replica, String reason) {
        return replica.view("one").conditions().stream()
                .filter(c -> c.reason().equals(reason))
                .map(Condition::message)
                .toList();
    }
}
