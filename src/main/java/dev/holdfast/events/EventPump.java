package dev.holdfast.events;

import dev.holdfast.events.EventParser.ParsedMessage;
import dev.holdfast.events.EventsStatus.EventCounts;
import dev.holdfast.model.ChangeHint;
import dev.holdfast.model.DueTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Hands events on to the stacks. Events that arrive within {@link #DEBOUNCE} are handed on together, each resource
 * once. A message is deleted only after that. Used by one thread.
 */
final class EventPump {
    /** Tools change an object by several calls in a row: one read is enough for all of them. */
    static final Duration DEBOUNCE = Duration.ofSeconds(2);
    /** The number of messages that ends the debounce early, so that memory stays flat in a storm of events. */
    static final int MOST_PENDING = 1_000;
    /** The time that an event whose caller claims to be Holdfast may wait for the proof. */
    static final Duration PROOF = OwnCallStore.EVERY.plusSeconds(5);

    private static final int MOST_UNPROVEN = 5_000;

    private final EventStacks stacks;
    private final EventQueue queue;
    private final EventParser parser;
    private final EventRouter router;
    private final OwnCallStore ownCalls;
    private final Clock clock;

    private final List<Message> pending = new ArrayList<>();
    private final Deque<UnprovenEvent> unproven = new ArrayDeque<>();
    private DueTime due = DueTime.NEVER;
    private volatile EventsStatus status;

    /** An event whose caller claims to be Holdfast, and whose request id is unknown. */
    private record UnprovenEvent(ChangeEvent event, String receipt, DueTime until) {}

    EventPump(PumpParts parts, EventStacks stacks, EventRouter router, Clock clock) {
        this.stacks = stacks;
        this.queue = parts.queue();
        this.parser = parts.parser();
        this.ownCalls = parts.ownCalls();
        this.router = router;
        this.clock = clock;
        this.status = new EventsStatus(queue.url(), false, null, false, null, null, EventCounts.NONE);
    }

    record PumpParts(EventQueue queue, EventParser parser, OwnCallStore ownCalls) {}

    EventsStatus status() {
        return status;
    }

    /** The time that the next poll may wait for a message. */
    Duration patience() {
        UnprovenEvent first = unproven.peekFirst();
        if (!pending.isEmpty()) {
            return Duration.ZERO;
        }
        Duration most = first == null ? EventQueue.LONGEST_POLL : first.until().left(clock.instant());
        return most.compareTo(EventQueue.LONGEST_POLL) > 0 ? EventQueue.LONGEST_POLL : most;
    }

    /** Whether events wait for the end of the debounce. */
    boolean isWaiting() {
        return !pending.isEmpty();
    }

    /** Adds messages that have arrived. */
    void received(List<Message> messages) {
        if (!messages.isEmpty() && pending.isEmpty()) {
            due = DueTime.after(clock.instant(), DEBOUNCE);
        }
        pending.addAll(messages);
        if (pending.size() >= MOST_PENDING) {
            due = DueTime.NOW;
        }
    }

    /** Records whether the queue can be read. @param withoutTrail whether no trail is logging */
    void reachable(@Nullable String failure, boolean withoutTrail) {
        stacks.readable(failure == null && !withoutTrail);
        EventsStatus last = status;
        status = new EventsStatus(
                last.queue(), true, failure, withoutTrail, last.behind(), last.lastAt(), last.counts());
    }

    /** Hands on due events. If this fails, the queue delivers the messages again. */
    void handOn() {
        Instant now = clock.instant();
        ownCalls.keepIfDue();
        Map<String, Set<ChangeHint>> hints = new HashMap<>();
        List<String> handled = new ArrayList<>();
        prove(now, hints, handled);
        if (due.isDue(now)) {
            List<Message> batch = List.copyOf(pending);
            pending.clear();
            due = DueTime.NEVER;
            EventTally tally = new EventTally(status, now);
            for (Message message : batch) {
                if (read(message, now, hints, tally)) {
                    handled.add(message.receiptHandle());
                }
            }
            status = tally.status();
        }
        hints.forEach((stack, all) -> stacks.changed(stack, List.copyOf(all)));
        queue.delete(handled);
    }

    /** @return whether the message may be deleted */
    private boolean read(Message message, Instant now, Map<String, Set<ChangeHint>> hints, EventTally tally) {
        return switch (parser.read(message.body())) {
            case ParsedMessage.Ignored ignored -> {
                tally.ignored();
                yield true;
            }
            case ParsedMessage.UnreadableMessage unreadable -> {
                tally.unreadable(unreadable.why());
                yield false;
            }
            case ParsedMessage.Told(ServiceNotice notice) -> {
                tally.event(notice.at(), add(router.hints(notice), hints));
                yield true;
            }
            case ParsedMessage.Changed(ChangeEvent event) -> {
                if (router.isOurs(event)) {
                    tally.ownCall(event.at());
                    yield true;
                }
                boolean waits = event.ofHoldfast() && unproven.size() < MOST_UNPROVEN;
                if (waits) {
                    // Most such events are calls of another replica: a hint for each would cause a second read.
                    unproven.addLast(new UnprovenEvent(event, message.receiptHandle(), DueTime.after(now, PROOF)));
                }
                tally.event(event.at(), !waits && add(router.hints(event), hints));
                yield !waits;
            }
        };
    }

    private static boolean add(Map<String, List<ChangeHint>> more, Map<String, Set<ChangeHint>> hints) {
        more.forEach((stack, all) ->
                hints.computeIfAbsent(stack, s -> new LinkedHashSet<>()).addAll(all));
        return !more.isEmpty();
    }

    /**
     * Hands on the events whose request ids no process of the installation has stored in time: the claims are false.
     */
    private void prove(Instant now, Map<String, Set<ChangeHint>> hints, List<String> handled) {
        UnprovenEvent first = unproven.peekFirst();
        if (first == null || !first.until().isDue(now)) {
            return;
        }
        ownCalls.load();
        while (first != null && first.until().isDue(now)) {
            unproven.removeFirst();
            handled.add(first.receipt());
            if (!router.isOurs(first.event())) {
                add(router.hints(first.event()), hints);
            }
            first = unproven.peekFirst();
        }
    }
}
