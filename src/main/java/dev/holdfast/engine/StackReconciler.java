package dev.holdfast.engine;

import dev.holdfast.aws.CallContext;
import dev.holdfast.aws.Faults;
import dev.holdfast.aws.WriteRefusedException;
import dev.holdfast.aws.WrongAccountException;
import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.desired.Problem;
import dev.holdfast.desired.RevisionCodec;
import dev.holdfast.model.Event;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Revision;
import dev.holdfast.state.SecretHasher;
import dev.holdfast.state.StackState;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Reconciles one stack: reads what is desired, makes passes over it, and keeps the picture that the status shows. Passes of
 * one stack never overlap.
 */
public final class StackReconciler {
    private final EngineContext context;
    private final String stack;
    private final DesiredSource source;
    private final BooleanSupplier mayWrite;
    private final EventLog events;
    private final UserRequests requests = new UserRequests();
    private final ReentrantLock onePass = new ReentrantLock();
    private final AtomicBoolean fullRequested = new AtomicBoolean(true);

    private @Nullable StackState state;
    private @Nullable LastGoodRevision lastGood;
    private @Nullable StackSession pass;
    private @Nullable Revision revision;
    private String whyNone = "no revision was ever taken up";
    /** Whether the revision in memory is the last that any process took up. */
    private boolean informed;

    private List<Problem> problems = List.of();
    private @Nullable String unmanaged;
    private @Nullable String passFailure;
    private Instant nextFull = Instant.MIN;
    private volatile StackView view;

    /** @param mayWrite whether the lease of this stack is held, with time to spare */
    public StackReconciler(EngineContext context, String stack, DesiredSource source, BooleanSupplier mayWrite) {
        this.context = context;
        this.stack = stack;
        this.source = source;
        this.mayWrite = mayWrite;
        this.events = new EventLog(stack, context.clock(), context.events());
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

    /** What people ask for: taken up by the next pass, which should be run soon. */
    public UserRequests requests() {
        return requests;
    }

    /** The next pass looks at everything, whatever the interval says. */
    public void requestFull() {
        fullRequested.set(true);
    }

    /** When {@link #run} should be called next. */
    public Instant nextLookAt() {
        return fullRequested.get() || requests.any() ? Instant.MIN : view.nextLookAt();
    }

    /** Forgets everything that is only in memory: somebody else may have held the stack meanwhile. */
    public void startOver() {
        onePass.lock();
        try {
            state = null;
            lastGood = null;
            informed = false;
            pass = null;
            fullRequested.set(true);
        } finally {
            onePass.unlock();
        }
    }

    /** Looks at everything and plans, and writes nothing. */
    public PassReport plan() {
        onePass.lock();
        try {
            return timed(false);
        } finally {
            onePass.unlock();
        }
    }

    /** Makes a full pass if one is due or was asked for, else a light one over what is not settled. */
    public PassReport run() {
        onePass.lock();
        try {
            return timed(true);
        } finally {
            onePass.unlock();
        }
    }

    private PassReport timed(boolean applies) {
        Instant started = context.clock().instant();
        long nanos = System.nanoTime();
        CallContext calls = new CallContext(mayWrite);
        boolean full = fullRequested.getAndSet(false) || !started.isBefore(nextFull);
        String failure = null;
        try (Traces.OpenSpan span = context.traces().pass(stack, calls.id(), full)) {
            calls.run(() -> reconcile(full, applies));
            span.passed(revision, calls);
        } catch (SdkException e) {
            Fault fault = Faults.classify(e, List.of());
            failure = fault.code() + ": " + fault.message();
        } catch (WrongAccountException | WriteRefusedException | UncheckedIOException e) {
            failure = e.getMessage();
        }
        PassReport report = new PassReport(
                started,
                Duration.ofNanos(System.nanoTime() - nanos).toMillis(),
                calls.requests(),
                calls.writes(),
                calls.longestChain());
        conclude(full, failure, report);
        return report;
    }

    private void conclude(boolean full, @Nullable String failure, PassReport report) {
        Instant now = context.clock().instant();
        if (failure != null && !failure.equals(passFailure)) {
            events.add(null, Event.Severity.Warning, "PassFailed", failure);
        }
        passFailure = failure;
        Duration interval =
                revision == null ? Duration.ofMinutes(1) : revision.settings().interval();
        if (full) {
            nextFull = now.plusMillis(jittered(interval));
        }
        if (failure != null) {
            nextFull = min(nextFull, now.plus(EngineConstants.BUSY));
        }
        Instant look = pass == null ? Instant.MAX : pass.nextLook(now);
        StackViews views = new StackViews(stack, revision, problems, unmanaged, failure, pass, whyNone);
        view = views.make(
                view, full ? report : null, full || failure != null ? report : null, now, min(nextFull, look));
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
        LastGoodRevision good = lastGood;
        if (kept == null || good == null) {
            kept = StackState.load(context.store(), stack, context.fork());
            good = new LastGoodRevision(stack, source, new RevisionCodec(context.catalog()), kept);
            state = kept;
            lastGood = good;
            events.continueFrom(kept.memory().lastEvent());
        }
        if (full || !informed || revision == null) {
            refresh(good);
        }
        if (revision == null || unmanaged != null) {
            return;
        }
        StackSession current = pass;
        if (current == null || !current.settings().equals(revision.settings())) {
            current = new StackSession(
                    context, revision.settings(), kept, SecretHasher.load(context.store()), events, requests);
            pass = current;
        }
        current.run(
                revision,
                full,
                applies,
                snapshot -> view = new StackViews(stack, revision, problems, unmanaged, null, snapshot, whyNone)
                        .make(view, null, null, context.clock().instant(), view.nextLookAt()));
    }

    /** A revision that does not validate is refused whole, and the last good one stays; an absent one is never an empty one. */
    private void refresh(LastGoodRevision good) {
        LoadResult loaded = source.read(stack);
        if (!informed && !(loaded instanceof LoadResult.ValidRevision)) {
            recall(good.read());
        }
        switch (loaded) {
            case LoadResult.ValidRevision valid -> {
                if (revision == null || !valid.revision().sha256().equals(revision.sha256())) {
                    events.add(
                            null,
                            Event.Severity.Info,
                            "RevisionTaken",
                            "enforcing " + valid.revision().sha256());
                }
                good.keep(valid.revision());
                revision = valid.revision();
                problems = List.of();
                unmanaged = null;
            }
            case LoadResult.RefusedRevision refused -> {
                if (!refused.problems().equals(problems)) {
                    events.add(
                            null,
                            Event.Severity.Warning,
                            "RevisionRefused",
                            refused.problems().size() + " problems; "
                                    + (revision == null
                                            ? "nothing is enforced: " + whyNone
                                            : "the last good revision stays enforced: " + revision.sha256()));
                }
                problems = refused.problems();
                unmanaged = null;
            }
            case LoadResult.UnsettledSource settling -> whyNone = settling.reason();
            case LoadResult.NoDesiredState absent -> {
                if (!absent.reason().equals(unmanaged)) {
                    events.add(null, Event.Severity.Warning, "Unmanaged", absent.reason());
                }
                unmanaged = absent.reason();
                problems = List.of();
            }
        }
        informed = true;
    }

    private void recall(LoadResult kept) {
        revision = null;
        switch (kept) {
            case LoadResult.ValidRevision valid -> revision = valid.revision();
            case LoadResult.RefusedRevision refused ->
                whyNone = "the last good one does not validate either: "
                        + refused.problems().getFirst();
            case LoadResult.UnsettledSource settling -> whyNone = settling.reason();
            case LoadResult.NoDesiredState absent -> whyNone = absent.reason();
        }
    }
}
