package dev.holdfast.engine;

import dev.holdfast.aws.CallContext;
import dev.holdfast.aws.Faults;
import dev.holdfast.aws.WriteRefusedException;
import dev.holdfast.aws.WrongAccountException;
import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.RevisionCodec;
import dev.holdfast.model.ChangeHint;
import dev.holdfast.model.Condition;
import dev.holdfast.model.Event;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Health;
import dev.holdfast.model.Revision;
import dev.holdfast.state.RequestInbox;
import dev.holdfast.state.SecretHasher;
import dev.holdfast.state.StackState;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Reconciles one stack: reads what is desired, makes passes over it, and keeps the view that the status shows. Passes of one
 * stack never overlap.
 */
public final class StackReconciler {
    /** While a pass goes on, the view is made anew no more often than this. */
    private static final Duration VIEW_EVERY = Duration.ofMillis(500);

    private final EngineContext context;
    private final String stack;
    private final DesiredSource source;
    private final Supplier<BooleanSupplier> permits;
    private final EventLog events;
    private final DriftCoverage coverage = new DriftCoverage();
    private final StackInbox inbox;
    private final ReentrantLock onePass = new ReentrantLock();
    /** Rises whenever the process begins anew to hold the stack. */
    private final AtomicLong holding = new AtomicLong();

    private final AtomicBoolean fullRequested = new AtomicBoolean(true);

    private @Nullable StackState state;
    private @Nullable RevisionTracker tracker;
    private RevisionTracker.RevisionState desired = RevisionTracker.RevisionState.NONE;
    private @Nullable StackSession session;
    private @Nullable PassMeter meter;
    private @Nullable String passFailure;
    private volatile Instant nextFull = Instant.MIN;
    private Instant begunAt = Instant.MIN;
    private volatile boolean busy;
    /** When the next pass may begin after one that failed; null: the last one did not fail. */
    private volatile @Nullable Instant resting;

    private volatile StackView view;

    /** @param permits gives each pass, when it begins, its permit to write: {@link dev.holdfast.state.Lease#permit} */
    public StackReconciler(
            EngineContext context, String stack, DesiredSource source, Supplier<BooleanSupplier> permits) {
        this.context = context.forOneStack();
        this.stack = stack;
        this.source = source;
        this.permits = permits;
        this.events = new EventLog(stack, context.clock(), context.events());
        this.inbox = new StackInbox(new RequestInbox(context.store(), stack), events);
        this.view = StackView.starting(stack, context.clock().instant());
    }

    public String stack() {
        return stack;
    }

    public StackView view() {
        return view;
    }

    public EventLog events() {
        return events;
    }

    /**
     * Looks in the state for what people have asked for, and stores the answers to what was carried out. A pass that is under
     * way takes the requests up at once; otherwise {@link #nextLookAt} is now.
     */
    public void lookForRequests() {
        if (inbox.look()) {
            // If this process is killed now, the next one begins with a full pass anyway.
            requestFull();
        }
    }

    /**
     * Why the guardrails do not let somebody approve steps of this stack, or null.
     *
     * @param person who has signed in; null: nobody
     */
    public @Nullable String mayNotApprove(@Nullable String person) {
        PublishedBy published = view.published();
        return ApproverRule.of(context).refusal(published == null ? Set.of() : published.authors(), person);
    }

    /** Which share of the drift change events have reported. */
    public DriftCoverage coverage() {
        return coverage;
    }

    /** Has these resources read as soon as possible, whatever the interval says; what the reads show decides. */
    public void changed(List<ChangeHint> changes) {
        if (inbox.hints().add(changes) > 0) {
            requestFull();
        }
    }

    /** Everything is read, and the desired state too, as soon as possible, whatever the interval says. */
    public void requestFull() {
        fullRequested.set(true);
    }

    /** When {@link #pass} should be called next. */
    public Instant nextLookAt() {
        Instant rest = resting;
        if (rest != null) {
            return rest;
        }
        return busy || fullRequested.get() || inbox.any(view.plan() != null) ? Instant.MIN : view.nextLookAt();
    }

    /** The process holds the stack no longer: nothing that has begun may write any more, and the next one gets the hints. */
    void leave() {
        holding.incrementAndGet();
        inbox.handHintsOn();
    }

    /** Shows that another process makes the passes over this stack, or why none is made. */
    void standBy(Condition.ConditionType type, String reason, String message) {
        Instant now = context.clock().instant();
        view = view.standingBy(new Condition(type, Health.Ready.True, reason, message, now, null));
    }

    /** Forgets everything that is only in memory, because another process may have held the stack meanwhile. */
    public void startOver() {
        // Before the lock: no step that began earlier may write any more.
        leave();
        onePass.lock();
        try {
            view = view.starting();
            inbox.clear();
            state = null;
            tracker = null;
            session = null;
            meter = null;
            busy = false;
            resting = null;
            fullRequested.set(true);
        } finally {
            onePass.unlock();
        }
    }

    /** Reads everything and plans, and writes nothing. */
    public PassReport plan() {
        onePass.lock();
        try {
            return measured(false);
        } finally {
            onePass.unlock();
        }
    }

    /**
     * Makes one pass: a full one if it is due or was requested, else a light one over what is not settled. It ends early when
     * the next full pass is due; {@link #nextLookAt} is then now, and the next pass goes on with the steps in flight.
     */
    public PassReport pass() {
        onePass.lock();
        try {
            return measured(true);
        } finally {
            onePass.unlock();
        }
    }

    /** Makes passes until nothing is in flight and nothing can be done at once. */
    public PassReport run() {
        PassReport report;
        do {
            report = pass();
        } while (busy && passFailure == null);
        awaitEnd(Duration.ofMinutes(1));
        return report;
    }

    /** Waits until no pass, read or step goes on, but no longer than this. @return whether none does */
    boolean awaitEnd(Duration most) {
        long end = System.nanoTime() + most.toNanos();
        try {
            if (!onePass.tryLock(most.toNanos(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            return session == null || session.awaitTasks(Duration.ofNanos(end - System.nanoTime()));
        } finally {
            onePass.unlock();
        }
    }

    private PassReport measured(boolean applies) {
        Instant started = context.clock().instant();
        begunAt = started;
        boolean full = fullRequested.getAndSet(false) || !started.isBefore(nextFull);
        PassMeter calls = meter != null && busy ? meter : new PassMeter(new CallContext(gate()));
        meter = calls;
        calls.begin(started);
        String failure = null;
        try (Traces.OpenSpan span = context.traces().pass(stack, calls.context().id(), full)) {
            calls.context().run(() -> reconcile(full, applies));
            span.passed(desired.revision(), calls.context());
        } catch (SdkException | UncheckedIOException e) {
            failure = Faults.classify(e, List.of()).inWords();
        } catch (WrongAccountException | WriteRefusedException e) {
            failure = e.getMessage();
        } catch (RuntimeException e) {
            // Whatever ends a pass is told, and the next pass begins after a pause.
            failure = unexpected("the pass ended unexpectedly", e);
        } finally {
            busy = session != null && session.isBusy();
        }
        PassReport report = calls.end();
        conclude(full, failure, report);
        return report;
    }

    /** Open as long as this process holds the stack as it does now, under the same epoch of the lease. */
    private BooleanSupplier gate() {
        long mine = holding.get();
        BooleanSupplier permit = permits.get();
        return () -> holding.get() == mine && permit.getAsBoolean();
    }

    private void conclude(boolean full, @Nullable String failure, PassReport report) {
        Instant now = context.clock().instant();
        if (failure != null && !failure.equals(passFailure)) {
            events.add(null, Event.Severity.Warning, StackView.PASS_FAILED, failure);
        }
        passFailure = failure;
        if (full && !nextFull.isAfter(report.startedAt())) {
            scheduleFull(now);
        }
        if (failure != null) {
            nextFull = min(nextFull, now.plus(EngineConstants.BUSY));
        }
        boolean unshown = !show(full, report, now);
        // What failed is tried again after a pause, whatever is in flight.
        resting = unshown || failure != null ? min(nextFull, now.plus(EngineConstants.BUSY)) : null;
    }

    /** @return whether the view could be made */
    private boolean show(boolean full, PassReport report, Instant now) {
        Instant look = session == null ? Instant.MAX : session.nextLook();
        try {
            view = views(passFailure)
                    .make(
                            view,
                            full ? report : null,
                            full || passFailure != null ? report : null,
                            now,
                            min(nextFull, look));
            return true;
        } catch (RuntimeException e) {
            String failure = unexpected("the status could not be made", e);
            if (!failure.equals(passFailure)) {
                events.add(null, Event.Severity.Alert, StackView.PASS_FAILED, failure);
            }
            passFailure = failure;
            view = view.failed(failure, now);
            return false;
        }
    }

    private static String unexpected(String what, RuntimeException e) {
        Fault fault = Faults.classify(e, List.of());
        return what + ": " + fault.code() + ": " + fault.message();
    }

    private StackViews views(@Nullable String failure) {
        return new StackViews(stack, desired, failure, session);
    }

    private void scheduleFull(Instant now) {
        Revision revision = desired.revision();
        Duration interval =
                revision == null ? Duration.ofMinutes(1) : revision.settings().interval();
        nextFull = now.plusMillis(jittered(interval));
    }

    private static Instant min(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    /** Ten per cent more or less, so that stacks and replicas do not march in step. */
    private long jittered(Duration interval) {
        long millis = interval.toMillis();
        return millis - millis / 10 + context.random().nextLong(millis / 5 + 1);
    }

    private void reconcile(boolean full, boolean applies) {
        StackState kept = state;
        RevisionTracker revisions = tracker;
        if (kept == null || revisions == null) {
            kept = StackState.load(context.store(), stack, context.fork());
            LastGoodRevision good = new LastGoodRevision(stack, source, new RevisionCodec(context.catalog()), kept);
            revisions = new RevisionTracker(stack, source, good, events, desired);
            state = kept;
            tracker = revisions;
            events.continueFrom(kept.memory().lastEvent());
        }
        if (full || !desired.informed() || desired.revision() == null) {
            revisions.refresh();
        }
        desired = revisions.state();
        Revision revision = desired.revision();
        if (revision == null || desired.unmanaged() != null) {
            if (applies) {
                new RequestHandler(kept, events, inbox.requests(), context.clock(), ApproverRule.of(context))
                        .carryOutWithoutPlan("no revision of the stack is enforced");
            }
            return;
        }
        StackSession current = session(revision, kept);
        if (full) {
            // From its begin, however long it takes: so the next one is never late.
            scheduleFull(context.clock().instant());
        }
        PlanListener planned = new PlanListener();
        if (applies) {
            current.pass(revision, full, this::mayEnd, planned);
        } else {
            current.plan(revision, planned);
        }
    }

    /** A long pass ends even where the interval is long: the liveness check has to see that passes end. */
    private boolean mayEnd() {
        Instant now = context.clock().instant();
        return fullRequested.get() || !now.isBefore(nextFull) || !now.isBefore(begunAt.plus(EngineConstants.PASS_MOST));
    }

    /** Other settings make another session, once the steps of the former one have ended. */
    private StackSession session(Revision revision, StackState kept) {
        StackSession current = session;
        if (current == null || !current.context().settings().equals(revision.settings())) {
            if (current != null) {
                current.drain();
            }
            SecretHasher hasher = SecretHasher.load(context.store());
            current = new StackSession(
                    new SessionContext(
                            context,
                            revision.settings(),
                            kept,
                            hasher,
                            new SessionContext.StackRecorders(events, coverage)),
                    inbox);
            session = current;
        }
        return current;
    }

    /** Makes the view anew after a plan, but not after each one of many. */
    private final class PlanListener implements Runnable {
        private long last = System.nanoTime() - VIEW_EVERY.toNanos();

        @Override
        public void run() {
            long now = System.nanoTime();
            if (now - last >= VIEW_EVERY.toNanos()) {
                last = now;
                view = views(null).make(view, null, null, context.clock().instant(), view.nextLookAt());
            }
        }
    }
}
