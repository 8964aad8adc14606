package dev.holdfast.engine;

import dev.holdfast.aws.Faults;
import dev.holdfast.model.ChangeHint;
import dev.holdfast.model.Event;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Presence;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.state.StackState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells of what lasts over many passes only when it begins and when it ends: that a resource cannot be read, that another
 * controller writes it, that the state cannot record it. Used by one thread.
 */
final class ResourceNotices {
    /** When an event tells anew that tasks stop for the same reason. */
    private static final Duration STOPS_AGAIN = Duration.ofHours(1);

    private final EventLog events;
    /** Why tasks stopped, as the last event told. */
    private final Map<ResourceId, StopReason> stopped = new HashMap<>();
    /** The failure of the last read, by resource, where an event told of it. */
    private final Map<ResourceId, String> unreadable = new HashMap<>();

    /** What an event has told of each resource that another controller writes: kept in the state, so that a restart says nothing anew. */
    private final Map<String, String> delegated;
    /** Why what a read shows could not be recorded, by resource, where an event told of it. */
    private final Map<ResourceId, String> unrecorded = new HashMap<>();

    private record StopReason(String message, Instant at) {}

    ResourceNotices(StackState state, EventLog events) {
        this.events = events;
        this.delegated = new HashMap<>(state.memory().delegated());
    }

    /** A service tells something of a resource. */
    void told(ResourceId id, ChangeHint.ServiceWord word, Instant now) {
        if (word.reason().equals(ChangeHint.ServiceWord.TASK_STOPPED) && repeats(id, word.message(), now)) {
            return;
        }
        boolean warns = word.reason().equals(ChangeHint.ServiceWord.RETIREMENT)
                || word.reason().equals(ChangeHint.ServiceWord.FAILURE);
        events.add(id, warns ? Event.Severity.Warning : Event.Severity.Info, word.reason(), word.message());
    }

    /** Tasks that cannot start stop every few seconds, each with the same words: an hour's worth of them is one event. */
    private boolean repeats(ResourceId id, String message, Instant now) {
        StopReason last = stopped.get(id);
        if (last != null
                && last.message().equals(message)
                && now.isBefore(last.at().plus(STOPS_AGAIN))) {
            return true;
        }
        stopped.put(id, new StopReason(message, now));
        return false;
    }

    /** What the state is to keep of what was told. */
    Map<String, String> delegated() {
        return Map.copyOf(delegated);
    }

    /** A resource that is neither desired nor recorded any more is forgotten. */
    void managedNow(Set<ResourceId> managed) {
        unreadable.keySet().retainAll(managed);
        unrecorded.keySet().retainAll(managed);
        stopped.keySet().retainAll(managed);
        delegated.keySet().removeIf(id -> !managed.contains(ResourceId.parse(id)));
    }

    /**
     * What a read shows could not be recorded. Without a record nothing may be written: the next pass would not know of it.
     *
     * @return the fault, in the words that the status shows
     */
    Fault unrecorded(ResourceId id, RuntimeException cause) {
        Fault fault = Faults.classify(cause, List.of());
        String message = "what a read shows cannot be recorded in the state: " + fault.message()
                + "; nothing is written to the resource until it can";
        if (!fault.code().equals(unrecorded.put(id, fault.code()))) {
            events.add(id, Event.Severity.Warning, "RecordFailed", fault.code() + ": " + message);
        }
        return new Fault(fault.category(), fault.code(), message, fault.operation(), null);
    }

    /** What a read showed could be recorded, unless the read failed. */
    void recorded(ResourceAssessment assessment) {
        boolean unclear = assessment.presence() instanceof Presence.Unclear;
        if (!unclear && unrecorded.remove(assessment.id()) != null) {
            events.add(assessment.id(), Event.Severity.Info, "RecordRestored", "what reads show is recorded again");
        }
    }

    /** The resource was read, or could not be. */
    void read(ResourceAssessment assessment) {
        unreadable(assessment);
        delegated(assessment);
    }

    private void unreadable(ResourceAssessment assessment) {
        Fault fault = assessment.presence() instanceof Presence.Unclear unclear ? unclear.fault() : null;
        ResourceId id = assessment.id();
        boolean unexpected = assessment.presence() instanceof Presence.Unclear unclear
                && unclear.reason() == Reason.UnexpectedException;
        boolean told = unexpected
                || (fault != null
                        && (fault.category() == Fault.Category.DENIED || fault.category() == Fault.Category.UNKNOWN));
        if (fault != null && told) {
            String call = (fault.operation() + " " + fault.code()).strip();
            if (!call.equals(unreadable.put(id, call))) {
                events.add(
                        id,
                        Event.Severity.Warning,
                        unexpected
                                ? Reason.UnexpectedException.name()
                                : fault.category() == Fault.Category.DENIED ? "ReadDenied" : "ReadFailed",
                        call + ": " + fault.message()
                                + (unexpected ? "; nothing is written to the resource until this is over" : ""));
            }
        } else if (fault == null && unreadable.remove(id) != null) {
            events.add(id, Event.Severity.Info, "ReadRestored", "the resource can be read again");
        }
    }

    private void delegated(ResourceAssessment assessment) {
        ResourceId id = assessment.id();
        String owner = assessment.owners().delegation();
        if (owner != null && !owner.equals(delegated.put(id.toString(), owner))) {
            events.add(id, Event.Severity.Warning, "Delegated", owner + ": it is shown, and nothing is written to it");
        } else if (owner == null
                && assessment.presence() instanceof Presence.Present
                && delegated.remove(id.toString()) != null) {
            events.add(id, Event.Severity.Info, "DelegationEnded", "Holdfast writes the resource again");
        }
    }
}
