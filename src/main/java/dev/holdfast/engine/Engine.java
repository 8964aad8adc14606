package dev.holdfast.engine;

import dev.holdfast.aws.Faults;
import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.Problem;
import dev.holdfast.model.ChangeHint;
import dev.holdfast.state.HeldStep;
import dev.holdfast.state.Leases;
import dev.holdfast.state.RefusalTrail;
import dev.holdfast.state.RequestInbox;
import dev.holdfast.state.StackState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs every stack of an installation whose lease it obtains. The engine has no thread that waits: {@link #tick} has to
 * be called about once a second, and starts everything that is due.
 */
public final class Engine implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Engine.class.getName());
    /** The pause between two reads of HEAD. A new revision is noticed within at most twice this time. */
    private static final Duration DESIRED_LOOK = Duration.ofSeconds(4);

    /** The pause between two leases that one process takes, so that replicas that start together share the stacks. */
    private static final Duration NEXT_LEASE = Duration.ofSeconds(1);

    /** The time that a pass may take to end once none of its writes may begin any more. */
    private static final Duration LAST_PASS = Duration.ofSeconds(20);

    private final EngineContext context;
    private final DesiredSource source;
    private final Set<String> only;
    private final Leases leases;
    private final BiConsumer<StackReconciler, PassReport> afterPass;
    private final Map<String, StackRunner> runners = new ConcurrentHashMap<>();
    private ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicBoolean listing = new AtomicBoolean();
    private volatile @Nullable String listFailure;
    private volatile boolean listed;
    private volatile boolean closing;
    /** A time of the monotonic clock, like all times that leases depend on. */
    private final AtomicLong nextDesiredLook;

    private final AtomicLong nextTake;
    private final RefusalTrail refusals;
    private final AtomicBoolean writing = new AtomicBoolean();
    /** The problems of each stack's revision that the trail already contains. */
    private final Map<String, List<Problem>> refusedRevisions = new ConcurrentHashMap<>();

    /**
     * @param only stacks to run; empty: all stacks
     * @param leases of this process
     * @param afterPass called after each pass of a stack
     */
    public Engine(
            EngineContext context,
            DesiredSource source,
            Set<String> only,
            Leases leases,
            BiConsumer<StackReconciler, PassReport> afterPass) {
        this.context = context;
        this.source = source;
        this.only = only;
        this.leases = leases;
        long now = leases.nanos().getAsLong();
        this.nextDesiredLook = new AtomicLong(now);
        this.nextTake = new AtomicLong(now);
        this.afterPass = afterPass;
        this.refusals = new RefusalTrail(context.store(), context.clock());
    }

    /** Runs everything on these threads, which are closed with the engine. */
    Engine on(ExecutorService others) {
        threads.close();
        threads = others;
        return this;
    }

    /** Starts everything that is due, and returns at once. */
    public void tick() {
        if (closing) {
            return;
        }
        long nanos = leases.nanos().getAsLong();
        if (nanos - nextDesiredLook.get() >= 0) {
            nextDesiredLook.set(nanos + DESIRED_LOOK.toNanos());
            if (listing.compareAndSet(false, true)) {
                threads.execute(this::lookForStacks);
            }
            runners.values().forEach(runner -> runner.lookForRevision(threads));
        }
        runners.values().forEach(runner -> runner.tick(threads, this::mayTake));
        keepRefusals();
    }

    /** The trail in which this process keeps the requests and revisions that it refused. */
    public RefusalTrail refusals() {
        return refusals;
    }

    private void keepRefusals() {
        runners.forEach((stack, runner) -> {
            List<Problem> now = runner.reconciler().view().revisionErrors();
            List<Problem> before = refusedRevisions.put(stack, now);
            if (runner.isHeld() && !now.isEmpty() && !now.equals(before)) {
                refusals.refused(new RefusalTrail.RefusedThing(
                        "somebody",
                        stack,
                        "publication of a revision",
                        now.getFirst().toString()));
            }
        });
        if (refusals.isDue() && writing.compareAndSet(false, true)) {
            threads.execute(this::writeRefusals);
        }
    }

    private void writeRefusals() {
        try {
            refusals.write();
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the trail of refusals cannot be written now: "
                            + Faults.classify(e, List.of()).inWords());
        } finally {
            writing.set(false);
        }
    }

    /** A request for this stack was just stored. If this process holds the stack, it handles the request at once. */
    public void lookForRequests(String stack) {
        StackRunner runner = runners.get(stack);
        if (runner != null && !closing) {
            runner.lookForRequests(threads);
        }
    }

    /**
     * Has the resources that may have changed read at once. If another process holds the stack, or will hold it soon,
     * that process receives the changes through the state.
     *
     * @throws RuntimeException as {@link RequestInbox#addHints}
     */
    public void changed(String stack, List<ChangeHint> changes) {
        StackRunner runner = runners.get(stack);
        if (runner != null && (closing || !runner.changed(changes, threads))) {
            inbox(stack).addHints(changes);
        }
    }

    /**
     * Records whether change events can be read now. Drift without an event counts as missed by the events only while
     * they can be read.
     */
    public void eventsReadable(boolean yes) {
        Instant now = context.clock().instant();
        runners.values().forEach(runner -> runner.reconciler().coverage().readable(yes, now));
    }

    /** The inbox in which requests for a stack are stored, whichever process holds the stack. */
    public RequestInbox inbox(String stack) {
        return new RequestInbox(context.store(), stack);
    }

    /** The steps of a stack's last plan that wait for an approval, whichever process holds the stack. */
    public List<HeldStep> heldSteps(String stack) {
        StackRunner runner = runners.get(stack);
        return runner != null && runner.isHeld() && runner.reconciler().view().plan() != null
                ? NeededApprovals.of(runner.reconciler().view().verdicts())
                : StackState.heldSteps(context.store(), stack);
    }

    /** Allows one lease at a time, so that replicas that start together share the stacks. */
    private boolean mayTake() {
        long now = leases.nanos().getAsLong();
        long next = nextTake.get();
        return now - next >= 0 && nextTake.compareAndSet(next, now + NEXT_LEASE.toNanos());
    }

    private void lookForStacks() {
        try {
            Set<String> stacks = new TreeSet<>(source.stacks());
            if (!listed) {
                // A stack that is no longer desired anywhere must be shown as such, and must not vanish with a restart.
                stacks.addAll(StackState.stacks(context.store()));
            }
            for (String stack : stacks) {
                if (only.isEmpty() || only.contains(stack)) {
                    runners.computeIfAbsent(stack, this::runner);
                }
            }
            only.forEach(stack -> runners.computeIfAbsent(stack, this::runner));
            listFailure = null;
            listed = true;
        } catch (RuntimeException e) {
            listFailure = Faults.classify(e, List.of()).inWords();
        } finally {
            listing.set(false);
        }
    }

    /**
     * The stacks of this process in which no pass has ended for {@link EngineConstants#PASS_MISSING}, although one
     * should have.
     */
    public List<String> withoutPass() {
        return runners.values().stream()
                .filter(StackRunner::isPassOverdue)
                .map(runner -> runner.reconciler().stack())
                .sorted()
                .toList();
    }

    private StackRunner runner(String stack) {
        return new StackRunner(context, stack, source, leases, afterPass);
    }

    /** All stacks that were found, by name. A stack whose lease another process holds shows its last view. */
    public Map<String, StackReconciler> stacks() {
        Map<String, StackReconciler> all = new TreeMap<>();
        runners.forEach((name, runner) -> all.put(name, runner.reconciler()));
        return all;
    }

    /** Whether this process holds the stack's lease. */
    public boolean holds(String stack) {
        StackRunner runner = runners.get(stack);
        return runner != null && runner.isHeld();
    }

    /** The stacks whose lease this process could neither read nor renew for longer than a lease lasts, and why. */
    public SortedMap<String, String> unreachableLeases() {
        SortedMap<String, String> all = new TreeMap<>();
        runners.forEach((stack, runner) -> {
            String why = runner.unreachableLease();
            if (why != null) {
                all.put(stack, why);
            }
        });
        return all;
    }

    /** Whether the lease of each stack was read, or is unreachable. */
    public boolean leasesTried() {
        return listed && runners.values().stream().allMatch(StackRunner::leaseTried);
    }

    /** Why the stacks of the desired state cannot be listed, or null. */
    public @Nullable String listFailure() {
        return listFailure;
    }

    /** Why the desired state, or that of one stack, cannot be read; or null. */
    public @Nullable String sourceFailure() {
        String failure = listFailure;
        return failure != null
                ? failure
                : runners.values().stream()
                        .map(StackRunner::unreadRevision)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    /** Whether the stacks of the desired state were listed at least once. */
    public boolean started() {
        return listed;
    }

    public DesiredSource source() {
        return source;
    }

    /** Releases all leases, each as soon as the last write to its stack has ended. */
    @Override
    public void close() {
        closing = true;
        try (ExecutorService closers = Executors.newVirtualThreadPerTaskExecutor()) {
            runners.values().forEach(runner -> closers.execute(() -> runner.close(LAST_PASS)));
            closers.execute(this::writeRefusals);
        }
        threads.shutdown();
    }
}
