package dev.holdfast.engine;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Presence;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The resources that an undesired resource refers to in AWS, for the case that a lost state does not record them: the
 * resources whose outputs are values of its observed spec. Pure.
 */
final class ObservedReferences {
    private final Map<ResourceId, ManagedResource<?>> managed;
    private final Function<ResourceId, Presence> presences;
    private @Nullable Map<OutputValue, ResourceId> outputs;

    /** An output of a resource of one kind. */
    private record OutputValue(String kind, String output, String value) {}

    ObservedReferences(Map<ResourceId, ManagedResource<?>> managed, Function<ResourceId, Presence> presences) {
        this.managed = managed;
        this.presences = presences;
    }

    Set<ResourceId> of(ResourceId id, Known<?> known) {
        Set<ResourceId> found = new TreeSet<>();
        collect(known.spec(), found);
        found.remove(id);
        return found;
    }

    private void collect(Record spec, Set<ResourceId> found) {
        for (Field field : SpecModel.of(spec.getClass()).fields()) {
            Object value = field.read(spec);
            Ref ref = field.get(Ref.class);
            for (Object one : value instanceof Collection<?> many ? many : value == null ? List.of() : List.of(value)) {
                if (one instanceof Record inner) {
                    collect(inner, found);
                } else if (ref != null && !ref.deferred()) {
                    for (String kind : ref.value()) {
                        ResourceId pointedTo = outputs().get(new OutputValue(kind, ref.output(), one.toString()));
                        if (pointedTo != null) {
                            found.add(pointedTo);
                        }
                    }
                }
            }
        }
    }

    /** Each output by its name, and the default output also by the empty name. */
    private Map<OutputValue, ResourceId> outputs() {
        Map<OutputValue, ResourceId> known = outputs;
        if (known == null) {
            Map<OutputValue, ResourceId> all = new HashMap<>();
            managed.forEach((id, resource) -> {
                if (presences.apply(id) instanceof Presence.Present present) {
                    present.known().outputs().forEach((output, value) -> {
                        all.put(new OutputValue(id.kind(), output, String.valueOf(value)), id);
                        if (output.equals(resource.kind().info().defaultOutput())) {
                            all.put(new OutputValue(id.kind(), "", String.valueOf(value)), id);
                        }
                    });
                }
            });
            known = all;
            outputs = all;
        }
        return known;
    }
}
