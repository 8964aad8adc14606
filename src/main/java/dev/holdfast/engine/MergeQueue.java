package dev.holdfast.engine;

import dev.holdfast.aws.Fork;
import dev.holdfast.aws.RequestChain;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.AbortedException;

/**
 * Holds the results of reads and steps until the one thread that changes a session merges them. Safe for use by many
 * threads.
 */
final class MergeQueue {
    private final BlockingQueue<Runnable> merges = new LinkedBlockingQueue<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition taskEnded = lock.newCondition();
    /** The tasks that have not ended; guarded by the lock. */
    private int running;

    /**
     * Begins a task on another thread and returns at once.
     *
     * @param task returns the action that the merging thread has to run with the result
     * @param lost the action to run if the task ends by an error of the JVM, so that its result is not awaited for ever
     */
    void begin(Fork fork, Supplier<Runnable> task, Runnable lost) {
        count(1);
        fork.begin(() -> {
            Runnable merge = lost;
            try {
                Runnable merged = task.get();
                int chain = RequestChain.current();
                merge = () -> {
                    RequestChain.follow(chain);
                    merged.run();
                };
            } finally {
                merges.add(merge);
                count(-1);
            }
        });
    }

    private void count(int change) {
        lock.lock();
        try {
            running += change;
            taskEnded.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits at most this long until every task has ended; merges nothing. @return whether all have ended */
    boolean awaitTasks(Duration most) {
        lock.lock();
        try {
            long left = most.toNanos();
            while (running > 0 && left > 0) {
                left = taskEnded.awaitNanos(left);
            }
            return running == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Merges everything that has arrived. */
    void mergeAll() {
        for (Runnable next = merges.poll(); next != null; next = merges.poll()) {
            next.run();
        }
    }

    /** Waits at most this long for the next result, then merges everything that has arrived. */
    void mergeWithin(Duration most) {
        try {
            Runnable next = merges.poll(most.toMillis(), TimeUnit.MILLISECONDS);
            if (next != null) {
                next.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw AbortedException.create("interrupted while waiting for reads and steps", e);
        }
        mergeAll();
    }
}
