package dev.holdfast.engine;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Fault;
import java.util.List;

/** The result of one read for one resource. */
sealed interface ResourceReading {
    /**
     * @param ours objects that carry the ownership of the resource
     * @param strangers objects of the same kind in the result that are not ours
     * @param whole whether the read requested every recorded object of the resource, and not only one object
     * @param remains the remains of a deleted resource that held data
     */
    record FoundObjects(List<Known<?>> ours, List<Known<?>> strangers, boolean whole, List<String> remains)
            implements ResourceReading {
        FoundObjects(List<Known<?>> ours, List<Known<?>> strangers, boolean whole) {
            this(ours, strangers, whole, List.of());
        }

        FoundObjects leaving(List<String> left) {
            return new FoundObjects(ours, strangers, whole, left);
        }
    }

    record Unreadable(Fault fault) implements ResourceReading {}
}
