package dev.holdfast.engine;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Fault;
import java.util.List;

/** What one read says of one resource. */
sealed interface ResourceReading {
    /**
     * @param ours objects that carry the ownership of the resource
     * @param strangers objects of the same kind that are not ours, and that the read met
     * @param whole whether the read asked for every object that is recorded of the resource, and not for one alone
     * @param remains what is left of it, if it held data and is gone
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
