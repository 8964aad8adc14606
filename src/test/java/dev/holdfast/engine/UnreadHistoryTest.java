package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.desired.Publisher;
import dev.holdfast.desired.TestSigner;
import dev.holdfast.model.Event;
import dev.holdfast.model.PublishingRules;
import dev.holdfast.model.TestGuardrails;
import dev.holdfast.store.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The history of the commits only names authors: without it a revision is enforced, and nobody approves it unseen. */
class UnreadHistoryTest {
    private static final String SECOND = "stacks/test/history/00000002.json";
    private static final TestSigner CI = TestSigner.of("Ed25519");

    private final MemoryStore published = new MemoryStore();

    private enum Damage {
        TOO_LARGE,
        NO_HEAD,
        MISSING
    }

    private void damage(Damage damage) {
        switch (damage) {
            case TOO_LARGE -> published.put(SECOND, new byte[ObjectStore.LARGEST + 1]);
            case NO_HEAD -> published.put(SECOND, "{}".getBytes(StandardCharsets.UTF_8));
            case MISSING -> published.delete(SECOND);
        }
    }

    private void publish(World world, int threshold, int updates, String author) {
        world.desire(Docs.of(Docs.alarm("a", threshold)), "'limits':{'maxUpdates':%d},".formatted(updates));
        Publisher.publish(published, world.desired(), new Publisher.Commit(author, "m", null), CI, world.clock);
    }

    /** Signatures are required, and the limits hold the commits of the second and the third author. */
    private StackReconciler heldAfterThreeAuthors(World world) {
        world.guardrails = TestGuardrails.publishing(new PublishingRules(true, List.of(CI.named("ci")), true));
        StackReconciler operator = world.enforcing(published);
        publish(world, 1, 9, "ann@example.com");
        run(world, operator);
        publish(world, 2, 0, "bob@example.com");
        publish(world, 3, 0, "cid@example.com");
        return operator;
    }

    private static void run(World world, StackReconciler operator) {
        for (int i = 0; i < 3; i++) {
            operator.requestFull();
            operator.run();
            world.clock.advance(Duration.ofMinutes(2));
        }
    }

    private static List<Event> unknown(StackReconciler operator) {
        return operator.events().after(0).stream()
                .filter(e -> e.reason().equals("AuthorsUnknown"))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void aRevisionIsEnforcedWithoutTheHistory(Damage damage) {
        try (World world = new World()) {
            StackReconciler operator = world.enforcing(published);
            publish(world, 1, 9, "ann@example.com");
            run(world, operator);
            publish(world, 2, 9, "bob@example.com");
            publish(world, 3, 9, "cid@example.com");
            damage(damage);

            run(world, operator);

            assertThat(operator.view().revision()).isEqualTo(world.desired().sha256());
            assertThat(operator.view().converged())
                    .as(operator.view().conditions()::toString)
                    .isTrue();
            assertThat(unknown(operator)).singleElement().satisfies(e -> {
                assertThat(e.severity()).isEqualTo(Event.Severity.Warning);
                assertThat(e.message()).contains("commit 2");
            });
            assertThat(operator.view().published().authorsKnown()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void nobodyApprovesUntilAllAuthorsAreKnown(Damage damage) {
        try (World world = new World()) {
            StackReconciler operator = heldAfterThreeAuthors(world);
            byte[] second = Objects.requireNonNull(published.get(SECOND)).content();
            damage(damage);
            run(world, operator);

            assertThat(operator.view().verdicts()).hasSize(1);
            assertThat(operator.mayNotApprove("dan@example.com")).contains("the authors", "history");
            assertThat(operator.view().published().authorsKnown()).isFalse();
            operator.startOver();
            publish(world, 4, 0, "eve@example.com");
            run(world, operator);
            assertThat(operator.mayNotApprove("dan@example.com")).contains("the authors", "history");

            published.put(SECOND, second);
            run(world, operator);

            assertThat(operator.mayNotApprove("dan@example.com")).isNull();
            assertThat(operator.mayNotApprove("bob@example.com")).contains("has published");
            assertThat(operator.view().published().authorsKnown()).isTrue();
        }
    }

    /** A publisher may create objects of the history, and the operator reads the author of a skipped commit there. */
    private enum Forgery {
        UNSIGNED,
        SIGNED_FOR_ANOTHER_AUTHOR,
        SIGNED_WITH_ANOTHER_KEY;

        byte[] of(World world, byte[] second) {
            String forged = new String(second, StandardCharsets.UTF_8).replace("bob@", "eve@");
            String text = switch (this) {
                case UNSIGNED -> forged.replaceAll(",\\s*\"signature\" : \\{[^}]*}", "");
                case SIGNED_FOR_ANOTHER_AUTHOR -> forged;
                case SIGNED_WITH_ANOTHER_KEY -> signed(world);
            };
            return text.getBytes(StandardCharsets.UTF_8);
        }

        private static String signed(World world) {
            MemoryStore copy = new MemoryStore();
            TestSigner stranger = TestSigner.of("Ed25519");
            for (String author : List.of("ann@example.com", "eve@example.com")) {
                world.desire(Docs.of(Docs.alarm(author.substring(0, 3), 1)));
                Publisher.publish(
                        copy, world.desired(), new Publisher.Commit(author, "m", null), stranger, world.clock);
            }
            return new String(
                    Objects.requireNonNull(copy.get("stacks/test/HEAD.json")).content(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @EnumSource(Forgery.class)
    void aForgedCommitHidesNoAuthor(Forgery forgery) {
        try (World world = new World()) {
            StackReconciler operator = heldAfterThreeAuthors(world);
            byte[] second = Objects.requireNonNull(published.get(SECOND)).content();
            byte[] forged = forgery.of(world, second);
            assertThat(new String(forged, StandardCharsets.UTF_8))
                    .contains("eve@example.com", "\"number\" : 2")
                    .doesNotContain("bob");
            published.put(SECOND, forged);

            run(world, operator);

            assertThat(operator.view().verdicts()).hasSize(1);
            assertThat(operator.mayNotApprove("bob@example.com")).contains("authors of some commits are unknown");
            assertThat(unknown(operator))
                    .singleElement()
                    .satisfies(e -> assertThat(e.message()).contains("commit 2"));

            published.put(SECOND, second);
            run(world, operator);

            assertThat(operator.mayNotApprove("bob@example.com")).contains("has published");
            assertThat(operator.mayNotApprove("dan@example.com")).isNull();
        }
    }

    /** A commit that was published without its signature is in the history for ever. */
    @Test
    void theReturnToTheEnforcedRevisionEndsTheDoubtAboutAnUnsignedCommit() {
        try (World world = new World()) {
            world.guardrails = TestGuardrails.publishing(new PublishingRules(true, List.of(CI.named("ci")), true));
            StackReconciler operator = world.enforcing(published);
            publish(world, 1, 0, "ann@example.com");
            run(world, operator);
            world.desire(Docs.of(Docs.alarm("a", 2)), "'limits':{'maxUpdates':0},");
            Publisher.publish(published, world.desired(), "bob@example.com", "m", null, world.clock);
            run(world, operator);
            assertThat(operator.view().status()).isEqualTo("Refused");
            publish(world, 2, 0, "bob@example.com");
            run(world, operator);
            assertThat(operator.mayNotApprove("dan@example.com")).contains("authors of some commits are unknown");

            publish(world, 1, 0, "ann@example.com");
            run(world, operator);
            publish(world, 2, 0, "bob@example.com");
            run(world, operator);

            assertThat(operator.view().verdicts()).hasSize(1);
            assertThat(operator.mayNotApprove("dan@example.com")).isNull();
            assertThat(operator.mayNotApprove("bob@example.com")).contains("has published");
        }
    }
}
