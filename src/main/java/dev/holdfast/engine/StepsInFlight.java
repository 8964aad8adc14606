package dev.holdfast.engine;

import dev.holdfast.model.ResourceId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The resources to which steps are writing now, and the end of each resource's last step in the order of all reads and
 * writes of a session. Used by one thread.
 */
final class StepsInFlight {
    private final Set<ResourceId> writing = new HashSet<>();
    private final Set<String> groups = new HashSet<>();
    private final Map<String, Integer> perKind = new HashMap<>();
    private final Map<ResourceId, Long> ended = new HashMap<>();
    private final Set<ResourceId> missedReads = new HashSet<>();
    /** The resources whose last step may have changed them, until a read shows them. */
    private final Set<ResourceId> toBeRead = new HashSet<>();

    private long order;

    /** The next position in the order of reads and writes. */
    long next() {
        return ++order;
    }

    boolean isEmpty() {
        return writing.isEmpty();
    }

    boolean isWriting(ResourceId id) {
        return writing.contains(id);
    }

    boolean isWriting(String group) {
        return groups.contains(group);
    }

    int ofKind(String kind) {
        return perKind.getOrDefault(kind, 0);
    }

    void began(ResourceId id, @Nullable String group) {
        writing.add(id);
        perKind.merge(id.kind(), 1, Integer::sum);
        if (group != null) {
            groups.add(group);
        }
    }

    /** @return whether a read of the resource was discarded meanwhile */
    boolean ended(ResourceId id, @Nullable String group) {
        writing.remove(id);
        perKind.merge(id.kind(), -1, Integer::sum);
        if (group != null) {
            groups.remove(group);
        }
        ended.put(id, next());
        return missedReads.remove(id);
    }

    /** The step of the resource that has just ended may have changed it. */
    void changed(ResourceId id) {
        toBeRead.add(id);
    }

    /** The resources that a step is writing, or that no read has shown since the step that may have changed them. */
    Set<ResourceId> unread(Set<ResourceId> managed, ObservationStore observed) {
        toBeRead.removeIf(id -> {
            LastObserved last = observed.get(id);
            return !managed.contains(id) || (last != null && isAfterLastStep(id, last.begun()));
        });
        Set<ResourceId> unread = new HashSet<>(toBeRead);
        managed.stream().filter(writing::contains).forEach(unread::add);
        return unread;
    }

    /** Whether a read that began at this position is valid, because no step has written to the resource since. */
    boolean mayMerge(ResourceId id, long begun) {
        if (writing.contains(id)) {
            missedReads.add(id);
            return false;
        }
        return isAfterLastStep(id, begun);
    }

    /** Forgets the past steps of the resources that are no longer managed. */
    void retain(Set<ResourceId> managed) {
        ended.keySet().retainAll(managed);
    }

    /** Whether this position comes after the end of the resource's last step. */
    boolean isAfterLastStep(ResourceId id, long begun) {
        return begun > ended.getOrDefault(id, 0L);
    }
}
