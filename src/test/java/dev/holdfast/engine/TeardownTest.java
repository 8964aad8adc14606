package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.desired.Publisher;
import dev.holdfast.desired.RevisionCodec;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.Status;
import dev.holdfast.state.RequestInbox;
import dev.holdfast.state.RequestedAct;
import dev.holdfast.state.UserRequest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The status of a stack that {@code destroy} tears down. */
class TeardownTest {
    private static final String LOGS = """
        {'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'app'},'spec':{'logGroupName':'/app'}}
        """;

    private final MemoryStore published = new MemoryStore();

    private void publish(World world, Revision revision) {
        Publisher.publish(published, revision, new Publisher.Commit("ann", "m", null), null, world.clock);
    }

    /** The revision that the command creates. */
    private static Revision teardown(Revision last) {
        return RevisionCodec.of(last.settings().ofTeardown(), Map.of());
    }

    /** @return the revision of a VPC, after which the teardown was published */
    private Revision tornDown(World world, StackReconciler operator) {
        Revision full = world.desire(Docs.of(Docs.vpc(""))).desired();
        publish(world, full);
        run(world, operator);
        publish(world, teardown(full));
        run(world, operator);
        return full;
    }

    private static void run(World world, StackReconciler operator) {
        for (int i = 0; i < 3; i++) {
            operator.lookForRequests();
            operator.requestFull();
            operator.run();
            world.clock.advance(Duration.ofMinutes(2));
        }
    }

    private static void request(World world, RequestedAct act) {
        new RequestInbox(world.store, "test").add(UserRequest.of(world.clock.instant(), "bob", act));
    }

    @Test
    void theStackIsDestroyingUntilOnlyRetainedResourcesAreLeft() {
        try (World world = new World()) {
            StackReconciler operator = world.enforcing(published);
            Revision full = world.desire(Docs.of(LOGS, Docs.alarm("a", 1), Docs.vpc("")))
                    .desired();
            publish(world, full);
            run(world, operator);
            assertThat(operator.view().status()).isEqualTo("Synced");

            publish(world, teardown(full));
            run(world, operator);

            StackView view = operator.view();
            assertThat(view.status()).isEqualTo(StackView.DESTROYING);
            assertThat(view.converged()).isFalse();
            assertThat(view.resources().get(ResourceId.parse("Vpc/main")).status())
                    .isEqualTo(Status.AwaitingApproval);

            request(
                    world,
                    new RequestedAct.PauseUntil(null, world.clock.instant().plus(Duration.ofMinutes(7)), "lunch"));
            run(world, operator);
            assertThat(operator.view().status()).isEqualTo("Paused");
            run(world, operator);
            assertThat(operator.view().status()).isEqualTo(StackView.DESTROYING);

            request(
                    world,
                    new RequestedAct.Approve(operator.view().verdicts().keySet().stream()
                            .map(step -> step.hash())
                            .toList()));
            run(world, operator);

            assertThat(operator.view().resources()).containsOnlyKeys(ResourceId.parse("LogGroup/app"));
            assertThat(operator.view().status()).isEqualTo("Synced");
            assertThat(operator.view().converged()).isTrue();
        }
    }

    @Test
    void aStackThatIsPublishedAgainIsNoLongerDestroying() {
        try (World world = new World()) {
            StackReconciler operator = world.enforcing(published);
            Revision full = tornDown(world, operator);
            assertThat(operator.view().status()).isEqualTo(StackView.DESTROYING);

            publish(world, full);
            run(world, operator);

            assertThat(operator.view().status()).isEqualTo("Synced");
            assertThat(world.owned().get("Vpc/main")).hasSize(1);
        }
    }

    /** A lost desired state is not a teardown. */
    @Test
    void aStackWithoutARevisionIsNotDestroying() {
        try (World world = new World()) {
            StackReconciler operator = world.enforcing(published);
            tornDown(world, operator);

            published.delete("stacks/test/HEAD.json");
            run(world, operator);

            assertThat(operator.view().status()).isEqualTo(StackView.UNMANAGED);
        }
    }
}
