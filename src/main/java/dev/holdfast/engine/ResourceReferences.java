package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.desired.Reference;
import dev.holdfast.desired.References;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.Specs;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.plan.Presence;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The references between the resources of a revision, and the outputs that a resource does not use yet. Every document
 * is read once, however often a stack is assessed. Used by one thread.
 */
final class ResourceReferences {
    private static final Edges NO_EDGES = new Edges(Map.of(), Set.of(), Map.of());

    private final KindCatalog catalog;
    private final Map<KindEdge, Set<ResourceId>> attachers = new HashMap<>();
    private final Map<ResourceId, DocumentReferences> documents = new HashMap<>();

    /** The last observed components of each resource that may use outputs, as texts. */
    private final Map<ResourceId, ObservedTexts> observedTexts = new HashMap<>();

    /** @param of the observed spec; while it is the same object, its texts remain valid */
    private record ObservedTexts(Record of, Map<String, String> byComponent) {}

    /** The resources of one kind that refer to a resource. */
    private record KindEdge(String kind, ResourceId pointedTo) {}

    /** @param byComponent the references in each component of the spec that contains any */
    private record DocumentReferences(Edges edges, Map<String, Set<Reference>> byComponent) {}

    /**
     * The references of one resource.
     *
     * @param references by component, without the deferred ones
     * @param deferred the references that impose no order
     * @param attachers by component, the resources that attach the referenced resources and have to do so first
     */
    record Edges(
            Map<String, Set<ResourceId>> references,
            Set<ResourceId> deferred,
            Map<String, Set<ResourceId>> attachers) {}

    ResourceReferences(KindCatalog catalog, Revision revision) {
        this.catalog = catalog;
        for (DesiredResource resource : revision.resources().values()) {
            for (Reference reference : References.in(resource.spec())) {
                attachers
                        .computeIfAbsent(new KindEdge(resource.id().kind(), reference.resource()), e -> new TreeSet<>())
                        .add(resource.id());
            }
        }
    }

    /** The resources of a kind that refer to a resource. */
    Set<ResourceId> attachers(String kind, ResourceId pointedTo) {
        return attachers.getOrDefault(new KindEdge(kind, pointedTo), Set.of());
    }

    /** The references of a resource; none if it is no longer desired. */
    Edges of(ManagedResource<?> target) {
        DesiredResource desired = target.desired();
        return desired == null ? NO_EDGES : document(target.kind(), desired).edges();
    }

    private DocumentReferences document(Kind<?> kind, DesiredResource desired) {
        return documents.computeIfAbsent(
                desired.id(), id -> read(SpecModel.of(kind.info().spec()), desired));
    }

    private DocumentReferences read(SpecModel model, DesiredResource desired) {
        Map<String, Set<ResourceId>> references = new TreeMap<>();
        Map<String, Set<ResourceId>> attaching = new TreeMap<>();
        Map<String, Set<Reference>> byComponent = new HashMap<>();
        for (Field field : model.fields()) {
            JsonNode value = desired.spec().get(field.name());
            if (value == null) {
                continue;
            }
            Set<ResourceId> strict = new TreeSet<>();
            Set<ResourceId> after = new TreeSet<>();
            strict(field, value, strict, after);
            strict.remove(desired.id());
            after.remove(desired.id());
            if (!strict.isEmpty()) {
                references.put(field.name(), strict);
            }
            if (!after.isEmpty()) {
                attaching.put(field.name(), after);
            }
            Set<Reference> all = References.in(value);
            if (!all.isEmpty()) {
                byComponent.put(field.name(), all);
            }
        }
        Set<ResourceId> deferred = new TreeSet<>();
        References.in(desired.spec()).forEach(r -> deferred.add(r.resource()));
        references.values().forEach(deferred::removeAll);
        deferred.remove(desired.id());
        return new DocumentReferences(new Edges(references, deferred, attaching), byComponent);
    }

    /** Collects the references that impose an order; those of a deferred field do not. */
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
     * By component, the resources whose outputs the desired spec uses and the observed spec does not. References that
     * impose no order are left out, because they may form a cycle.
     *
     * @param outputs returns the last known outputs of a resource
     */
    Map<String, Set<ResourceId>> newUses(
            ManagedResource<?> target, Presence presence, Function<ResourceId, Map<String, Object>> outputs) {
        Map<String, Set<ResourceId>> uses = new TreeMap<>();
        DesiredResource desired = target.desired();
        if (desired == null || !(presence instanceof Presence.Present present)) {
            return uses;
        }
        DocumentReferences document = document(target.kind(), desired);
        SpecModel model = SpecModel.of(target.kind().info().spec());
        document.edges().references().forEach((component, ordering) -> {
            String seen = observedText(
                    target.id(),
                    model.field(component).orElseThrow(),
                    present.known().spec());
            document.byComponent().getOrDefault(component, Set.of()).stream()
                    .filter(r -> ordering.contains(r.resource()))
                    .filter(r -> !isUsed(ResourceBinder.output(catalog, outputs, r), seen))
                    .forEach(r -> uses.computeIfAbsent(component, f -> new TreeSet<>())
                            .add(r.resource()));
        });
        return uses;
    }

    private String observedText(ResourceId id, Field field, Record observed) {
        ObservedTexts texts = observedTexts.get(id);
        if (texts == null || texts.of() != observed) {
            texts = new ObservedTexts(observed, new HashMap<>());
            observedTexts.put(id, texts);
        }
        return texts.byComponent().computeIfAbsent(field.name(), f -> String.valueOf(Specs.json(field.read(observed))));
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
