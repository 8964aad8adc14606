package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.SharedJson;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Masks;
import dev.holdfast.state.ResourceRecord;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The specs as the status shows them, with secrets masked. A view is made after every result that arrives, and each
 * result concerns few resources. Therefore the specs of all others are cached. Used by one thread.
 */
final class ShownSpecs {
    private final Map<ResourceId, ShownSpec> last = new HashMap<>();

    /** @param of the masked record; while it is the same object, {@code shown} remains valid */
    private record ShownSpec(Record of, JsonNode shown) {}

    /** @return the desired spec, otherwise the observed spec; null if neither is known */
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
        JsonNode masked = target.bound() != null ? Masks.shown(spec) : Masks.shownObserved(spec, showEnvironment);
        ResourceRecord record = target.record();
        JsonNode shown = SharedJson.of(masked, record == null ? null : record.applied(), target.resolved());
        last.put(target.id(), new ShownSpec(spec, shown));
        return shown;
    }

    /** Forgets the resources that are no longer managed. */
    void retain(Collection<ResourceId> managed) {
        last.keySet().retainAll(managed);
    }
}
