package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.desired.Publisher;
import dev.holdfast.desired.TestSigner;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.PublishingRules;
import dev.holdfast.model.Revision;
import dev.holdfast.model.Step;
import dev.holdfast.model.TestGuardrails;
import dev.holdfast.state.RequestInbox;
import dev.holdfast.state.RequestedAct;
import dev.holdfast.state.UserRequest;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Nobody can approve a revision that they published themselves, by any way of approval. */
class ApproverRuleTest {
    private static final TestSigner CI = TestSigner.of("Ed25519");
    private static final String HELD = "'limits':{'maxUpdates':0},";

    private final MemoryStore published = new MemoryStore();

    private static GuardrailsState anotherPerson() {
        return TestGuardrails.publishing(new PublishingRules(true, List.of(CI.named("ci")), true));
    }

    private void publish(World world, int threshold, String author) {
        Revision revision =
                world.desire(Docs.of(Docs.alarm("a", threshold)), HELD).desired();
        Publisher.publish(published, revision, new Publisher.Commit(author, "m", null), CI, world.clock);
    }

    private StackReconciler operator(World world) {
        world.guardrails = anotherPerson();
        return world.enforcing(published);
    }

    private static void run(World world, StackReconciler operator) {
        for (int i = 0; i < 3; i++) {
            operator.lookForRequests();
            operator.requestFull();
            operator.run();
            world.clock.advance(java.time.Duration.ofMinutes(2));
        }
    }

    private static String held(StackReconciler operator) {
        List<Step> steps = List.copyOf(operator.view().verdicts().keySet());
        assertThat(steps).hasSize(1);
        return steps.getFirst().hash();
    }

    private static UserRequest approval(World world, StackReconciler operator) {
        return UserRequest.of(world.clock.instant(), "x", new RequestedAct.Approve(List.of(held(operator))));
    }

    private static RequestInbox inbox(World world) {
        return new RequestInbox(world.store, "test");
    }

    private static void refused(World world, StackReconciler operator, String... words) {
        run(world, operator);
        assertThat(operator.view().verdicts()).isNotEmpty();
        assertThat(operator.events().after(0)).anySatisfy(e -> {
            assertThat(e.reason()).isEqualTo("RequestRefused");
            assertThat(e.message()).contains(words);
        });
        assertThat(inbox(world).trail().after("", 50)).anySatisfy(entry -> {
            assertThat(entry.carriedOut()).isFalse();
            assertThat(entry.message()).contains(words);
        });
    }

    private StackReconciler holding(World world) {
        StackReconciler operator = operator(world);
        publish(world, 1, "ann@example.com");
        run(world, operator);
        assertThat(operator.view().converged()).as(world.describe()).isTrue();
        publish(world, 2, "Bob@example.com");
        run(world, operator);
        return operator;
    }

    @Test
    void thePublisherIsRefusedAndAnotherPersonIsNot() {
        try (World world = new World()) {
            StackReconciler operator = holding(world);

            inbox(world).addVouched(approval(world, operator), "bob@example.com");
            refused(world, operator, "approverNotPublisher", "bob@example.com has published the change that waits");
            assertThat(operator.mayNotApprove("bob@example.com")).contains("another person has to approve");
            assertThat(operator.mayNotApprove("ann@example.com")).isNull();

            inbox(world).addVouched(approval(world, operator), "ann@example.com");
            run(world, operator);
            assertThat(operator.view().converged()).as(world.describe()).isTrue();
        }
    }

    @Test
    void somebodyWhoHasNotSignedInIsRefused() {
        try (World world = new World()) {
            StackReconciler operator = holding(world);

            inbox(world).add(approval(world, operator));
            refused(world, operator, "this approval is not from a person who has signed in");
            assertThat(operator.mayNotApprove(null)).contains("not from a person who has signed in");
        }
    }

    /** A principal that can write requests to the state can write any name there. */
    @Test
    void aNameThatTheOperatorHasNotWrittenIsNoProof() {
        try (World world = new World()) {
            StackReconciler operator = holding(world);
            inbox(world).addVouched(approval(world, operator), "bob@example.com");
            UserRequest bobs = inbox(world).read().requests().getFirst();
            refused(world, operator, "bob@example.com has published");
            List<UnaryOperator<UserRequest>> forgeries = List.of(
                    r -> new UserRequest("1", r.at(), r.by(), r.act(), "ann@example.com", null),
                    r -> new UserRequest("2", r.at(), r.by(), r.act(), "ann@example.com", "hmac:00"),
                    r -> new UserRequest("3", r.at(), r.by(), r.act(), "ann@example.com", r.proof()),
                    r -> new UserRequest("4", r.at(), r.by(), r.act(), r.person(), r.proof()));

            for (UnaryOperator<UserRequest> forgery : forgeries) {
                inbox(world).add(forgery.apply(bobs));
                refused(world, operator, "this approval is not from a person who has signed in");
            }
        }
    }

    @Test
    void whoPublishesLaterDoesNotMakeAnEarlierAuthorAnother() {
        try (World world = new World()) {
            StackReconciler operator = holding(world);
            // The operator reads both revisions as one change: it never read the commit in between.
            publish(world, 3, "cid@example.com");
            publish(world, 4, "dan@example.com");
            run(world, operator);

            for (String author : List.of("bob@example.com", "cid@example.com", "dan@example.com")) {
                assertThat(operator.mayNotApprove(author)).as(author).isNotNull();
            }
            assertThat(operator.mayNotApprove("ann@example.com")).isNull();

            inbox(world).addVouched(approval(world, operator), "ann@example.com");
            run(world, operator);
            assertThat(operator.view().converged()).as(world.describe()).isTrue();
            publish(world, 5, "eve@example.com");
            run(world, operator);
            assertThat(operator.mayNotApprove("bob@example.com")).isNull();
            assertThat(operator.mayNotApprove("eve@example.com")).isNotNull();
            assertThat(Objects.requireNonNull(operator.view().published()).authors())
                    .containsExactly("eve@example.com");
        }
    }

    /** The change of the author waits still, although the plan has no step for a resource that cannot be read. */
    @Test
    void anAuthorStaysOneWhileTheResourceCannotBeRead() {
        try (World world = new World()) {
            StackReconciler operator = operator(world);
            publish(world, 1, "ann@example.com");
            run(world, operator);
            world.refuse("cloudwatch:DescribeAlarms", 403, "AccessDenied", "not allowed");
            publish(world, 2, "bob@example.com");
            run(world, operator);
            publish(world, 3, "cid@example.com");
            run(world, operator);
            world.twin.faults().clear();
            run(world, operator);

            assertThat(operator.mayNotApprove("bob@example.com")).isNotNull();
            assertThat(operator.mayNotApprove("cid@example.com")).isNotNull();
            inbox(world).addVouched(approval(world, operator), "ann@example.com");
            run(world, operator);
            assertThat(operator.view().converged()).as(world.describe()).isTrue();
        }
    }

    /** An approval is valid for a day: it must not be kept until the guardrails can be read again. */
    @Test
    void nothingIsApprovedWhileTheGuardrailsCannotBeRead() {
        try (World world = new World()) {
            StackReconciler operator = holding(world);
            UserRequest request = approval(world, operator);
            world.guardrails = new GuardrailsState.UnreadableGuardrails("s3://ours/guardrails.json", "AccessDenied");

            inbox(world).add(request);
            refused(world, operator, "nothing can be approved", "AccessDenied");
        }
    }
}
