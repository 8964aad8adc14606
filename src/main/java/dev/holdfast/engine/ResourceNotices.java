package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.Faults;
import dev.holdfast.model.ChangeHint;
import dev.holdfast.model.Event;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Presence;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.plan.SecretHash;
import dev.holdfast.state.StackMemory;
import dev.holdfast.state.StackState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds an event only at the begin and at the end of a condition that lasts over many passes: a resource cannot be read,
 * another controller writes it, AWS has a newer version of it, or the state cannot record it. Used by one thread.
 */
final class ResourceNotices {
    /** The pause until an event reports again that tasks stop for the same reason. */
    private static final Duration STOPS_AGAIN = Duration.ofHours(1);

    private final EventLog events;
    /** The reason for stopped tasks in the last event of each resource. */
    private final Map<ResourceId, StopReason> stopped = new HashMap<>();
    /** The failure of the last read by resource, if an event reported it. */
    private final Map<ResourceId, String> unreadable = new HashMap<>();

    /**
     * The last event text of each resource that another controller writes. The state keeps it, so that a restart
     * repeats no event.
     */
    private final Map<String, String> delegated;

    /** The event text of each resource of which AWS has a newer version than the documents desire; kept likewise. */
    private final Map<String, String> newer;
    /** The code of the failure to record a read, by resource, if an event reported it. */
    private final Map<ResourceId, String> unrecorded = new HashMap<>();

    private record StopReason(String message, Instant at) {}

    ResourceNotices(StackState state, EventLog events) {
        this.events = events;
        this.delegated = new HashMap<>(state.memory().delegated());
        this.newer = new HashMap<>(state.memory().newer());
    }

    /** Processes a service's notice about a resource. */
    void report(ResourceId id, ChangeHint.ServiceWord word, Instant now) {
        if (word.reason().equals(ChangeHint.ServiceWord.TASK_STOPPED) && repeats(id, word.message(), now)) {
            return;
        }
        boolean warns = word.reason().equals(ChangeHint.ServiceWord.RETIREMENT)
                || word.reason().equals(ChangeHint.ServiceWord.FAILURE);
        events.add(id, warns ? Event.Severity.Warning : Event.Severity.Info, word.reason(), word.message());
    }

    /** Tasks that cannot start stop every few seconds with the same message: only one event per hour reports them. */
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

    /** The memory with the event texts that the state has to keep. */
    StackMemory rememberIn(StackMemory memory) {
        return memory.delegated(Map.copyOf(delegated)).newer(Map.copyOf(newer));
    }

    /** Forgets the resources that are neither desired nor recorded any more. */
    void managedNow(Set<ResourceId> managed) {
        unreadable.keySet().retainAll(managed);
        unrecorded.keySet().retainAll(managed);
        stopped.keySet().retainAll(managed);
        for (Map<String, String> kept : List.of(delegated, newer)) {
            kept.keySet().removeIf(id -> !managed.contains(ResourceId.parse(id)));
        }
    }

    /**
     * The result of a read could not be recorded. Without a record, no write is allowed, because the next pass would
     * not know of the write.
     *
     * @return the fault with the message for the status
     */
    Fault unrecorded(ResourceId id, RuntimeException cause) {
        Fault fault = Faults.classify(cause, List.of());
        String message = "the result of a read cannot be recorded in the state: " + fault.message()
                + "; nothing is written to the resource until a read is recorded";
        if (!fault.code().equals(unrecorded.put(id, fault.code()))) {
            events.add(id, Event.Severity.Warning, "RecordFailed", fault.code() + ": " + message);
        }
        return new Fault(fault.category(), fault.code(), message, fault.operation(), null);
    }

    /** The result of a read was recorded, unless the read failed. */
    void recorded(ResourceAssessment assessment) {
        boolean unclear = assessment.presence() instanceof Presence.Unclear;
        if (!unclear && unrecorded.remove(assessment.id()) != null) {
            events.add(
                    assessment.id(), Event.Severity.Info, "RecordRestored", "the results of reads are recorded again");
        }
    }

    /** The resource was read, or could not be. */
    void read(ResourceAssessment assessment) {
        unreadable(assessment);
        delegated(assessment);
        newer(assessment);
    }

    private void newer(ResourceAssessment assessment) {
        ResourceId id = assessment.id();
        String message = assessment.newerVersion();
        if (message == null && assessment.presence() instanceof Presence.Present) {
            newer.remove(id.toString());
        } else if (message != null && !message.equals(newer.put(id.toString(), message))) {
            events.add(id, Event.Severity.Warning, Reason.NewerVersion.name(), message);
        }
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
                                + (unexpected
                                        ? "; nothing is written to the resource until it can be read again"
                                        : ""));
            }
        } else if (fault == null && unreadable.remove(id) != null) {
            events.add(id, Event.Severity.Info, "ReadRestored", "the resource can be read again");
        }
    }

    private void delegated(ResourceAssessment assessment) {
        ResourceId id = assessment.id();
        String owner = assessment.owners().delegation();
        if (owner != null && !owner.equals(delegated.put(id.toString(), owner))) {
            events.add(
                    id,
                    Event.Severity.Warning,
                    "Delegated",
                    owner + ": Holdfast shows the resource and does not write it");
        } else if (owner == null
                && assessment.presence() instanceof Presence.Present
                && delegated.remove(id.toString()) != null) {
            events.add(id, Event.Severity.Info, "DelegationEnded", "Holdfast writes the resource again");
        }
    }

    /**
     * Reports the values whose hash is of a lost key. From then on the record contains the desired values, so that each
     * loss is reported once.
     */
    void unknownValues(ResourceId id, @Nullable JsonNode recorded, JsonNode applied) {
        List<String> unknown = recorded == applied ? List.of() : SecretHash.unknown(recorded, applied);
        if (!unknown.isEmpty()) {
            events.add(
                    id,
                    Event.Severity.Warning,
                    "AppliedValueUnknown",
                    "the key of the hashes in the state (hash.key) was lost, so that the applied value of "
                            + String.join(", ", unknown)
                            + " is unknown. Holdfast counts the desired value as applied, and writes nothing until the"
                            + " desired value changes");
        }
    }
}
