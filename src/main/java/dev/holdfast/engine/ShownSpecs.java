package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Masks;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The specs as the status shows them, with secrets masked. A view is made after every result that arrives, and each concerns
 * few resources: of all others, the spec is shown as before. Used by one thread.
 */
final class ShownSpecs {
    private final Map<ResourceId, ShownSpec> last = new HashMap<>();

    /** @param of the record that was masked: while it is the very same object, so is what is shown */
    private record ShownSpec(Record of, JsonNode shown) {}

    /** @return the desired spec, or, of what is no longer desired, the observed one; null: neither is known */
    @Nullable
    JsonNode of(ManagedResource<?> target, @Nullable Known<?> known, boolean showEnvironment) {
        Record spec = target.bound() != null ? target.bound().spec() : known != null ? known.spec() : null;
        if (spec == null) {
            return null;
        }
        ShownSpec before = last.get(target.id());
        if (before != null && before.of == spec) {
            return before.shown;
        }
        JsonNode shown = target.bound() != null ? Masks.shown(spec) : Masks.shownObserved(spec, showEnvironment);
        last.put(target.id(), new ShownSpec(spec, shown));
        return shown;
    }

    /** A resource that is not managed any more is forgotten. */
    void retain(Collection<ResourceId> managed) {
        last.keySet().retainAll(managed);
    }
}
