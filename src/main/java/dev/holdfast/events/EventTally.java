package dev.holdfast.events;

import dev.holdfast.events.EventsStatus.EventCounts;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Counts the messages of one batch. Used by one thread. */
final class EventTally {
    private static final System.Logger LOG = System.getLogger(EventTally.class.getName());

    private final EventsStatus before;
    private final Instant now;
    private long received;
    private long ours;
    private long hints;
    private long unreadable;
    private @Nullable Instant newest;

    EventTally(EventsStatus before, Instant now) {
        this.before = before;
        this.now = now;
    }

    void ignored() {
        received++;
    }

    /** Only the first one is logged: a producer of such messages must not fill the log. */
    void unreadable(String why) {
        received++;
        if (before.counts().unreadable() == 0 && unreadable == 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a message in the queue of change events cannot be read, because " + why
                            + "; the message stays there until the queue moves it to its dead-letter queue");
        }
        unreadable++;
    }

    void ownCall(Instant at) {
        received++;
        ours++;
        seen(at);
    }

    void event(Instant at, boolean named) {
        received++;
        if (named) {
            hints++;
        }
        seen(at);
    }

    private void seen(Instant at) {
        if (newest == null || at.isAfter(newest)) {
            newest = at;
        }
    }

    EventsStatus status() {
        EventCounts counts = before.counts();
        return new EventsStatus(
                before.queue(),
                before.tried(),
                before.failure(),
                before.withoutTrail(),
                newest == null ? before.behind() : Duration.between(newest, now),
                newest == null ? before.lastAt() : now,
                new EventCounts(
                        counts.received() + received,
                        counts.ours() + ours,
                        counts.hints() + hints,
                        counts.unreadable() + unreadable));
    }
}
