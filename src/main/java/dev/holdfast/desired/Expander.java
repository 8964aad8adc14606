package dev.holdfast.desired;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.composites.Composite;
import dev.holdfast.composites.Composites;
import dev.holdfast.composites.Expansion;
import dev.holdfast.kind.Specs;
import dev.holdfast.model.ResourceId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Expands the composites of a stack, each once, when its parts or its outputs are first asked for; what is wrong in a part
 * has the place of the composite's field that decided it.
 */
final class Expander {
    private static final Shape ENVELOPE = Shape.of(Documents.Resource.class);
    /** A composite's lifecycle holds for each part; these belong to one resource. */
    private static final List<String> OF_ONE_RESOURCE = List.of("id", "ignore");

    /**
     * A composite, expanded.
     *
     * @param parts documents, in the order of their ids
     * @param spec as it was expanded
     * @param outputs text in them is text of the language of documents
     */
    record Expanded(
            ResourceId id,
            Place place,
            Located.Obj spec,
            Map<ResourceId, Located.Obj> parts,
            Map<String, Located> outputs) {}

    private final Composites composites;
    private final Expansion.Stack stack;
    private final Map<ResourceId, Located.Obj> documents;
    private final Predicate<ResourceId> unreadable;
    private final List<Problem> problems;
    private final Map<ResourceId, Expanded> expanded = new TreeMap<>();
    private final Set<ResourceId> broken = new TreeSet<>();
    private final Set<ResourceId> underWay = new LinkedHashSet<>();

    /**
     * @param documents of composites, params put in
     * @param unreadable resources that may be declared in a file that could not be read
     */
    Expander(
            Composites composites,
            Expansion.Stack stack,
            Map<ResourceId, Located.Obj> documents,
            Predicate<ResourceId> unreadable,
            List<Problem> problems) {
        this.composites = composites;
        this.stack = stack;
        this.documents = documents;
        this.unreadable = unreadable;
        this.problems = problems;
    }

    /** Those that could be expanded. */
    Collection<Expanded> all() {
        documents.keySet().forEach(this::expanded);
        return expanded.values();
    }

    /** Whether this may be a part of a composite that could not be expanded. */
    boolean mayBePart(ResourceId id) {
        return broken.stream()
                .anyMatch(b -> id.name().equals(b.name()) || id.name().startsWith(b.name() + "-"));
    }

    /** The document with what composites stand for put into its spec and its dependsOn. */
    Located.Obj resolved(Located.Obj document) {
        Located.Obj result = document;
        Located spec = document.get("spec");
        if (spec != null) {
            result = result.with("spec", outputs().in(spec, Substitution.Holes.PARAMS_AND_REFERENCES));
        }
        if (document.get("metadata") instanceof Located.Obj metadata
                && metadata.get("dependsOn") instanceof Located.Arr after) {
            result = result.with("metadata", metadata.with("dependsOn", resolved(after)));
        }
        return result;
    }

    private Substitution outputs() {
        return Substitution.ofOutputs(this::output, problems);
    }

    private Located.Arr resolved(Located.Arr dependsOn) {
        Map<String, Located> elements = new LinkedHashMap<>();
        for (Located element : dependsOn.elements()) {
            String text = element.text();
            ResourceId id = text == null || !text.matches(Form.RESOURCE_ID) ? null : ResourceId.parse(text);
            Set<ResourceId> meant = new LinkedHashSet<>();
            if (id != null && documents.containsKey(id)) {
                Expanded composite = expanded(id);
                meant.addAll(composite == null ? Set.of() : composite.parts().keySet());
            } else if (text != null && Interpolation.isWhole(text)) {
                Located resources = outputs().in(element, Substitution.Holes.PARAMS_AND_REFERENCES);
                References.in(resources.toJson()).forEach(r -> meant.add(r.resource()));
            } else {
                elements.put(element.toJson().toString(), element);
            }
            meant.forEach(m ->
                    elements.put(m.toString(), new Located.Value(element.place(), TextNode.valueOf(m.toString()))));
        }
        return new Located.Arr(dependsOn.place(), List.copyOf(elements.values()));
    }

    /** @return null if it is not an output of a composite, or cannot be told; then there are problems that say why */
    private @Nullable Located output(Reference reference, Place place) {
        ResourceId id = reference.resource();
        Composite<?> composite = composites.find(id.kind());
        if (composite == null) {
            return null;
        }
        if (!documents.containsKey(id)) {
            if (!unreadable.test(id)) {
                problems.add(place.problem(
                        "there is no " + id + " in this stack",
                        Nearest.hint(
                                id.toString(),
                                documents.keySet().stream()
                                        .map(ResourceId::toString)
                                        .toList())));
            }
            return null;
        }
        if (underWay.contains(id)) {
            problems.add(place.problem(
                    "a circle: "
                            + String.join(
                                    " → ",
                                    underWay.stream().map(ResourceId::toString).toList()) + " → " + id,
                    "refer to a part of " + id + " instead of its output"));
            return null;
        }
        Expanded found = expanded(id);
        return found == null ? null : output(found, composite, reference, place);
    }

    private @Nullable Located output(Expanded found, Composite<?> composite, Reference reference, Place place) {
        Set<String> known = composite.info().outputs().keySet();
        String name = reference.output() == null ? composite.info().defaultOutput() : reference.output();
        Located value = found.outputs().get(name);
        if (value == null) {
            problems.add(place.problem(
                    known.contains(name)
                            ? "${" + reference.text() + "}: " + found.id() + " has no part that \"" + name
                                    + "\" stands for"
                            : "${" + reference.text() + "}: " + found.id().kind() + " has no output \"" + name + "\"",
                    "its outputs are " + String.join(", ", found.outputs().keySet())));
        }
        return value;
    }

    private @Nullable Expanded expanded(ResourceId id) {
        Expanded known = expanded.get(id);
        Located.Obj document = documents.get(id);
        Composite<?> composite = composites.find(id.kind());
        if (known != null || broken.contains(id) || document == null || composite == null) {
            return known;
        }
        underWay.add(id);
        Expanded fresh = expand(id, composite, document);
        underWay.remove(id);
        if (fresh == null) {
            broken.add(id);
        } else {
            expanded.put(id, fresh);
        }
        return fresh;
    }

    private <S extends Record> @Nullable Expanded expand(ResourceId id, Composite<S> composite, Located.Obj document) {
        int before = problems.size();
        Located.Obj resolved = resolved(document);
        ShapeCheck.check(DraftReader.withEmptySpec(resolved), ENVELOPE, problems);
        lifecycle(resolved);
        Located.Obj spec = spec(resolved, Shape.of(composite.info().spec()));
        S read = spec == null ? null : read(composite.info().spec(), spec);
        if (spec == null || read == null) {
            return null;
        }
        Expansion expansion = new Expansion(id.name(), stack, (ObjectNode) spec.toJson());
        composite.expand(read, expansion);
        Places places = new Places(DraftReader.place(resolved), spec);
        expansion.mistakes().forEach(m -> problems.add(places.of(m.pointer()).problem(m.message(), m.hint())));
        Map<ResourceId, Located.Obj> parts = new TreeMap<>();
        expansion.parts().forEach(part -> parts.put(part.id(), places.document(part, resolved)));
        Map<ResourceId, Located.Obj> left = new Overrides(id, spec, problems).apply(parts);
        left.replaceAll((part, d) -> resolved(d));
        Map<String, Located> outputs = new LinkedHashMap<>();
        expansion.outputs().forEach((name, value) -> outputs.put(name, output(places.value(value, ""))));
        return problems.size() > before ? null : new Expanded(id, DraftReader.place(resolved), spec, left, outputs);
    }

    private Located output(Located value) {
        return outputs().in(value, Substitution.Holes.PARAMS_AND_REFERENCES);
    }

    /** @return what is to be expanded, or null if it does not fit; then there are problems that say why */
    private Located.@Nullable Obj spec(Located.Obj document, Shape.Fields shape) {
        int before = problems.size();
        Located written = document.get("spec");
        Located value = written instanceof Located.Obj o ? switched(withDefaults(o), shape) : written;
        if (value != null) {
            ShapeCheck.checkEarly(value, shape, problems);
        }
        return problems.size() > before || !(value instanceof Located.Obj spec) ? null : spec;
    }

    /** A number that no int holds has the right shape, and still does not fit. */
    private <S extends Record> @Nullable S read(Class<S> type, Located.Obj spec) {
        try {
            return Specs.read(type, spec.toJson());
        } catch (IllegalArgumentException e) {
            problems.add(spec.place().problem("the spec " + e.getMessage(), "look at its numbers"));
            return null;
        }
    }

    /** What the spec does not say is taken from its defaults; null in the spec says that it is absent all the same. */
    private static Located.Obj withDefaults(Located.Obj spec) {
        return spec.get("defaults") instanceof Located.Obj defaults
                ? (Located.Obj) defaults.merge(spec.without("defaults").withNulls())
                : spec;
    }

    /** {@code false} is short for {@code { "enabled": false }} where a part can be switched. */
    private static Located.Obj switched(Located.Obj spec, Shape.Fields shape) {
        Located.Obj result = spec;
        for (Shape.Field field : shape.fields().values()) {
            Located value = spec.get(field.name());
            if (field.switchable()
                    && value instanceof Located.Value v
                    && v.json().isBoolean()) {
                result = result.with(field.name(), Located.nothing(v.place()).with("enabled", v));
            }
        }
        return result;
    }

    private void lifecycle(Located.Obj document) {
        if (document.get("lifecycle") instanceof Located.Obj lifecycle) {
            for (String field : OF_ONE_RESOURCE) {
                Located value = lifecycle.get(field);
                if (value != null) {
                    problems.add(value.place()
                            .problem(
                                    "\"" + field + "\" is of one resource, and this is a composite",
                                    "declare that resource apart, and leave it out of the composite with without"));
                }
            }
        }
    }
}
