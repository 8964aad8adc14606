package dev.holdfast.alerts;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Delivers alerts to one sink, in order, and retries alerts that the sink does not accept. A caller that adds an alert
 * never waits. If the queue is full, the oldest alert is dropped, and the drop is reported.
 */
final class SinkDelivery {
    static final int HOLDS = 200;

    /** Is informed about the outcome of deliveries, on any thread. */
    interface DeliveryListener {
        void delivered(Alert alert, String sink);

        void dropped(Alert alert, String sink, String why);

        /** Reports the first failure in a row. */
        void failing(Alert alert, String sink, String why);

        void recovered(Alert alert, String sink);
    }

    private final Sink sink;
    private final Clock clock;
    private final Executor threads;
    private final DeliveryListener listener;
    private final SinkHealth health;
    private final Deque<Alert> waiting = new ArrayDeque<>();
    private final AtomicBoolean under = new AtomicBoolean();

    SinkDelivery(Sink sink, Clock clock, Executor threads, DeliveryListener listener) {
        this.sink = sink;
        this.clock = clock;
        this.threads = threads;
        this.listener = listener;
        this.health = new SinkHealth(sink.name());
    }

    String name() {
        return sink.name();
    }

    void offer(Alert alert) {
        Alert oldest = null;
        synchronized (waiting) {
            if (waiting.stream().anyMatch(alert::sameAs)) {
                return;
            }
            if (waiting.size() >= HOLDS) {
                oldest = waiting.pollFirst();
            }
            waiting.addLast(alert);
        }
        if (oldest != null) {
            // Not on this thread: the caller may hold a lock that the listener needs.
            Alert dropped = oldest;
            threads.execute(() -> drop(dropped, HOLDS + " newer alerts are waiting"));
        }
    }

    /** Removes the waiting alerts of a stack whose lease another process holds now: that process sends them. */
    void forget(String stack) {
        synchronized (waiting) {
            waiting.removeIf(a -> stack.equals(a.stack()));
        }
    }

    /** Starts the delivery if it is due, and returns at once. */
    void tick() {
        if (head() != null && health.mayTry(clock.instant()) && under.compareAndSet(false, true)) {
            threads.execute(this::deliver);
        }
    }

    private void deliver() {
        try {
            Alert alert = head();
            while (alert != null && health.mayTry(clock.instant()) && attempt(alert)) {
                alert = head();
            }
        } finally {
            under.set(false);
        }
    }

    /** @return whether to continue with the next alert */
    private boolean attempt(Alert alert) {
        try {
            sink.send(alert);
        } catch (NotDeliveredException e) {
            failed(alert, e);
            return false;
        } catch (RuntimeException e) {
            // Any exception of a sink counts as a failed delivery, which is retried with pauses.
            failed(alert, NotDeliveredException.tryAgain(e.getClass().getSimpleName() + ": " + e.getMessage()));
            return false;
        }
        if (health.delivered()) {
            listener.recovered(alert, sink.name());
        }
        remove(alert);
        listener.delivered(alert, sink.name());
        return true;
    }

    private void failed(Alert alert, NotDeliveredException e) {
        Instant now = clock.instant();
        if (health.failed(e, now)) {
            listener.failing(alert, sink.name(), e.reason());
        }
        if (!e.retryable()) {
            if (remove(alert)) {
                drop(alert, "it refused the alert: " + e.reason());
            }
        } else if (!now.isBefore(alert.at().plus(AlertRules.REPEAT)) && remove(alert)) {
            drop(alert, "every attempt failed for " + AlertRules.REPEAT.toHours() + " hours");
        }
    }

    private void drop(Alert alert, String why) {
        health.dropped();
        listener.dropped(alert, sink.name(), why);
    }

    private @Nullable Alert head() {
        synchronized (waiting) {
            return waiting.peekFirst();
        }
    }

    private boolean remove(Alert alert) {
        synchronized (waiting) {
            return waiting.removeIf(alert::sameAs);
        }
    }

    SinkStatus status() {
        synchronized (waiting) {
            return health.status(waiting.size());
        }
    }
}
