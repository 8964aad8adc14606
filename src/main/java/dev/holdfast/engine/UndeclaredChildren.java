package dev.holdfast.engine;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.kind.Children;
import dev.holdfast.kind.Keyed;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.JsonPointers;
import dev.holdfast.state.ResourceRecord;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds the objects attached to a resource of the stack that neither a document nor a record explains. Pure. */
final class UndeclaredChildren {
    private UndeclaredChildren() {}

    /**
     * @param all the resources of the stack
     * @return by the physical id of the child, a field that names its kind or the parent's component that contains it
     */
    static Map<String, FieldChange> of(
            ManagedResource<?> parent, Collection<ManagedResource<?>> all, ObservationStore store) {
        Map<String, FieldChange> children = new TreeMap<>();
        store.attachedTo(parent).forEach((kind, ids) -> {
            Set<String> explained = new TreeSet<>();
            boolean unanswered = false;
            for (ManagedResource<?> resource : all) {
                ResourceRecord record = resource.record();
                if (resource.id().kind().equals(kind) && record != null) {
                    explained.add(String.valueOf(record.physicalId()));
                    explained.addAll(record.deposed());
                    explained.addAll(record.copies());
                    // A create of ours whose answer was lost may have made the object.
                    unanswered |= record.intent() != null && !record.answered(record.intent());
                }
            }
            if (!unanswered) {
                ids.stream().filter(id -> !explained.contains(id)).forEach(id -> children.put(id, child(kind, id)));
            }
        });
        Known<?> known = store.lastKnown(parent.id());
        if (known != null && parent.bound() != null) {
            elements(parent, known, parent.bound().spec(), children);
        }
        return children;
    }

    private static void elements(
            ManagedResource<?> parent, Known<?> known, Record desired, Map<String, FieldChange> children) {
        for (SpecModel.Field field : SpecModel.of(desired.getClass()).fields()) {
            boolean ignored = parent.desired() != null
                    && parent.desired().lifecycle().ignore().contains("/" + field.name());
            Children rule = field.get(Children.class);
            if (rule == null || ignored) {
                continue;
            }
            Object elements = field.read(desired) == null
                    ? field.read(known.spec())
                    : known.outputs().get(rule.leftAlone());
            if (elements instanceof Collection<?> all) {
                for (Object element : all) {
                    String key = element instanceof Keyed keyed ? keyed.key() : String.valueOf(element);
                    children.put(known.identity().physicalId() + "/" + key, child(field.name(), key));
                }
            }
        }
    }

    private static FieldChange child(String component, String id) {
        return new FieldChange(
                "/" + component + "/" + JsonPointers.escaped(id),
                component + ": " + id,
                component,
                null,
                TextNode.valueOf(id),
                FieldChange.Cause.Drift,
                FieldChange.Effect.Update,
                false);
    }
}
