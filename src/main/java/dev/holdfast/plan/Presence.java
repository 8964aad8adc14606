package dev.holdfast.plan;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The existence of a resource, as far as reads show it. */
public sealed interface Presence {
    /** The object exists and is ours. */
    record Present(Known<?> known) implements Presence {}

    /** The object exists, is ours, and is being deleted. */
    record Deleting(Known<?> known) implements Presence {}

    /**
     * The object does not exist, according to the list and, where it matters, to a point read of the owning service.
     *
     * @param remains the remains of a resource that held data, as text
     */
    record Missing(List<String> remains) implements Presence {}

    /**
     * The resource's name, or the id to adopt, belongs to an object that is not ours.
     *
     * @param holder the owner of the object, as text
     * @param adoptable whether the document allows its adoption
     */
    record NameTaken(Known<?> known, String holder, boolean adoptable) implements Presence {}

    /**
     * The existence is unknown now. The fault is null if no read failed, for example during the grace period of a
     * create.
     */
    record Unclear(Reason reason, @Nullable Fault fault) implements Presence {}
}
