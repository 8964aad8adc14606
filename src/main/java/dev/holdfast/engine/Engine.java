package dev.holdfast.engine;

import dev.holdfast.aws.Faults;
import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.state.Lease;
import dev.holdfast.state.StackState;
import dev.holdfast.store.ObjectStore;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Runs every stack of an installation whose lease it gets. It has no thread that waits: {@link #tick} has to be called about
 * once a second, and starts everything that is due.
 */
public final class Engine implements AutoCloseable {
    /** How soon a new revision is noticed, at most twice this. */
    private static final Duration DESIRED_LOOK = Duration.ofSeconds(4);

    /** Between two leases that one process takes, so that replicas which start together share the stacks out. */
    private static final Duration NEXT_LEASE = Duration.ofSeconds(1);

    /** How long a pass may take to end once no write of it may begin any more. */
    private static final Duration LAST_PASS = Duration.ofSeconds(20);

    private final EngineContext context;
    private final DesiredSource source;
    private final Set<String> only;
    private final Function<String, Lease> leases;
    private final BiConsumer<StackReconciler, PassReport> afterPass;
    private final Map<String, StackRunner> runners = new ConcurrentHashMap<>();
    private ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ReentrantLock taking = new ReentrantLock();
    private final AtomicBoolean looking = new AtomicBoolean();
    private Instant nextDesiredLook = Instant.MIN;
    private volatile @Nullable String sourceFailure;
    private volatile boolean looked;
    private volatile boolean closing;
    private Instant nextTake = Instant.MIN;

    /**
     * @param only stacks to run; empty: all that there are
     * @param leases makes the lease of a stack
     * @param afterPass told after each pass of a stack
     */
    public Engine(
            EngineContext context,
            DesiredSource source,
            Set<String> only,
            Function<String, Lease> leases,
            BiConsumer<StackReconciler, PassReport> afterPass) {
        this.context = context;
        this.source = source;
        this.only = only;
        this.leases = leases;
        this.afterPass = afterPass;
    }

    /** Runs everything on these threads, which are closed with the engine. */
    Engine on(ExecutorService others) {
        threads.close();
        threads = others;
        return this;
    }

    /** One stack, its lease, and whether something of it is under way. */
    private final class StackRunner {
        final StackReconciler reconciler;
        final Lease lease;
        final AtomicBoolean running = new AtomicBoolean();
        final AtomicBoolean leasing = new AtomicBoolean();
        volatile boolean held;
        volatile Instant nextLease = Instant.MIN;
        /** The holding of the lease under which the last pass began: no write of it may begin under another one. */
        private volatile long epoch;

        StackRunner(String stack, Lease lease) {
            this.lease = lease;
            this.reconciler = new StackReconciler(context, stack, source, this::mayWrite);
        }

        private boolean mayWrite() {
            return !closing && lease.mayWrite() && lease.epoch() == epoch;
        }

        PassReport pass() {
            epoch = lease.epoch();
            return reconciler.pass();
        }
    }

    /** Starts everything that is due, and returns at once. */
    public void tick() {
        if (closing) {
            return;
        }
        Instant now = context.clock().instant();
        if (!now.isBefore(nextDesiredLook) && looking.compareAndSet(false, true)) {
            nextDesiredLook = now.plus(DESIRED_LOOK);
            threads.execute(this::lookForRevisions);
        }
        for (StackRunner runner : runners.values()) {
            if (!now.isBefore(runner.nextLease) && runner.leasing.compareAndSet(false, true)) {
                runner.nextLease = now.plus(Lease.RENEW);
                threads.execute(() -> keepLease(runner));
            }
            if (runner.held
                    && !now.isBefore(runner.reconciler.nextLookAt())
                    && runner.running.compareAndSet(false, true)) {
                threads.execute(() -> pass(runner));
            }
        }
    }

    private void pass(StackRunner runner) {
        try {
            PassReport report = runner.pass();
            afterPass.accept(runner.reconciler, report);
        } finally {
            runner.running.set(false);
        }
    }

    private void keepLease(StackRunner runner) {
        try {
            if (runner.held) {
                runner.held = runner.lease.tryAcquire();
            } else {
                take(runner);
            }
        } catch (SdkException | UncheckedIOException e) {
            // The old expiry stands: writes end by themselves when it comes near.
            runner.held = runner.lease.isHeld();
        } finally {
            runner.leasing.set(false);
        }
    }

    private void take(StackRunner runner) {
        taking.lock();
        try {
            Instant now = context.clock().instant();
            if (now.isBefore(nextTake)) {
                runner.nextLease = nextTake;
            } else if (runner.lease.tryAcquire()) {
                nextTake = now.plus(NEXT_LEASE);
                runner.reconciler.startOver();
                runner.held = true;
            }
        } finally {
            taking.unlock();
        }
    }

    private void lookForRevisions() {
        try {
            Set<String> stacks = new TreeSet<>(source.stacks());
            if (!looked) {
                // One that is no longer desired anywhere has to say so, and not to vanish with a restart.
                stacks.addAll(StackState.stacks(context.store()));
            }
            for (String stack : stacks) {
                if (only.isEmpty() || only.contains(stack)) {
                    runners.computeIfAbsent(stack, this::runner);
                }
            }
            only.forEach(stack -> runners.computeIfAbsent(stack, this::runner));
            for (StackRunner runner : runners.values()) {
                if (runner.held && differs(runner.reconciler)) {
                    runner.reconciler.requestFull();
                }
            }
            sourceFailure = null;
            looked = true;
        } catch (SdkException | UncheckedIOException e) {
            sourceFailure = Faults.classify(e, List.of()).inWords();
        } finally {
            looking.set(false);
        }
    }

    private boolean differs(StackReconciler reconciler) {
        StackView view = reconciler.view();
        return switch (source.read(reconciler.stack())) {
            case LoadResult.ValidRevision valid ->
                !valid.revision().sha256().equals(view.revision())
                        || !view.revisionErrors().isEmpty()
                        || view.status().equals("Unmanaged");
            case LoadResult.RefusedRevision refused -> !refused.problems().equals(view.revisionErrors());
            case LoadResult.UnsettledSource settling -> false;
            case LoadResult.NoDesiredState absent -> !view.status().equals("Unmanaged");
        };
    }

    private StackRunner runner(String stack) {
        return new StackRunner(stack, leases.apply(stack));
    }

    /** All stacks that were found, by name. A stack whose lease another process holds shows its last view. */
    public Map<String, StackReconciler> stacks() {
        Map<String, StackReconciler> all = new TreeMap<>();
        runners.forEach((name, runner) -> all.put(name, runner.reconciler));
        return all;
    }

    /** Whether this process holds the stack's lease. */
    public boolean holds(String stack) {
        StackRunner runner = runners.get(stack);
        return runner != null && runner.held;
    }

    /** Why the desired state cannot be read, or null. */
    public @Nullable String sourceFailure() {
        return sourceFailure;
    }

    /** Whether the desired state was read once. */
    public boolean started() {
        return looked;
    }

    public DesiredSource source() {
        return source;
    }

    /** Lets go of all leases, so that another process need not wait for them: but not before the last write is over. */
    @Override
    public void close() {
        closing = true;
        threads.shutdown();
        if (!over()) {
            // They end by themselves.
            return;
        }
        for (StackRunner runner : runners.values()) {
            if (!runner.reconciler.awaitSteps(LAST_PASS)) {
                continue;
            }
            try {
                runner.lease.release();
            } catch (SdkException | UncheckedIOException | ObjectStore.PreconditionFailedException e) {
                // It ends by itself.
                runner.held = false;
            }
        }
    }

    private boolean over() {
        try {
            return threads.awaitTermination(LAST_PASS.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
