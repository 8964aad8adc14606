package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Masks;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The desired specs as the state records them once they are applied, with secrets as keyed hashes. Each read of a resource in
 * sync asks for one, and the spec has seldom been bound anew since. Used by one thread.
 */
final class AppliedSpecs {
    private final UnaryOperator<String> hasher;
    private final Map<ResourceId, AppliedSpec> last = new HashMap<>();

    /** @param of the spec: while it is the very same object, so is what is recorded */
    private record AppliedSpec(Record of, JsonNode stored) {}

    AppliedSpecs(UnaryOperator<String> hasher) {
        this.hasher = hasher;
    }

    /** @param recorded what the state holds; it is the result if it is equal, so that the next comparison ends at once */
    JsonNode of(ResourceId id, Record desired, @Nullable JsonNode recorded) {
        AppliedSpec before = last.get(id);
        JsonNode stored = before != null && before.of == desired ? before.stored : Masks.stored(desired, hasher);
        JsonNode kept = recorded != null && stored.equals(recorded) ? recorded : stored;
        last.put(id, new AppliedSpec(desired, kept));
        return kept;
    }

    /** A resource that is not managed any more is forgotten. */
    void retain(Collection<ResourceId> managed) {
        last.keySet().retainAll(managed);
    }
}
