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
 * Expands the composites of a stack, each once, when its parts or outputs are first needed. A problem in a part has the
 * location of the composite's field that decided the value.
 */
final class CompositeExpander {
    private static final JsonType ENVELOPE = JsonType.of(Documents.ResourceDocument.class);
    /** A composite's lifecycle applies to each of its parts. These fields make sense for a single resource only. */
    private static final List<String> OF_ONE_RESOURCE = List.of("id", "ignore");

    /**
     * An expanded composite.
     *
     * @param parts the documents of the parts, in the order of their ids
     * @param spec the spec that was expanded
     * @param outputs the outputs as in a document
     * @param withheld the reasons why some outputs are missing
     */
    record ExpandedComposite(
            ResourceId id,
            SourceLocation location,
            LocatedJson.Obj spec,
            Map<ResourceId, LocatedJson.Obj> parts,
            Map<String, LocatedJson> outputs,
            Map<String, Expansion.Withheld> withheld) {}

    private final Composites composites;
    private final Expansion.StackContext stack;
    private final Map<ResourceId, LocatedJson.Obj> documents;
    private final Predicate<ResourceId> unreadable;
    private final List<Problem> problems;
    private final Map<ResourceId, ExpandedComposite> expanded = new TreeMap<>();
    private final Set<ResourceId> broken = new TreeSet<>();
    private final Set<ResourceId> underWay = new LinkedHashSet<>();

    /**
     * @param documents the documents of composites, with params substituted
     * @param unreadable tells whether a file that could not be read may declare the resource
     */
    CompositeExpander(
            Composites composites,
            Expansion.StackContext stack,
            Map<ResourceId, LocatedJson.Obj> documents,
            Predicate<ResourceId> unreadable,
            List<Problem> problems) {
        this.composites = composites;
        this.stack = stack;
        this.documents = documents;
        this.unreadable = unreadable;
        this.problems = problems;
    }

    /** The composites that could be expanded. */
    Collection<ExpandedComposite> all() {
        documents.keySet().forEach(this::expanded);
        return expanded.values();
    }

    /** Whether the resource may be a part of a composite that could not be expanded. */
    boolean mayBePart(ResourceId id) {
        return broken.stream()
                .anyMatch(b -> id.name().equals(b.name()) || id.name().startsWith(b.name() + "-"));
    }

    /** The document with all references to composites replaced in its spec and its dependsOn. */
    LocatedJson.Obj resolved(LocatedJson.Obj document) {
        LocatedJson.Obj result = document;
        LocatedJson spec = document.get("spec");
        if (spec != null) {
            result = result.with("spec", outputs().in(spec, Substitution.AllowedPlaceholders.PARAMS_AND_REFERENCES));
        }
        if (document.get("metadata") instanceof LocatedJson.Obj metadata
                && metadata.get("dependsOn") instanceof LocatedJson.Arr after) {
            result = result.with("metadata", metadata.with("dependsOn", resolved(after)));
        }
        return result;
    }

    private Substitution outputs() {
        return Substitution.ofOutputs(this::output, problems);
    }

    private LocatedJson.Arr resolved(LocatedJson.Arr dependsOn) {
        Map<String, LocatedJson> elements = new LinkedHashMap<>();
        for (LocatedJson element : dependsOn.elements()) {
            String text = element.text();
            ResourceId id = text == null || !TextFormat.RESOURCE_ID.matches(text) ? null : ResourceId.parse(text);
            Set<ResourceId> meant = new LinkedHashSet<>();
            if (id != null && documents.containsKey(id)) {
                ExpandedComposite composite = expanded(id);
                meant.addAll(composite == null ? Set.of() : composite.parts().keySet());
            } else if (text != null && Interpolation.isOnePlaceholder(text)) {
                LocatedJson resources = outputs().in(element, Substitution.AllowedPlaceholders.PARAMS_AND_REFERENCES);
                References.in(resources.toJson()).forEach(r -> meant.add(r.resource()));
            } else {
                elements.put(element.toJson().toString(), element);
            }
            meant.forEach(m -> elements.put(
                    m.toString(), new LocatedJson.Value(element.location(), TextNode.valueOf(m.toString()))));
        }
        return new LocatedJson.Arr(dependsOn.location(), List.copyOf(elements.values()));
    }

    /**
     * @return null if the reference is not to a composite, or cannot be resolved; a problem was added in the latter
     *     case
     */
    private @Nullable LocatedJson output(Reference reference, SourceLocation location) {
        ResourceId id = reference.resource();
        Composite<?> composite = composites.find(id.kind());
        if (composite == null) {
            return null;
        }
        if (!documents.containsKey(id)) {
            if (!unreadable.test(id)) {
                problems.add(location.problem(
                        "there is no " + id + " in this stack",
                        NameSuggestion.hint(
                                id.toString(),
                                documents.keySet().stream()
                                        .map(ResourceId::toString)
                                        .toList())));
            }
            return null;
        }
        if (underWay.contains(id)) {
            problems.add(location.problem(
                    "a cycle: "
                            + String.join(
                                    " → ",
                                    underWay.stream().map(ResourceId::toString).toList()) + " → " + id,
                    "refer to a part of " + id + " instead of its output"));
            return null;
        }
        ExpandedComposite found = expanded(id);
        return found == null ? null : output(found, composite, reference, location);
    }

    private @Nullable LocatedJson output(
            ExpandedComposite found, Composite<?> composite, Reference reference, SourceLocation location) {
        Set<String> known = composite.info().outputs().keySet();
        String name = reference.output() == null ? composite.info().defaultOutput() : reference.output();
        LocatedJson value = found.outputs().get(name);
        Expansion.Withheld withheld = found.withheld().get(name);
        if (value == null && withheld != null) {
            problems.add(location.problem(found.id() + " " + withheld.why(), withheld.hint()));
        } else if (value == null) {
            problems.add(location.problem(
                    known.contains(name)
                            ? "${" + reference.text() + "}: " + found.id() + " has no part that provides \"" + name
                                    + "\""
                            : "${" + reference.text() + "}: " + found.id().kind() + " has no output \"" + name + "\"",
                    "its outputs are " + String.join(", ", found.outputs().keySet())));
        }
        return value;
    }

    private @Nullable ExpandedComposite expanded(ResourceId id) {
        ExpandedComposite known = expanded.get(id);
        LocatedJson.Obj document = documents.get(id);
        Composite<?> composite = composites.find(id.kind());
        if (known != null || broken.contains(id) || document == null || composite == null) {
            return known;
        }
        underWay.add(id);
        ExpandedComposite fresh = expand(id, composite, document);
        underWay.remove(id);
        if (fresh == null) {
            broken.add(id);
        } else {
            expanded.put(id, fresh);
        }
        return fresh;
    }

    private <S extends Record> @Nullable ExpandedComposite expand(
            ResourceId id, Composite<S> composite, LocatedJson.Obj document) {
        int before = problems.size();
        LocatedJson.Obj resolved = resolved(document);
        JsonTypeCheck.check(DraftReader.withEmptySpec(resolved), ENVELOPE, problems);
        lifecycle(resolved);
        LocatedJson.Obj spec = spec(resolved, JsonType.of(composite.info().spec()));
        S read = spec == null ? null : read(composite.info().spec(), spec);
        if (spec == null || read == null) {
            return null;
        }
        Expansion expansion = new Expansion(id.name(), stack, (ObjectNode) spec.toJson());
        composite.expand(read, expansion);
        PartDocuments partDocuments = new PartDocuments(DraftReader.location(resolved), spec);
        expansion
                .mistakes()
                .forEach(m -> problems.add(partDocuments.of(m.pointer()).problem(m.message(), m.hint())));
        Map<ResourceId, LocatedJson.Obj> parts = new TreeMap<>();
        expansion.parts().forEach(part -> parts.put(part.id(), partDocuments.document(part, resolved)));
        Map<ResourceId, LocatedJson.Obj> left = new Overrides(id, spec, problems).apply(parts);
        left.replaceAll((part, d) -> resolved(d));
        left.values().forEach(this::references);
        Map<String, LocatedJson> outputs = new LinkedHashMap<>();
        expansion.outputs().forEach((name, value) -> outputs.put(name, output(partDocuments.value(value, ""))));
        return problems.size() > before
                ? null
                : new ExpandedComposite(id, DraftReader.location(resolved), spec, left, outputs, expansion.withheld());
    }

    /**
     * Reports placeholders in parts that are no references: a composite builds references from the names in its fields.
     */
    private void references(LocatedJson node) {
        switch (node) {
            case LocatedJson.Obj object -> object.members().values().forEach(member -> references(member.value()));
            case LocatedJson.Arr array -> array.elements().forEach(this::references);
            case LocatedJson.Value value -> {
                String text = value.text();
                for (Interpolation.Segment part :
                        text == null ? List.<Interpolation.Segment>of() : Interpolation.parse(text)) {
                    if (part instanceof Interpolation.Placeholder placeholder
                            && Reference.parse(placeholder.text()) == null) {
                        noReference(value.location(), placeholder.text());
                    }
                }
            }
        }
    }

    private void noReference(SourceLocation location, String text) {
        Problem problem = location.problem(
                "expected the name of a resource, found a reference: the part would contain \"${" + text + "}\"",
                "write the name alone, such as main for ${Network/main}");
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    private LocatedJson output(LocatedJson value) {
        return outputs().in(value, Substitution.AllowedPlaceholders.PARAMS_AND_REFERENCES);
    }

    /** @return the spec to expand, or null if it has problems, which were added */
    private LocatedJson.@Nullable Obj spec(LocatedJson.Obj document, JsonType.RecordType type) {
        int before = problems.size();
        LocatedJson written = document.get("spec");
        LocatedJson value = written instanceof LocatedJson.Obj o ? switched(withDefaults(o), type) : written;
        if (value != null) {
            JsonTypeCheck.checkEarly(value, type, problems);
        }
        return problems.size() > before || !(value instanceof LocatedJson.Obj spec) ? null : spec;
    }

    /** A number may have the right type and still be too large for an int. */
    private <S extends Record> @Nullable S read(Class<S> type, LocatedJson.Obj spec) {
        try {
            return Specs.read(type, spec.toJson());
        } catch (IllegalArgumentException e) {
            problems.add(spec.location().problem("the spec " + e.getMessage(), "check the numbers in it"));
            return null;
        }
    }

    /**
     * Fields that the spec lacks are taken from its defaults. A null in the spec keeps the field absent
     * nevertheless.
     */
    private static LocatedJson.Obj withDefaults(LocatedJson.Obj spec) {
        return spec.get("defaults") instanceof LocatedJson.Obj defaults
                ? (LocatedJson.Obj) defaults.merge(spec.without("defaults").withNulls())
                : spec;
    }

    /** {@code false} is short for {@code { "enabled": false }} in a part that can be switched off. */
    private static LocatedJson.Obj switched(LocatedJson.Obj spec, JsonType.RecordType type) {
        LocatedJson.Obj result = spec;
        for (JsonType.FieldType field : type.fields().values()) {
            LocatedJson value = spec.get(field.name());
            if (field.switchable()
                    && value instanceof LocatedJson.Value v
                    && v.json().isBoolean()) {
                result = result.with(
                        field.name(), LocatedJson.nothing(v.location()).with("enabled", v));
            }
        }
        return result;
    }

    private void lifecycle(LocatedJson.Obj document) {
        if (document.get("lifecycle") instanceof LocatedJson.Obj lifecycle) {
            for (String field : OF_ONE_RESOURCE) {
                LocatedJson value = lifecycle.get(field);
                if (value != null) {
                    problems.add(
                            value.location()
                                    .problem(
                                            "\"" + field + "\" applies to a single resource, and this is a composite",
                                            "declare that resource separately, and leave it out of the composite with without"));
                }
            }
        }
    }
}
