package dev.holdfast.engine;

import dev.holdfast.model.Event;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Verdict;
import dev.holdfast.state.RequestInbox;
import dev.holdfast.state.RequestedAct;
import dev.holdfast.state.UserRequest;
import dev.holdfast.store.ObjectStore;
import dev.holdfast.twin.DrivenClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Actions on a stack that runs on a driven clock: time passes, users approve and pause, and the test reads the view.
 *
 * @param <W> the type of the world that has the stack
 */
public abstract class RunningStack<W extends RunningStack<W>> {
    public final DrivenClock clock;
    /** The events of the operator, the oldest first. */
    public final List<Event> events = new CopyOnWriteArrayList<>();

    /** Runs after each pass of {@link #converge} and {@link #runUntil}. */
    public Runnable afterPass = () -> {};

    final long seed;

    RunningStack(DrivenClock clock, long seed) {
        this.clock = clock;
        this.seed = seed;
    }

    abstract W self();

    /** The reconciler of the process that runs now. */
    public abstract StackReconciler reconciler();

    /** The store in which that process keeps its state. */
    public abstract ObjectStore state();

    /** The name of the stack. */
    public abstract String stack();

    public StackView view() {
        return reconciler().view();
    }

    /** One full pass. */
    public PassReport pass() {
        reconciler().requestFull();
        return reconciler().run();
    }

    /**
     * Runs all due work while the clock advances, until the stack has converged or this time has passed.
     *
     * @return the time that this took
     */
    public Duration converge(Duration atMost) {
        Instant start = clock.instant();
        Instant end = start.plus(atMost);
        reconciler().requestFull();
        while (clock.instant().isBefore(end)) {
            reconciler().run();
            afterPass.run();
            if (view().converged()) {
                return Duration.between(start, clock.instant());
            }
            untilNextLook(end);
        }
        return atMost;
    }

    private void untilNextLook(Instant end) {
        Instant next = reconciler().nextLookAt();
        Duration gap = Duration.between(clock.instant(), next.isBefore(end) ? next : end);
        clock.advance(gap.compareTo(Duration.ofMillis(100)) < 0 ? Duration.ofMillis(100) : gap);
    }

    public W converged() {
        Duration took = converge(Duration.ofMinutes(30));
        if (!view().converged()) {
            throw new AssertionError("not converged after " + took + " (seed " + seed + "):\n" + describe());
        }
        return self();
    }

    /** The step of the plan for a resource. */
    public Step step(String resource) {
        return view().plan().steps().stream()
                .filter(s -> s.resource().toString().equals(resource))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no step of " + resource + "\n" + describe()));
    }

    /** The events with this reason. */
    public List<Event> events(String reason) {
        return events.stream().filter(e -> e.reason().equals(reason)).toList();
    }

    /** The requests of users for the stack. */
    public RequestInbox inbox() {
        return new RequestInbox(state(), stack());
    }

    /** The only step that is held. */
    public Step held() {
        return view().verdicts().entrySet().stream()
                .filter(e -> e.getValue() instanceof Verdict.Held)
                .map(e -> e.getKey())
                .reduce((a, b) -> {
                    throw new AssertionError("two steps are held: " + a + ", " + b);
                })
                .orElseThrow();
    }

    /** Approves every step that waits for an approval, or that will need one after a replacement. */
    public void approveHeld() {
        view().verdicts().forEach((step, verdict) -> {
            boolean asks = verdict instanceof Verdict.Held held
                    ? held.status() == Status.AwaitingApproval
                    : verdict instanceof Verdict.AfterReplacement follows && follows.approvable();
            if (asks) {
                approve(step.hash());
            }
        });
    }

    /** A user approves a step. */
    public void approve(String hash) {
        request(new RequestedAct.Approve(List.of(hash)));
    }

    /** A user pauses a resource, or with {@code *} the stack, for this time. */
    public void pause(String what, Duration length) {
        request(new RequestedAct.PauseUntil(
                resourceOrNull(what), clock.instant().plus(length), "a test"));
    }

    public void resume(String what) {
        request(new RequestedAct.Resume(resourceOrNull(what)));
    }

    public void retry(String resource) {
        request(new RequestedAct.Retry(ResourceId.parse(resource)));
    }

    private static @Nullable ResourceId resourceOrNull(String what) {
        return what.equals("*") ? null : ResourceId.parse(what);
    }

    /** Adds a request to the state, and notifies this process of it. */
    public UserRequest request(RequestedAct act) {
        UserRequest request = UserRequest.of(clock.instant(), "ann", act);
        inbox().add(request);
        reconciler().lookForRequests();
        return request;
    }

    /** Runs all due work for this time, whatever happens. */
    public W run(Duration time) {
        return runUntil(() -> false, time);
    }

    /** Runs all due work until the condition is true, or this time has passed. */
    public W runUntil(BooleanSupplier done, Duration atMost) {
        Instant end = clock.instant().plus(atMost);
        while (clock.instant().isBefore(end) && !done.getAsBoolean()) {
            reconciler().run();
            afterPass.run();
            untilNextLook(end);
        }
        return self();
    }

    public Status status(String resource) {
        return resource(resource).status();
    }

    public ResourceView resource(String resource) {
        ResourceView found = view().resources().get(ResourceId.parse(resource));
        if (found == null) {
            throw new AssertionError("no resource " + resource + " in\n" + describe());
        }
        return found;
    }

    public String describe() {
        StringBuilder text = new StringBuilder(view().status())
                .append(' ')
                .append(view().conditions())
                .append('\n');
        view().revisionErrors().forEach(p -> text.append("  ").append(p).append('\n'));
        view().resources()
                .values()
                .forEach(r -> text.append("  ")
                        .append(r.id())
                        .append(' ')
                        .append(r.physicalId())
                        .append(' ')
                        .append(r.status())
                        .append(' ')
                        .append(r.reason())
                        .append(' ')
                        .append(r.message())
                        .append(' ')
                        .append(
                                r.conditions().isEmpty()
                                        ? ""
                                        : r.conditions().getFirst().status() + " "
                                                + r.conditions().getFirst().reason())
                        .append(' ')
                        .append(r.drift())
                        .append('\n'));
        events.stream()
                .skip(Math.max(0, events.size() - 25))
                .forEach(e -> text.append("  ").append(e).append('\n'));
        return text.toString();
    }
}
