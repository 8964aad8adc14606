package dev.holdfast.engine;

import dev.holdfast.aws.Faults;
import dev.holdfast.desired.DesiredSource;
import dev.holdfast.model.ChangeHint;
import dev.holdfast.model.Condition;
import dev.holdfast.model.Event;
import dev.holdfast.state.Lease;
import dev.holdfast.state.Lease.LeaseHolder;
import dev.holdfast.state.Leases;
import dev.holdfast.store.ObjectStore;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Runs one stack of an engine: its lease, and the passes under the lease. Long tasks begin on threads of their own, so
 * that no stack waits for another stack.
 *
 * <p>A pass is bound to the epoch of the lease under which it began. The lease is taken again only after the last pass
 * and its reads and steps have ended.
 */
final class StackRunner {
    /**
     * The interval at which requests are looked up that another process has accepted. Each lookup is one GET: at 0.0004
     * USD per thousand, half a dollar per month and stack.
     */
    private static final Duration REQUEST_LOOK = Duration.ofSeconds(2);

    private static final long NOT_MISSED = Long.MIN_VALUE;

    private final StackReconciler reconciler;
    private final Lease lease;
    /** Whether a pass is under way or the lease is being taken; both never happen at the same time. */
    private final AtomicBoolean passing = new AtomicBoolean();

    private final AtomicBoolean leasing = new AtomicBoolean();
    private final AtomicBoolean lookingForRequests = new AtomicBoolean();
    private final AtomicBoolean lookingForRevision = new AtomicBoolean();
    private final LongSupplier nanos;
    private final Clock clock;
    private final Runnable pass;
    private final AtomicLong nextRequestLook;
    /** The time since which a pass has been due or under way. */
    private volatile long missedSince = NOT_MISSED;
    /** The reason why alerts were not sent, as the last event reported it. */
    private volatile @Nullable String unsent;
    /** The reason why a task other than a pass ended unexpectedly, as the last event reported it. */
    private volatile @Nullable String ended;
    /** The reason why the revision could not be read, or null. */
    private volatile @Nullable String unreadRevision;

    /** The time at which the lease was last read or written; before the first time, the time of the start. */
    private volatile long leaseReachedAt;

    private volatile boolean leaseReached;
    /** The reason why the last call for the lease failed, or null. */
    private volatile @Nullable String leaseFailure;

    private volatile boolean held;
    private volatile boolean closing;
    /** The lease is free, but this process has just taken another one. */
    private volatile boolean nextInTurn;

    /** @param afterPass called after each pass */
    StackRunner(
            EngineContext context,
            String stack,
            DesiredSource source,
            Leases leases,
            BiConsumer<StackReconciler, PassReport> afterPass) {
        this.lease = leases.of(stack);
        this.nanos = leases.nanos();
        this.leaseReachedAt = nanos.getAsLong();
        this.nextRequestLook = new AtomicLong(leaseReachedAt);
        this.clock = context.clock();
        StackReconciler made = new StackReconciler(context, stack, source, this::permit);
        this.reconciler = made;
        this.pass = () -> {
            PassReport report = made.pass();
            missedSince = NOT_MISSED;
            try {
                afterPass.accept(made, report);
                reportSent();
            } catch (RuntimeException e) {
                // Alerts and metrics are sent after the pass, so that only events can still report their failure.
                reportUnsent(Faults.classify(e, List.of()).inWords());
            }
        };
    }

    private void reportUnsent(String failure) {
        if (!failure.equals(unsent)) {
            unsent = failure;
            report(
                    Event.Severity.Alert,
                    "AlertsNotSent",
                    "the alerts and metrics of the passes cannot be sent: " + failure);
        }
    }

    private void reportFailedTask(RuntimeException e) {
        String failure = Faults.classify(e, List.of()).inWords();
        if (!failure.equals(ended)) {
            ended = failure;
            report(
                    Event.Severity.Alert,
                    "TaskFailed",
                    "a task that keeps the lease, reads the revision or reads requests ended unexpectedly, and is"
                            + " retried every second: " + failure);
        }
    }

    private void reportSent() {
        if (unsent != null) {
            unsent = null;
            report(Event.Severity.Resolved, "AlertsSentAgain", "the alerts and metrics of the passes are sent again");
        }
    }

    private void report(Event.Severity severity, String reason, String message) {
        reconciler.events().add(null, severity, reason, message);
    }

    /** Whether a pass has been due or under way for longer than {@link EngineConstants#PASS_MISSING}. */
    boolean isPassOverdue() {
        long since = missedSince;
        return held && since != NOT_MISSED && nanos.getAsLong() - since > EngineConstants.PASS_MISSING.toNanos();
    }

    private BooleanSupplier permit() {
        BooleanSupplier ofLease = lease.permit();
        return () -> !closing && ofLease.getAsBoolean();
    }

    StackReconciler reconciler() {
        return reconciler;
    }

    /** Whether this process holds the stack. */
    boolean isHeld() {
        return held;
    }

    /**
     * Begins all tasks that are due.
     *
     * @param turn whether this process may take a lease now; it is called before a free lease is taken
     */
    void tick(Executor threads, BooleanSupplier turn) {
        if (nextInTurn || lease.isDue()) {
            begin(threads, leasing, () -> keepLease(turn));
        }
        if (held && nanos.getAsLong() - nextRequestLook.get() >= 0) {
            lookForRequests(threads);
        }
        passIfDue(threads);
    }

    private void passIfDue(Executor threads) {
        if (held && reconciler.isDue(clock.instant())) {
            if (missedSince == NOT_MISSED) {
                missedSince = nanos.getAsLong();
            }
            begin(threads, passing, pass);
        } else if (!held) {
            missedSince = NOT_MISSED;
        }
    }

    /** Handles the requests of users at once. Does nothing if another process holds the stack. */
    void lookForRequests(Executor threads) {
        if (held) {
            nextRequestLook.set(nanos.getAsLong() + REQUEST_LOOK.toNanos());
            begin(threads, lookingForRequests, () -> {
                reconciler.lookForRequests();
                passIfDue(threads);
            });
        }
    }

    /**
     * Begins to read resources that may have changed. @return false if another process holds the stack, or will soon
     */
    boolean changed(List<ChangeHint> changes, Executor threads) {
        if (!held || closing) {
            return false;
        }
        reconciler.changed(changes);
        if (closing) {
            reconciler.leave();
        }
        passIfDue(threads);
        return true;
    }

    /** Requests a full pass if the desired state has changed. */
    void lookForRevision(Executor threads) {
        if (!held) {
            unreadRevision = null;
            return;
        }
        begin(threads, lookingForRevision, () -> {
            try {
                reconciler.lookForRevision();
                unreadRevision = null;
            } catch (RuntimeException e) {
                unreadRevision = reconciler.stack() + ": "
                        + Faults.classify(e, List.of()).inWords();
            }
        });
    }

    /** Why the desired state of the stack cannot be read, or null. */
    @Nullable
    String unreadRevision() {
        return unreadRevision;
    }

    /** Begins the task, unless the same task is still running. */
    private void begin(Executor threads, AtomicBoolean flag, Runnable task) {
        if (flag.compareAndSet(false, true)) {
            threads.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    // No code waits for the task, and the next tick begins it again: only an event can report the
                    // failure.
                    reportFailedTask(e);
                } finally {
                    flag.set(false);
                }
            });
        }
    }

    /** Why the lease could be neither read nor renewed for longer than it lasts; null: it could. */
    @Nullable
    String unreachableLease() {
        String failure = leaseFailure;
        return nanos.getAsLong() - leaseReachedAt <= Lease.DURATION.toNanos()
                ? null
                : failure == null ? "no call has ended" : failure;
    }

    /** Whether the lease was read at least once, or is unreachable. */
    boolean leaseTried() {
        return leaseReached || unreachableLease() != null;
    }

    private void leaseReached() {
        leaseReachedAt = nanos.getAsLong();
        leaseReached = true;
        leaseFailure = null;
    }

    private void keepLease(BooleanSupplier turn) {
        try {
            if (!held) {
                take(turn);
            } else if (!lease.tryAcquire()) {
                lost();
            }
            leaseReached();
        } catch (SdkException | UncheckedIOException e) {
            leaseFailure = Faults.classify(e, List.of()).inWords();
            // The old expiry of the lease remains valid, and writes end shortly before it.
            if (held && !lease.isHeld()) {
                lost();
            }
            if (!held) {
                reconciler.standBy(
                        Condition.ConditionType.Stalled,
                        "LeaseUnreachable",
                        "the lease of the stack can be neither read nor taken: " + leaseFailure);
            }
        }
    }

    private void lost() {
        held = false;
        reconciler.leave();
        showHolder();
    }

    private void take(BooleanSupplier turn) {
        if (!passing.compareAndSet(false, true)) {
            showStuck();
            return;
        }
        try {
            nextInTurn = false;
            if (!reconciler.awaitEnd(Duration.ZERO)) {
                showStuck();
            } else if (!lease.isFree()) {
                showHolder();
            } else if (!turn.getAsBoolean()) {
                nextInTurn = true;
            } else if (lease.tryAcquire()) {
                reconciler.startOver();
                held = true;
            }
        } finally {
            passing.set(false);
        }
    }

    private void showStuck() {
        reconciler.standBy(
                Condition.ConditionType.Stalled,
                "PassNotEnded",
                "this operator has lost the lease of the stack, and takes it again only after its last pass has ended");
    }

    private void showHolder() {
        LeaseHolder other = lease.otherHolder();
        reconciler.standBy(
                Condition.ConditionType.Reconciling,
                "LeaseHeldElsewhere",
                other == null
                        ? "this operator has lost the lease of the stack, and takes it again when the lease can be"
                                + " read and is free"
                        : other.held() + "; this operator takes the stack over when the lease ends");
    }

    /** Releases the lease after the last write has ended, so that another process need not wait for its expiry. */
    void close(Duration most) {
        closing = true;
        boolean over = reconciler.awaitEnd(most);
        reconciler.leave();
        if (over) {
            try {
                lease.release();
            } catch (SdkException | UncheckedIOException | ObjectStore.PreconditionFailedException e) {
                // The lease expires without a release.
                held = false;
            }
        }
    }
}
