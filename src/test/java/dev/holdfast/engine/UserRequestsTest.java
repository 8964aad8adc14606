package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.model.Event;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import dev.holdfast.state.HeldStep;
import dev.holdfast.state.RequestAnswer;
import dev.holdfast.state.RequestedAct;
import dev.holdfast.state.StackState;
import dev.holdfast.state.UserRequest;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Requests of users are kept in the state until they are carried out: no request is lost, and none is carried out
 * twice.
 */
class UserRequestsTest {
    private static final Duration SOON = Duration.ofMinutes(5);

    /** A bucket that was deleted: its creation waits for an approval. */
    private static World lost() {
        World world = new World();
        world.desire(Docs.of(Docs.bucket("one", ""), Docs.alarm("a", 1))).converged();
        vanish(world);
        return world.run(SOON);
    }

    private static void vanish(World world) {
        String id = world.resource("Bucket/one").physicalId();
        world.somebody(S3Client.class).deleteBucket(r -> r.bucket(id));
    }

    private static String hash(World world) {
        return world.view().plan().steps().stream()
                .filter(s -> s.resource().toString().equals("Bucket/one"))
                .map(Step::hash)
                .findFirst()
                .orElseThrow(() -> new AssertionError(world.describe()));
    }

    private static UserRequest add(World world, RequestedAct act) {
        UserRequest request = UserRequest.of(world.clock.instant(), "arn:aws:sts::1:assumed-role/Admin/ann", act);
        world.inbox().add(request);
        return request;
    }

    private static RequestAnswer answer(World world, UserRequest request) {
        world.reconciler().lookForRequests();
        return world.inbox().read().answerTo(request.id());
    }

    @Test
    void aProcessThatIsKilledBeforeItCarriesARequestOutLosesNone() {
        try (World world = lost()) {
            UserRequest request = add(world, new RequestedAct.Approve(List.of(hash(world))));
            world.reconciler().lookForRequests();

            world.restart().reconciler().lookForRequests();
            world.run(SOON);

            assertThat(world.status("Bucket/one")).isEqualTo(Status.Synced);
            assertThat(answer(world, request).carriedOut()).isTrue();
            assertThat(world.inbox().read().requests()).isEmpty();
        }
    }

    /**
     * The answer did not reach the inbox: the next process finds the request there, and the record that the request was
     * carried out.
     */
    @Test
    void aProcessThatIsKilledBeforeItAnswersDoesNotCarryTheRequestOutAgain() {
        try (World world = lost()) {
            UserRequest request = add(world, new RequestedAct.Approve(List.of(hash(world))));
            world.reconciler().lookForRequests();
            world.run(SOON);
            assertThat(world.status("Bucket/one")).isEqualTo(Status.Synced);
            assertThat(world.inbox().read().requests()).containsExactly(request);
            vanish(world);

            world.restart().reconciler().lookForRequests();
            world.run(SOON);

            assertThat(world.status("Bucket/one")).isEqualTo(Status.Stalled);
            assertThat(answer(world, request).carriedOut()).isTrue();
            assertThat(world.inbox().read().requests()).isEmpty();
            assertThat(world.events("Approved")).hasSize(1);
        }
    }

    @Test
    void eventsTellWhoAskedAndWhen() {
        try (World world = lost()) {
            String when = ", at " + world.clock.instant();
            String who = "arn:aws:sts::1:assumed-role/Admin/ann ";
            add(world, new RequestedAct.Approve(List.of(hash(world))));
            add(world, new RequestedAct.PauseUntil(null, world.clock.instant().plus(SOON), "night"));
            add(world, new RequestedAct.Resume(null));
            add(world, new RequestedAct.Retry(ResourceId.parse("Bucket/one")));
            add(world, new RequestedAct.Reconcile());

            world.reconciler().lookForRequests();
            world.run(SOON);

            assertThat(world.events)
                    .filteredOn(e -> e.message().startsWith(who) && e.message().endsWith(when))
                    .extracting(Event::reason)
                    .containsExactlyInAnyOrder("Approved", "Paused", "Resumed", "Retried", "ReconcileRequested");
            assertThat(world.events("Approved").getFirst().resource()).hasToString("Bucket/one");
        }
    }

    @Test
    void whatCannotBeCarriedOutIsRefusedInWords() {
        try (World world = lost()) {
            Map<RequestedAct, String> refused = Map.of(
                    new RequestedAct.Approve(List.of("0123456789abcdef")), "no step with the hash 0123456789abcdef",
                    new RequestedAct.Retry(ResourceId.parse("Alarm/nope")), "no resource Alarm/nope",
                    new RequestedAct.Resume(null), "the stack was not paused",
                    new RequestedAct.PauseUntil(null, world.clock.instant(), "late"), "the pause ended at");
            List<UserRequest> all =
                    refused.keySet().stream().map(act -> add(world, act)).toList();

            world.reconciler().lookForRequests();
            world.run(SOON);

            all.forEach(request -> {
                assertThat(answer(world, request).carriedOut()).isFalse();
                assertThat(answer(world, request).message()).contains(refused.get(request.act()));
            });
            assertThat(world.events("RequestRefused"))
                    .hasSize(4)
                    .allMatch(e -> e.severity() == Event.Severity.Warning)
                    .allMatch(e -> e.message().contains("Admin/ann"));
        }
    }

    @Test
    void anApprovalThatWasGivenADayAgoHasExpired() {
        try (World world = lost()) {
            UserRequest request = add(world, new RequestedAct.Approve(List.of(hash(world))));
            world.clock.advance(Duration.ofHours(24));

            world.reconciler().lookForRequests();
            world.run(SOON);

            assertThat(world.status("Bucket/one")).isEqualTo(Status.Stalled);
            assertThat(answer(world, request).message()).contains("expired");
        }
    }

    @Test
    void aStackWithoutARevisionAnswersToo() {
        try (World world = new World()) {
            world.pass();
            UserRequest pause = add(
                    world,
                    new RequestedAct.PauseUntil(null, world.clock.instant().plus(SOON), "night"));
            UserRequest approval = add(world, new RequestedAct.Approve(List.of("0123456789abcdef")));
            world.reconciler().lookForRequests();

            world.pass();

            assertThat(answer(world, pause).carriedOut()).isTrue();
            assertThat(answer(world, approval).message()).contains("no revision of the stack is enforced");
        }
    }

    @Test
    void aRequestStopsNothingIfItCannotBeRead() {
        try (World world = lost()) {
            world.store.put("stacks/test/requests.json", "{".getBytes(StandardCharsets.UTF_8));

            world.reconciler().lookForRequests();
            world.reconciler().lookForRequests();
            world.run(SOON);

            assertThat(world.events("RequestsUnreadable")).hasSize(1);
            assertThatThrownBy(() -> add(world, new RequestedAct.Reconcile())).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void manyWhoAskAtOnceAreAllHeard() {
        try (World world = lost();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<UserRequest> made = IntStream.range(0, 12)
                    .mapToObj(i -> threads.submit(() -> add(world, new RequestedAct.Reconcile())))
                    .toList()
                    .stream()
                    .map(UserRequestsTest::get)
                    .toList();

            world.reconciler().lookForRequests();
            world.run(SOON);

            assertThat(made)
                    .allSatisfy(r -> assertThat(answer(world, r).carriedOut()).isTrue());
        }
    }

    private static <T> T get(java.util.concurrent.Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aConvergedStackWithoutRequestsWritesNothingIntoTheState() {
        try (World world = lost()) {
            world.approve(hash(world));
            world.converged();
            world.reconciler().lookForRequests();
            world.pass();
            long writes = world.store.writes();

            world.reconciler().lookForRequests();
            world.pass();

            assertThat(world.store.writes()).isEqualTo(writes);
        }
    }

    @Test
    void theStateTellsWhichStepsAreHeldAndWhatElseEachOfThemNeeds() {
        try (World world = new World()) {
            String two = Docs.bucket("two", "").replace("'name':'two'", "'name':'two','dependsOn':['Bucket/one']");
            world.desire(Docs.of(Docs.bucket("one", ""), two, Docs.bucket("three", "")))
                    .converged();
            for (String name : List.of("one", "two", "three")) {
                String id = world.resource("Bucket/" + name).physicalId();
                world.somebody(S3Client.class).deleteBucket(r -> r.bucket(id));
            }
            world.run(SOON);

            List<HeldStep> held = StackState.heldSteps(world.store, "test");

            Map<String, String> hashes =
                    held.stream().collect(Collectors.toMap(s -> s.resource().name(), HeldStep::hash));
            assertThat(hashes).containsOnlyKeys("one", "two", "three");
            assertThat(NeededApprovals.besides(List.of(hashes.get("two")), held))
                    .extracting(HeldStep::hash)
                    .containsExactly(hashes.get("one"));
            assertThat(NeededApprovals.besides(List.of(hashes.get("one"), hashes.get("three")), held))
                    .isEmpty();
            assertThat(NeededApprovals.besides(List.of(hashes.get("one"), hashes.get("two")), held))
                    .isEmpty();
        }
    }

    @Test
    void anApprovalThatIsNotUsedSaysWhy() {
        try (World world = lost()) {
            String hash = hash(world);
            world.pause("*", Duration.ofHours(72));
            world.approve(hash);
            world.run(SOON);
            world.clock.advance(Duration.ofHours(24));
            world.run(SOON);
            assertThat(world.events("ApprovalExpired"))
                    .singleElement()
                    .satisfies(e -> assertThat(e.message()).contains(hash));

            world.approve(hash);
            world.run(SOON);
            world.desire(Docs.of(Docs.bucket("one", ""), Docs.alarm("a", 1), Docs.alarm("b", 1)));
            world.run(SOON);

            assertThat(world.events("ApprovalDropped"))
                    .singleElement()
                    .satisfies(e -> assertThat(e.message()).contains(hash));
        }
    }
}
