package dev.holdfast.plan;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Reason;
import org.jspecify.annotations.Nullable;

/** Whether a resource is there, as far as reads tell. */
public sealed interface Presence {
    /** It is there and ours. */
    record Present(Known<?> known) implements Presence {}

    /** It is there, ours, and on its way out. */
    record Deleting(Known<?> known) implements Presence {}

    /** It is not there: the list said so, and a point read of the owning service confirmed it where that matters. */
    record Missing() implements Presence {}

    /**
     * Its name, or the id to adopt, belongs to something that is not ours.
     *
     * @param holder in words, whose it is
     * @param adoptable whether its document may take it over
     */
    record NameTaken(Known<?> known, String holder, boolean adoptable) implements Presence {}

    /** It cannot be told now; the fault is null while a create is in its grace. */
    record Unclear(Reason reason, @Nullable Fault fault) implements Presence {}
}
