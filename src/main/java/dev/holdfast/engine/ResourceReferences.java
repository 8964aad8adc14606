package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.desired.Reference;
import dev.holdfast.desired.References;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.Specs;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Presence;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which resources of a stack refer to which, and which of them still have to take up an output. Pure. */
final class ResourceReferences {
    private final KindCatalog catalog;
    private final Function<ResourceId, Map<String, Object>> outputs;
    private final Map<KindEdge, Set<ResourceId>> attachers = new HashMap<>();

    /** The resources of one kind that refer to a resource. */
    private record KindEdge(String kind, ResourceId pointedTo) {}

    /**
     * The references of one resource.
     *
     * @param references by component, without the deferred ones
     * @param deferred those that order nothing
     * @param attachers by component, the resources that attach what the component refers to, and have to do so first
     */
    record Edges(
            Map<String, Set<ResourceId>> references,
            Set<ResourceId> deferred,
            Map<String, Set<ResourceId>> attachers) {}

    /** @param outputs of a resource as last known */
    ResourceReferences(
            KindCatalog catalog,
            Collection<ManagedResource<?>> managed,
            Function<ResourceId, Map<String, Object>> outputs) {
        this.catalog = catalog;
        this.outputs = outputs;
        for (ManagedResource<?> resource : managed) {
            if (resource.desired() != null) {
                for (Reference reference : References.in(resource.desired().spec())) {
                    attachers
                            .computeIfAbsent(
                                    new KindEdge(resource.id().kind(), reference.resource()), e -> new TreeSet<>())
                            .add(resource.id());
                }
            }
        }
    }

    /** The resources of that kind that refer to a resource. */
    Set<ResourceId> attachers(String kind, ResourceId pointedTo) {
        return attachers.getOrDefault(new KindEdge(kind, pointedTo), Set.of());
    }

    Edges of(ManagedResource<?> target) {
        Map<String, Set<ResourceId>> references = new TreeMap<>();
        Set<ResourceId> deferred = new TreeSet<>();
        Map<String, Set<ResourceId>> attaching = new TreeMap<>();
        if (target.desired() != null) {
            for (Field field : SpecModel.of(target.kind().info().spec()).fields()) {
                JsonNode value = target.desired().spec().get(field.name());
                Set<ResourceId> strict = new TreeSet<>();
                Set<ResourceId> after = new TreeSet<>();
                if (value != null) {
                    strict(field, value, strict, after);
                    strict.remove(target.id());
                    after.remove(target.id());
                }
                if (!strict.isEmpty()) {
                    references.put(field.name(), strict);
                }
                if (!after.isEmpty()) {
                    attaching.put(field.name(), after);
                }
            }
            References.in(target.desired().spec()).forEach(r -> deferred.add(r.resource()));
            references.values().forEach(deferred::removeAll);
            deferred.remove(target.id());
        }
        return new Edges(references, deferred, attaching);
    }

    /** References that order; a deferred field's do not. */
    private void strict(Field field, JsonNode value, Set<ResourceId> found, Set<ResourceId> after) {
        Ref ref = field.get(Ref.class);
        if (ref != null && ref.deferred()) {
            return;
        }
        Class<?> inner = field.isCollection() || field.isMap() ? field.element() : field.raw();
        if (inner.isRecord() && value.isContainerNode()) {
            for (JsonNode element : value.isArray() ? value : List.of(value)) {
                for (Field part : SpecModel.of(inner).fields()) {
                    JsonNode deeper = element.get(part.name());
                    if (deeper != null) {
                        strict(part, deeper, found, after);
                    }
                }
            }
            return;
        }
        Set<ResourceId> here = new TreeSet<>();
        References.in(value).forEach(r -> here.add(r.resource()));
        found.addAll(here);
        if (ref != null) {
            for (String attacher : ref.attachedBy()) {
                here.forEach(pointedTo -> after.addAll(attachers(attacher, pointedTo)));
            }
        }
    }

    /**
     * The resources whose outputs a component of the desired spec uses and the observed one does not, by component. References
     * that order nothing do not count: they may go round in a circle.
     */
    Map<String, Set<ResourceId>> newUses(ManagedResource<?> target, Presence presence, Edges edges) {
        Map<String, Set<ResourceId>> uses = new TreeMap<>();
        if (target.desired() == null || !(presence instanceof Presence.Present present)) {
            return uses;
        }
        for (Field field : SpecModel.of(target.kind().info().spec()).fields()) {
            JsonNode value = target.desired().spec().get(field.name());
            Set<ResourceId> ordering = edges.references().getOrDefault(field.name(), Set.of());
            if (value != null && !ordering.isEmpty()) {
                String seen =
                        String.valueOf(Specs.json(field.read(present.known().spec())));
                References.in(value).stream()
                        .filter(r -> ordering.contains(r.resource()))
                        .filter(r -> !isUsed(ResourceBinder.output(catalog, outputs, r), seen))
                        .forEach(r -> uses.computeIfAbsent(field.name(), f -> new TreeSet<>())
                                .add(r.resource()));
            }
        }
        return uses;
    }

    private static boolean isUsed(@Nullable JsonNode output, String seen) {
        if (output == null) {
            return false;
        }
        for (JsonNode value : output.isArray() ? output : List.of(output)) {
            if (!seen.contains(value.asText())) {
                return false;
            }
        }
        return true;
    }
}
