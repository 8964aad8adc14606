package dev.holdfast.events;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether change events arrive.
 *
 * @param queue the URL of the queue; null: events are off
 * @param failure why the queue cannot be read now; null: it can
 * @param withoutTrail no trail logs in the account, so that no event of a call is sent
 * @param behind how old the last event was when it was handed on; null: none has arrived yet
 * @param lastAt when the last event was handed on; null: none was
 * @param counts of messages since the start
 */
public record EventsStatus(
        @Nullable String queue,
        @Nullable String failure,
        boolean withoutTrail,
        @Nullable Duration behind,
        @Nullable Instant lastAt,
        EventCounts counts) {
    /** Events are off: no queue is configured. */
    public static final EventsStatus OFF = new EventsStatus(null, null, false, null, null, EventCounts.NONE);

    /**
     * Messages since the start.
     *
     * @param received messages that were read, duplicates too
     * @param ours events of our own calls
     * @param hints events that named a resource of a stack
     * @param unreadable messages that are no events: they stay in the queue until it moves them to its dead letters
     */
    public record EventCounts(long received, long ours, long hints, long unreadable) {
        public static final EventCounts NONE = new EventCounts(0, 0, 0, 0);
    }

    /** Why somebody has to act, or null. */
    public @Nullable String trouble() {
        if (failure != null) {
            return failure;
        }
        return withoutTrail
                ? "no trail logs in the account, and without one EventBridge gets no event of a call"
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
