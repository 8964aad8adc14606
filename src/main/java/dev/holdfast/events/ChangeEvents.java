package dev.holdfast.events;

import dev.holdfast.aws.Faults;
import dev.holdfast.aws.OwnCalls;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.store.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Reads the queue of change events on a thread of its own, and has the stacks read the resources that the events name.
 * A failure of the queue only makes Holdfast slower: the passes continue.
 */
public final class ChangeEvents implements AutoCloseable {
    /** The pause between two reads while events wait for the end of the debounce. */
    private static final Duration SOON = Duration.ofMillis(200);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** The time that a running step has to end when the reader is closed. */
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    /** The state of the queue after a step. */
    public enum QueueState {
        /** The last page was full, so that the queue may have more messages. */
        MORE,
        /** Events wait for the end of the debounce. */
        WAITING,
        EMPTY
    }

    private final EventQueue queue;
    private final EventPump pump;
    private final OwnCallStore ownCalls;
    private final TrailCheck trail;
    private boolean loaded;
    private volatile boolean closing;
    private @Nullable Thread thread;

    /**
     * The parts of the installation that the reader uses.
     *
     * @param state the state of the operator
     * @param ownCalls the writes of this process
     * @param names whether names and addresses of people may be shown
     */
    public record EventParts(KindCatalog catalog, ObjectStore state, OwnCalls ownCalls, Clock clock, boolean names) {}

    /** The source of the events. @param url the URL of the queue */
    public record EventOrigin(SqsClient sqs, String url, CloudTrailClient cloudTrail) {}

    public ChangeEvents(EventOrigin origin, EventStacks stacks, EventParts parts) {
        this.queue = new EventQueue(origin.sqs(), origin.url());
        this.trail = new TrailCheck(origin.cloudTrail(), parts.clock());
        this.ownCalls = new OwnCallStore(parts.state(), parts.ownCalls(), parts.clock());
        EventRouter router = new EventRouter(stacks, parts.catalog(), parts.ownCalls(), parts.clock());
        this.pump = new EventPump(
                new EventPump.PumpParts(queue, new EventParser(new AuthorReader(parts.names())), ownCalls),
                stacks,
                router,
                parts.clock());
    }

    public EventsStatus status() {
        return pump.status();
    }

    /** Begins to read the queue. */
    public void start() {
        thread = Thread.ofVirtual().name("change-events").start(this::loop);
    }

    private void loop() {
        Duration pause = FIRST_PAUSE;
        while (!closing) {
            QueueState left = step();
            if (pump.status().failure() != null) {
                LockSupport.parkNanos(pause.toNanos());
                Duration twice = pause.multipliedBy(2);
                pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
            } else {
                pause = FIRST_PAUSE;
                if (left == QueueState.WAITING) {
                    LockSupport.parkNanos(SOON.toNanos());
                }
            }
        }
    }

    /** Reads the queue once and hands on due events; the status shows a failure. @return the work that is left */
    public QueueState step() {
        try {
            if (!loaded) {
                ownCalls.load();
                loaded = true;
            }
            List<Message> some = queue.receive(pump.patience());
            pump.received(some);
            pump.reachable(null, trail.look() == TrailCheck.TrailState.None);
            pump.handOn();
            return some.size() == EventQueue.PAGE
                    ? QueueState.MORE
                    : pump.isWaiting() ? QueueState.WAITING : QueueState.EMPTY;
        } catch (RuntimeException e) {
            // The status shows each failure of a step, and the next step begins after a pause.
            pump.reachable(Faults.classify(e, List.of()).inWords(), false);
            return QueueState.EMPTY;
        }
    }

    @Override
    public void close() {
        close(() -> {});
    }

    /**
     * Ends the reading of the queue, then the writers to AWS, and stores the last of our own calls. The queue still
     * holds the messages that were received and not handed on, and delivers them again.
     *
     * @param writers ends all writers to AWS
     */
    public void close(Runnable writers) {
        stop();
        try {
            writers.run();
        } finally {
            keepOwnCalls();
        }
    }

    private void stop() {
        closing = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            try {
                running.join(LONGEST_END);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void keepOwnCalls() {
        try {
            ownCalls.keep();
        } catch (SdkException | java.io.UncheckedIOException e) {
            // The next process treats a few of our own calls as foreign, and reads their resources once more.
            pump.reachable(Faults.classify(e, List.of()).inWords(), false);
        }
    }
}
