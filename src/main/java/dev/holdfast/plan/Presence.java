package dev.holdfast.plan;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a resource is there, as far as reads tell. */
public sealed interface Presence {
    /** The object exists and is ours. */
    record Present(Known<?> known) implements Presence {}

    /** The object exists, is ours, and is being deleted. */
    record Deleting(Known<?> known) implements Presence {}

    /**
     * The object does not exist: the list says so, and a point read of the owning service where that matters.
     *
     * @param remains what is left of it, in words, where it held data
     */
    record Missing(List<String> remains) implements Presence {}

    /**
     * Its name, or the id to adopt, belongs to something that is not ours.
     *
     * @param holder the owner of the object, in words
     * @param adoptable whether the document allows its adoption
     */
    record NameTaken(Known<?> known, String holder, boolean adoptable) implements Presence {}

    /** Nothing is known now; the fault is null while a create is within its grace period. */
    record Unclear(Reason reason, @Nullable Fault fault) implements Presence {}
}
