package dev.holdfast.engine;

import dev.holdfast.model.Event;
import dev.holdfast.model.ResourceId;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The last events of a stack, in order. Safe for use by many threads. */
public final class EventLog {
    private static final System.Logger LOG = System.getLogger(EventLog.class.getName());
    private static final int KEPT = 2000;
    private final String stack;
    private final Clock clock;
    private final Consumer<Event> listener;
    private final Deque<Event> events = new ArrayDeque<>();
    private long last;

    /** @param listener receives each event once, in order (the log, alert sinks) */
    public EventLog(String stack, Clock clock, Consumer<Event> listener) {
        this.stack = stack;
        this.clock = clock;
        this.listener = listener;
    }

    /**
     * Continues in the next generation of ids, because a killed process has not recorded the ids of its last events,
     * which clients may have seen.
     *
     * @param id the last id that an earlier process recorded; 0: there was none
     */
    synchronized void continueFrom(long id) {
        last = Math.max(last, id == 0 ? 0 : (id / Event.GENERATION + 1) * Event.GENERATION);
    }

    public synchronized void add(
            @Nullable ResourceId resource, Event.Severity severity, String reason, String message) {
        Event event = new Event(++last, clock.instant(), stack, resource, severity, reason, message);
        events.addLast(event);
        if (events.size() > KEPT) {
            events.removeFirst();
        }
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            // A failing listener must not stop the code that adds the event.
            LOG.log(System.Logger.Level.ERROR, "an event listener failed on the event " + event, e);
        }
    }

    /** Events after this id, oldest first. */
    public synchronized List<Event> after(long id) {
        List<Event> later = new ArrayList<>();
        for (Event event : events) {
            if (event.id() > id) {
                later.add(event);
            }
        }
        return later;
    }

    public synchronized long last() {
        return last;
    }
}
