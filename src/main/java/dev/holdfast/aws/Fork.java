package dev.holdfast.aws;

import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.AbortedException;

/**
 * Runs tasks on virtual threads with the caller's {@link CallContext}, and limits how many run at once. A task may fork
 * too. While a task only waits, for its own tasks or for a rate limit, it does not count towards the limit.
 */
public final class Fork {
    private static final ScopedValue<Fork> RUNNING_IN = ScopedValue.newInstance();

    private final int parallelism;
    private final Semaphore permits;

    /** @param parallelism the number of tasks that run at once, over all callers */
    public Fork(int parallelism) {
        this.parallelism = parallelism;
        this.permits = new Semaphore(parallelism);
    }

    /** A second fork of the same size: the tasks of both do not wait for each other. */
    public Fork another() {
        return new Fork(parallelism);
    }

    /** Begins a task and returns at once. The task has to handle its own failures. */
    public void begin(Runnable task) {
        Callable<Boolean> bound = inContext(new RequestChain(RequestChain.current()), () -> {
            permits.acquireUninterruptibly();
            try {
                task.run();
            } finally {
                permits.release();
            }
            return true;
        });
        Thread.ofVirtual().start(new FutureTask<>(bound));
    }

    /** A wait that can be interrupted. */
    @FunctionalInterface
    interface Waiting {
        void await() throws InterruptedException;
    }

    /** Waits without the permit of the task that the current thread runs, so that other tasks can run meanwhile. */
    static void withoutPermit(Waiting wait) throws InterruptedException {
        if (!RUNNING_IN.isBound()) {
            wait.await();
            return;
        }
        Semaphore held = RUNNING_IN.get().permits;
        held.release();
        try {
            wait.await();
        } finally {
            held.acquireUninterruptibly();
        }
    }

    /**
     * Applies the task to each item and returns the results in the order of the items. If a task fails, the tasks that
     * have not begun are skipped, those that have begun are awaited, and the failure of the first item (in the order of
     * the items) is thrown unchanged.
     *
     * @throws AbortedException if the caller is interrupted; the tasks are interrupted too
     */
    public <T, R> List<R> all(Collection<T> items, Function<T, R> task) {
        if (items.isEmpty()) {
            return List.of();
        }
        if (items.size() == 1 && inside()) {
            return Collections.singletonList(task.apply(items.iterator().next()));
        }
        return waiting(() -> fork(items, task));
    }

    private boolean inside() {
        return RUNNING_IN.isBound() && RUNNING_IN.get() == this;
    }

    /** Waits for the result of another task. Meanwhile this task does not count towards the limit. */
    public <R> R waiting(Supplier<R> wait) {
        boolean inner = inside();
        if (inner) {
            permits.release();
        }
        try {
            return wait.get();
        } finally {
            if (inner) {
                permits.acquireUninterruptibly();
            }
        }
    }

    private <T, R> List<R> fork(Collection<T> items, Function<T, R> task) {
        AtomicBoolean failed = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<R>> futures = new ArrayList<>(items.size());
            List<RequestChain> chains = new ArrayList<>(items.size());
            int length = RequestChain.current();
            for (T item : items) {
                RequestChain chain = new RequestChain(length);
                chains.add(chain);
                futures.add(threads.submit(inContext(chain, () -> one(item, task, failed))));
            }
            List<R> results = join(futures);
            chains.forEach(RequestChain::join);
            return results;
        }
    }

    private <R> Callable<R> inContext(RequestChain chain, Callable<R> task) {
        ScopedValue.Carrier carrier = ScopedValue.where(RUNNING_IN, this).where(RequestChain.CURRENT, chain);
        ScopedValue.Carrier bound =
                CallContext.CURRENT.isBound() ? carrier.where(CallContext.CURRENT, CallContext.CURRENT.get()) : carrier;
        // The wrapper places the span of a step within the span of its pass.
        return Context.current().wrap(() -> bound.call(task::call));
    }

    private <T, R> R one(T item, Function<T, R> task, AtomicBoolean failed) throws InterruptedException {
        permits.acquire();
        boolean done = false;
        try {
            if (failed.get()) {
                throw new CancellationException("another task failed");
            }
            R result = task.apply(item);
            done = true;
            return result;
        } finally {
            if (!done) {
                failed.set(true);
            }
            permits.release();
        }
    }

    private static <R> List<R> join(List<Future<R>> futures) {
        List<R> results = new ArrayList<>(futures.size());
        Throwable failure = null;
        try {
            for (Future<R> future : futures) {
                try {
                    results.add(future.get());
                } catch (ExecutionException e) {
                    Throwable cause = e.getCause();
                    if (failure == null || failure instanceof CancellationException) {
                        failure = cause;
                    }
                }
            }
        } catch (InterruptedException e) {
            futures.forEach(future -> future.cancel(true));
            Thread.currentThread().interrupt();
            throw AbortedException.create("interrupted while waiting for reads", e);
        }
        switch (failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
        return results;
    }
}
