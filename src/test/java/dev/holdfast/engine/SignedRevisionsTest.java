package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.desired.Publisher;
import dev.holdfast.desired.TestSigner;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.PublishingRules;
import dev.holdfast.model.Revision;
import dev.holdfast.model.TestGuardrails;
import dev.holdfast.model.TrustedKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A revision in the bucket is enforced only if it has a signature of a key that the guardrails name. */
class SignedRevisionsTest {
    private static final TestSigner CI = TestSigner.of("Ed25519");
    private static final TestSigner STRANGER = TestSigner.of("Ed25519");

    private final MemoryStore published = new MemoryStore();

    private static GuardrailsState requiring(TrustedKey... keys) {
        return TestGuardrails.publishing(new PublishingRules(true, List.of(keys), false));
    }

    private static Revision alarm(World world, int threshold) {
        return world.desire(Docs.of(Docs.alarm("a", threshold))).desired();
    }

    private void publish(World world, Revision revision, @Nullable TestSigner by) {
        Publisher.publish(published, revision, new Publisher.Commit("ann", "m", null), by, world.clock);
    }

    private static void run(StackReconciler operator) {
        operator.requestFull();
        operator.run();
        operator.requestFull();
        operator.run();
    }

    private static void says(StackReconciler operator, String... words) {
        assertThat(operator.view().status()).isEqualTo("Refused");
        assertThat(operator.view().conditions()).anySatisfy(c -> {
            assertThat(c.reason()).isEqualTo("RevisionRefused");
            assertThat(c.message()).contains(words);
        });
        assertThat(operator.events().after(0)).anyMatch(e -> e.reason().equals("RevisionRefused"));
    }

    @Test
    void theStatusSaysWhoHasSignedAndWhatNobodySignedChangesNothing() {
        try (World world = new World()) {
            world.guardrails = requiring(CI.named("release workflow"));
            StackReconciler operator = world.enforcing(published);
            publish(world, alarm(world, 1), CI);
            run(operator);
            assertThat(operator.view().converged()).as(world.describe()).isTrue();
            assertThat(Objects.requireNonNull(operator.view().published()).signedBy())
                    .isEqualTo("release workflow");
            assertThat(operator.view().published().words()).contains("commit 1 by ann, signed by release workflow");
            String good = operator.view().revision();
            Map<String, Long> written = world.writes();

            publish(world, alarm(world, 2), null);
            run(operator);

            says(operator, "require a signature, and commit 2 is not signed", good + " stays enforced");
            assertThat(world.writes()).isEqualTo(written);

            StackReconciler next = world.enforcing(published);
            run(next);
            says(next, "commit 2 is not signed", good + " stays enforced");
            assertThat(Objects.requireNonNull(next.view().published()).signedBy())
                    .isEqualTo("release workflow");
            assertThat(world.writes()).isEqualTo(written);

            publish(world, alarm(world, 3), STRANGER);
            run(next);
            says(next, "none of the guardrails' keys (release workflow)");
            assertThat(world.writes()).isEqualTo(written);

            publish(world, alarm(world, 2), CI);
            run(next);
            assertThat(next.view().status()).as(world.describe()).isEqualTo("Synced");
            assertThat(world.writes()).isNotEqualTo(written);
        }
    }

    @Test
    void aSignedHeadIsNotPlayedAgain() {
        try (World world = new World()) {
            world.guardrails = requiring(CI.named("ci"));
            StackReconciler operator = world.enforcing(published);
            publish(world, alarm(world, 1), CI);
            byte[] old = Objects.requireNonNull(published.get("stacks/test/HEAD.json"))
                    .content();
            run(operator);
            publish(world, alarm(world, 2), CI);
            run(operator);
            Map<String, Long> written = world.writes();

            published.put("stacks/test/HEAD.json", old);
            run(operator);

            says(operator, "the head went back");
            assertThat(world.writes()).isEqualTo(written);
        }
    }

    @Test
    void aKeyThatIsTakenOffTheListStopsWhatItHasSigned() {
        try (World world = new World()) {
            world.guardrails = requiring(CI.named("ci"));
            StackReconciler operator = world.enforcing(published);
            publish(world, alarm(world, 1), CI);
            run(operator);
            assertThat(operator.view().converged()).isTrue();

            world.guardrails = requiring(STRANGER.named("new"));
            world.somebody(software.amazon.awssdk.services.cloudwatch.CloudWatchClient.class)
                    .deleteAlarms(r -> r.alarmNames(physical(operator)));
            world.clock.advance(Duration.ofMinutes(5));
            Map<String, Long> written = world.writes();
            run(operator);

            says(operator, "none of the guardrails' keys (new)");
            assertThat(operator.view().resources().values())
                    .anySatisfy(r -> assertThat(r.message()).contains("none of the guardrails' keys (new)"));
            assertThat(world.writes()).isEqualTo(written);

            publish(world, alarm(world, 1), STRANGER);
            run(operator);
            assertThat(operator.view().status()).as(world.describe()).isEqualTo("Synced");
        }
    }

    private static String physical(StackReconciler operator) {
        return Objects.requireNonNull(
                operator.view().resources().values().iterator().next().physicalId());
    }

    @Test
    void withoutGuardrailsASignatureIsShownAsUnknown() {
        try (World world = new World()) {
            StackReconciler operator = world.enforcing(published);
            publish(world, alarm(world, 1), CI);
            run(operator);

            assertThat(operator.view().converged()).isTrue();
            assertThat(Objects.requireNonNull(operator.view().published()).signedBy())
                    .isNull();
        }
    }

    @Test
    void aDirectoryIsRefused() {
        try (World world = new World()) {
            world.guardrails = requiring(CI.named("ci"));
            world.desire(Docs.of(Docs.alarm("a", 1)));
            world.pass();

            assertThat(world.writes()).isEmpty();
            assertThat(world.resource("Alarm/a").message()).contains("a directory or a synced prefix cannot be signed");
        }
    }
}
