package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Replicas.Replica;
import dev.holdfast.model.Event;
import dev.holdfast.state.RequestAnswer;
import dev.holdfast.state.RequestedAct;
import dev.holdfast.state.UserRequest;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Any replica accepts a request; the replica that holds the stack carries the request out. */
class ReplicaRequestsTest {
    private static final Duration SOON = Duration.ofSeconds(3);
    private static final Duration LEASE = Duration.ofSeconds(45);

    /**
     * Posts a request as the API does: the request is stored first, and noticed at once if this replica holds the
     * stack.
     */
    private static UserRequest post(Replicas world, Replica to, RequestedAct act) {
        UserRequest request = UserRequest.of(world.clock.instant(), "ann", act);
        to.engine.inbox("one").add(request);
        to.engine.lookForRequests("one");
        return request;
    }

    private static RequestedAct pause(Replicas world) {
        return new RequestedAct.PauseUntil(null, world.clock.instant().plus(Duration.ofHours(1)), "incident 12");
    }

    private static List<Event> events(String reason, Replica... replicas) {
        return Stream.of(replicas)
                .flatMap(r -> r.events.stream())
                .filter(e -> e.reason().equals(reason))
                .toList();
    }

    private static RequestAnswer answer(Replica replica, UserRequest request) {
        return replica.engine.inbox("one").read().answerTo(request.id());
    }

    @Test
    void aRequestToAReplicaThatDoesNotHoldTheStackIsCarriedOutWithinSeconds() {
        try (Replicas world = new Replicas()) {
            Replica a = world.holder("A");
            Replica b = world.start("B");
            world.run(SOON, a, b);

            UserRequest request = post(world, b, pause(world));
            world.run(SOON, a, b);

            assertThat(a.view("one").status()).isEqualTo("Paused");
            assertThat(a.view("one").pauses().get("*").by()).isEqualTo("ann");
            world.run(SOON, a, b);
            assertThat(answer(b, request).carriedOut()).isTrue();
            assertThat(events("Paused", a, b))
                    .singleElement()
                    .satisfies(e -> assertThat(e.message()).startsWith("ann paused the stack"));
        }
    }

    /**
     * The replica that accepted the request and the replica that held the stack end before they carry the request out.
     */
    @Test
    void aRequestSurvivesTheEndOfBothReplicas() {
        try (Replicas world = new Replicas()) {
            Replica a = world.holder("A");
            Replica b = world.start("B");
            world.run(SOON, a, b);
            UserRequest request = post(world, b, pause(world));
            world.twin.faults().add(TwinFaultRule.on("*", new TwinFault.Cut()).by(a.key));
            a.tick();

            Replica c = world.start("C");
            world.run(LEASE, c);

            assertThat(c.view("one").status()).isEqualTo("Paused");
            world.run(SOON, c);
            assertThat(answer(c, request).carriedOut()).isTrue();
            assertThat(events("Paused", a, b, c)).hasSize(1);
        }
    }

    /** The holder has paused the stack, and is killed before it answers; meanwhile a user has resumed the stack. */
    @Test
    void aRequestThatWasCarriedOutIsNotCarriedOutAgainByTheNextHolder() {
        try (Replicas world = new Replicas()) {
            Replica a = world.holder("A");
            UserRequest pause = post(world, a, pause(world));
            a.tick();
            assertThat(a.view("one").status()).isEqualTo("Paused");
            assertThat(answer(a, pause)).isNull();
            world.twin.faults().add(TwinFaultRule.on("*", new TwinFault.Cut()).by(a.key));
            a.tick();

            Replica b = world.start("B");
            world.run(SOON, b);
            UserRequest resume = post(world, b, new RequestedAct.Resume(null));
            world.run(LEASE, a, b);

            assertThat(b.view("one").status()).isEqualTo("Synced");
            assertThat(answer(b, pause).carriedOut()).isTrue();
            assertThat(answer(b, resume).carriedOut()).isTrue();
            assertThat(events("Paused", a, b)).hasSize(1);
            assertThat(events("Resumed", a, b)).hasSize(1);
        }
    }

    @Test
    void requestsToTwoReplicasAtOnceAreCarriedOutInTheirOrder() {
        try (Replicas world = new Replicas()) {
            Replica a = world.holder("A");
            Replica b = world.start("B");
            world.run(SOON, a, b);

            for (int i = 0; i < 5; i++) {
                post(world, i % 2 == 0 ? a : b, pause(world));
                post(world, i % 2 == 0 ? b : a, new RequestedAct.Resume(null));
            }
            world.run(SOON.multipliedBy(2), a, b);

            assertThat(a.view("one").pauses()).isEmpty();
            assertThat(a.engine.inbox("one").read().requests()).isEmpty();
            assertThat(events("Paused", a, b)).hasSize(5);
            assertThat(events("Resumed", a, b)).hasSize(5);
        }
    }

    /**
     * An unexpected exception that is no failure of S3: without an event, the checks for requests would end for ever
     * without notice.
     */
    @Test
    void aLookForRequestsThatEndsUnexpectedlyIsToldAndRepeated() {
        try (Replicas world = new Replicas()) {
            Replica a = world.holder("A");
            a.beforeGet(key -> {
                if (key.equals("stacks/one/requests.json")) {
                    throw new IllegalStateException("nobody expected this");
                }
            });

            world.run(Duration.ofMinutes(1), a);

            assertThat(events("TaskFailed", a)).singleElement().satisfies(e -> {
                assertThat(e.stack()).isEqualTo("one");
                assertThat(e.severity()).isEqualTo(Event.Severity.Alert);
                assertThat(e.message()).contains("nobody expected this");
            });
            assertThat(a.holds()).containsExactly("one", "two");

            a.beforeGet(key -> {});
            UserRequest request = post(world, a, pause(world));
            world.run(SOON.multipliedBy(2), a);

            assertThat(answer(a, request).carriedOut()).isTrue();
        }
    }

    /** Two seconds pass between two checks, and each check is a single GET. */
    @Test
    void aLookForRequestsIsOneGet() {
        try (Replicas world = new Replicas()) {
            Replica a = world.holder("A");
            long gets = world.requestLooks();

            world.run(Duration.ofMinutes(1), a);

            // The counts cover two stacks.
            assertThat(world.requestLooks() - gets).isBetween(56L, 64L);
        }
    }
}
