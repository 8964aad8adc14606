package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.SharedJson;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Masks;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The desired specs in the form in which the state records applied specs, with secrets as keyed hashes. The forms are
 * cached, because each read of a resource in sync needs one, and most specs have not been bound again since. Used by
 * one thread.
 */
final class AppliedSpecs {
    private final UnaryOperator<String> hasher;
    private final Map<ResourceId, AppliedSpec> last = new HashMap<>();

    /** @param of the desired spec; while it is the same object, {@code stored} remains valid */
    private record AppliedSpec(Record of, JsonNode stored) {}

    AppliedSpecs(UnaryOperator<String> hasher) {
        this.hasher = hasher;
    }

    /**
     * @param recorded the applied spec in the state; it is returned if it is equal, so that the next comparison is by
     *     identity
     * @param resolved the desired spec as JSON; the result shares its equal parts
     */
    JsonNode of(ResourceId id, Record desired, @Nullable JsonNode recorded, @Nullable JsonNode resolved) {
        AppliedSpec before = last.get(id);
        JsonNode stored = before != null && before.of == desired
                ? before.stored
                : SharedJson.of(Masks.stored(desired, hasher), resolved, null);
        JsonNode kept = recorded != null && stored.equals(recorded) ? recorded : stored;
        last.put(id, new AppliedSpec(desired, kept));
        return kept;
    }

    /** Forgets the resources that are no longer managed. */
    void retain(Collection<ResourceId> managed) {
        last.keySet().retainAll(managed);
    }
}
