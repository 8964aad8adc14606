package dev.holdfast.events;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The status of change events.
 *
 * @param queue the URL of the queue; null: events are off
 * @param tried whether the queue was read, or failed to be read, since the start; true if events are off
 * @param failure the reason why the queue cannot be read now; null: it can be read
 * @param withoutTrail whether no trail is logging in the account, so that EventBridge receives no event of a call
 * @param behind the age of the last event when it was handed on; null: none has arrived yet
 * @param lastAt the time at which the last event was handed on; null: none was
 * @param counts the numbers of messages since the start
 */
public record EventsStatus(
        @Nullable String queue,
        boolean tried,
        @Nullable String failure,
        boolean withoutTrail,
        @Nullable Duration behind,
        @Nullable Instant lastAt,
        EventCounts counts) {
    /** Events are off: no queue is configured. */
    public static final EventsStatus OFF = new EventsStatus(null, true, null, false, null, null, EventCounts.NONE);

    /**
     * Messages since the start.
     *
     * @param received messages that were read, duplicates too
     * @param ours events of our own calls
     * @param hints events that named a resource of a stack
     * @param unreadable messages that are no events: they stay until the queue moves them to its dead-letter queue
     */
    public record EventCounts(long received, long ours, long hints, long unreadable) {
        public static final EventCounts NONE = new EventCounts(0, 0, 0, 0);
    }

    /** The problem that a person has to solve, or null. */
    public @Nullable String trouble() {
        if (failure != null) {
            return failure;
        }
        return withoutTrail
                ? "no trail is logging in the account, so that EventBridge receives no event of a call"
                : null;
    }

    /** {@code on, 3 s behind} */
    public String inWords() {
        if (queue == null) {
            return "off: HOLDFAST_EVENTS names no queue";
        }
        if (failure != null) {
            return "failing: " + failure;
        }
        if (withoutTrail) {
            return "off: no trail";
        }
        return behind == null ? "on, no event yet" : "on, " + Math.max(0, behind.toSeconds()) + " s behind";
    }
}
