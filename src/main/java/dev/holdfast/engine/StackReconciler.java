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
 * Reconciles one stack: reads its desired state, makes passes, and keeps the view for the status. Passes of one stack
 * never overlap.
 */
public final class StackReconciler {
    private final EngineContext context;
    private final String stack;
    private final DesiredSource source;
    private final Supplier<BooleanSupplier> permits;
    private final EventLog events;
    private final DriftCoverage coverage = new DriftCoverage();
    private final StackInbox inbox;
    private final ReentrantLock onePass = new ReentrantLock();
    /** Rises whenever this process begins or ceases to hold the stack. */
    private final AtomicLong holding = new AtomicLong();

    private final AtomicBoolean fullRequested = new AtomicBoolean(true);

    private @Nullable StackState state;
    private @Nullable RevisionTracker tracker;
    private volatile RevisionTracker.RevisionState desired = RevisionTracker.RevisionState.NONE;
    private @Nullable StackSession session;
    private @Nullable PassMeter meter;
    private @Nullable String passFailure;
    private final PassSchedule schedule = new PassSchedule();
    private volatile boolean busy;

    private volatile StackView view;

    /** @param permits returns the permit to write for a pass that begins: {@link dev.holdfast.state.Lease#permit} */
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
     * Reads the requests of users from the state, and stores the answers to handled requests. A pass under way handles
     * the requests at once; otherwise {@link #nextLookAt} is now.
     */
    public void lookForRequests() {
        if (inbox.look()) {
            // If this process is killed now, the request is not lost, because the next process begins with a full pass.
            requestFull();
        }
    }

    /**
     * The reason why the guardrails do not let a user approve steps of this stack, or null.
     *
     * @param person the user who has signed in; null: nobody has signed in
     */
    public @Nullable String mayNotApprove(@Nullable String person) {
        PublishedBy published = view.published();
        return ApproverRule.of(context)
                .refusal(
                        published == null ? Set.of() : published.authors(),
                        published == null || published.authorsKnown(),
                        person);
    }

    /** The share of the drift that change events have reported. */
    public DriftCoverage coverage() {
        return coverage;
    }

    /** Has these resources read as soon as possible, before the interval is over. The results decide what follows. */
    public void changed(List<ChangeHint> changes) {
        if (inbox.hints().add(changes) > 0) {
            requestFull();
        }
    }

    /** Has all resources and the desired state read as soon as possible, before the interval is over. */
    public void requestFull() {
        fullRequested.set(true);
    }

    /** Requests a full pass if the source of the desired state has another result than at the last full pass. */
    void lookForRevision() {
        if (RevisionTracker.changed(source, stack, desired)) {
            requestFull();
        }
    }

    /** The time at which {@link #pass} should be called next. */
    public Instant nextLookAt() {
        Instant rest = schedule.restsUntil();
        return rest != null ? rest : isNeeded() ? Instant.MIN : view.nextLookAt();
    }

    /** The time until {@link #pass} should be called next; negative: it should have been called before. */
    public Duration untilNextLook() {
        return Duration.between(context.clock().instant(), nextLookAt());
    }

    /** Whether {@link #pass} should be called now. */
    boolean isDue(Instant now) {
        return schedule.isDue(now, isNeeded());
    }

    private boolean isNeeded() {
        return busy || fullRequested.get() || inbox.any(view.plan() != null);
    }

    /** Ends the hold of the stack: no running step may write any more, and the next process receives the hints. */
    void leave() {
        holding.incrementAndGet();
        inbox.handHintsOn();
    }

    /** Shows that another process makes the passes of this stack, or why no passes are made. */
    void standBy(Condition.ConditionType type, String reason, String message) {
        Instant now = context.clock().instant();
        view = view.standingBy(new Condition(type, Health.Ready.True, reason, message, now, null));
    }

    /** Forgets everything that is only in memory, because another process may have held the stack meanwhile. */
    public void startOver() {
        // This comes before the lock, so that no earlier step may write any more.
        leave();
        onePass.lock();
        try {
            view = view.starting();
            inbox.clear();
            forget();
            meter = null;
            busy = false;
            schedule.startOver();
            fullRequested.set(true);
        } finally {
            onePass.unlock();
        }
    }

    private void forget() {
        state = null;
        tracker = null;
        session = null;
    }

    /** Forgets everything that depends on times of the clock before it went back, after all steps have ended. */
    private void clockWentBack() {
        events.add(
                null,
                Event.Severity.Warning,
                "ClockWentBack",
                "the clock of the operator went back; everything is read again, as after a restart");
        if (session != null) {
            session.drain();
        }
        forget();
    }

    /** Reads all resources and plans, without writing. */
    public PassReport plan() {
        return passAlone(false);
    }

    /**
     * Makes one pass: a full pass if it is due or was requested, otherwise a light pass over unsettled resources. It
     * ends early when the next full pass is due, which then continues with the steps in flight.
     */
    public PassReport pass() {
        return passAlone(true);
    }

    private PassReport passAlone(boolean applies) {
        onePass.lock();
        try {
            return measured(applies);
        } finally {
            onePass.unlock();
        }
    }

    /** Makes passes until no read or step is in flight and no step can begin at once. */
    public PassReport run() {
        PassReport report;
        do {
            report = pass();
        } while (busy && passFailure == null);
        awaitEnd(Duration.ofMinutes(1));
        return report;
    }

    /** Waits at most this long until no pass, read or step is running. @return whether none is running */
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
        boolean wentBack = schedule.begin(started);
        boolean full = fullRequested.getAndSet(false) || schedule.isFullDue(started);
        PassMeter calls = meter != null && busy ? meter : new PassMeter(new CallContext(gate()));
        meter = calls;
        calls.begin(started);
        String failure = null;
        try (Traces.OpenSpan span = context.traces().pass(stack, calls.context().id(), full)) {
            if (wentBack) {
                calls.context().run(this::clockWentBack);
            }
            calls.context().run(() -> reconcile(full, applies));
            span.passed(desired.revision(), calls.context());
        } catch (SdkException | UncheckedIOException e) {
            failure = Faults.classify(e, List.of()).inWords();
        } catch (WrongAccountException | WriteRefusedException e) {
            failure = e.getMessage();
        } catch (RuntimeException e) {
            // Every failure of a pass is reported, and the next pass begins after a pause.
            failure = unexpected("the pass ended unexpectedly", e);
        } finally {
            busy = session != null && session.isBusy();
        }
        PassReport report = calls.end();
        conclude(full, failure, report);
        return report;
    }

    /** Open while this process holds the stack without interruption, under the same epoch of the lease. */
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
        if (full && schedule.isUnscheduledSince(report.startedAt())) {
            scheduleFull(now);
        }
        if (failure != null) {
            schedule.failed(now);
        }
        boolean unshown = !show(full, report, now);
        schedule.rest(unshown || failure != null, now);
    }

    /** @return whether the view was made */
    private boolean show(boolean full, PassReport report, Instant now) {
        Instant next = schedule.ended(now, session == null ? Instant.MAX : session.nextLook());
        try {
            PassReport attempted = full || passFailure != null ? report : null;
            view = views(passFailure).make(view, full ? report : null, attempted, now, next);
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
        schedule.fullAfter(now, interval, context.random());
    }

    private void reconcile(boolean full, boolean applies) {
        StackState kept = state;
        RevisionTracker revisions = tracker;
        if (kept == null || revisions == null) {
            kept = StackState.load(context.store(), stack, context.fork());
            kept.correctTimes(context.clock().instant());
            LastGoodRevision good =
                    new LastGoodRevision(stack, source, new RevisionCodec(context.catalog()), kept, events);
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
            // The interval starts at the begin of the pass, so that a long pass does not delay the next one.
            scheduleFull(context.clock().instant());
        }
        Runnable planned = new PacedView(
                () -> view = views(null).make(view, null, null, context.clock().instant(), view.nextLookAt()));
        if (applies) {
            BooleanSupplier mayEnd =
                    () -> fullRequested.get() || schedule.mayEnd(context.clock().instant());
            current.pass(revision, full, mayEnd, planned);
        } else {
            current.plan(revision, planned);
        }
    }

    /** Changed settings require another session, which begins after the steps of the former one have ended. */
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
}
