package dev.holdfast.desired;

import dev.holdfast.composites.Composites;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.JsonPointers;
import dev.holdfast.model.ResourceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns a document into a draft: substitutes params and checks the envelope and the spec against their types. */
final class DraftReader {
    private static final JsonType ENVELOPE = JsonType.of(Documents.ResourceDocument.class);
    private static final JsonType ANY = new JsonType.AnyType();

    private final KindCatalog catalog;
    private final Composites composites;
    private final Substitution substitution;
    private final List<Problem> problems;

    DraftReader(KindCatalog catalog, Composites composites, Substitution substitution, List<Problem> problems) {
        this.catalog = catalog;
        this.composites = composites;
        this.substitution = substitution;
        this.problems = problems;
    }

    /** @return {@code Kind/name}, or null if the document lacks one of them or uses a param in them */
    static @Nullable ResourceId idOf(LocatedJson.Obj document) {
        String kind = document.text("kind");
        String name = document.metadataText("name");
        return kind == null || name == null || name.isEmpty() ? null : new ResourceId(kind, name);
    }

    /** @return null if the document has no usable kind or name, which was added as a problem */
    @Nullable
    ResourceDraft read(LocatedJson.Obj raw) {
        return draft(prepared(raw));
    }

    /** The document with params substituted and nulls removed. */
    LocatedJson.Obj prepared(LocatedJson.Obj raw) {
        return substituted((LocatedJson.Obj) raw.withoutNulls());
    }

    /**
     * @param document a prepared document
     * @return null if the document has no usable kind or name, which was added as a problem
     */
    @Nullable
    ResourceDraft draft(LocatedJson.Obj document) {
        JsonTypeCheck.check(withEmptySpec(document), ENVELOPE, problems);
        String kindName = document.text("kind");
        Kind<?> kind = kindName == null ? null : catalog.find(kindName);
        if (kindName != null && kind == null) {
            problems.add(Objects.requireNonNull(document.get("kind"))
                    .location()
                    .problem(
                            "there is no kind \"" + kindName + "\"",
                            NameSuggestion.hint(
                                    kindName, composites.namesWith(catalog.all().keySet()))));
        }
        ResourceId id = idOf(document);
        if (kind == null || id == null) {
            return null;
        }
        LocatedJson spec = document.get("spec");
        JsonType type = JsonType.of(kind.info().spec());
        int before = problems.size();
        List<JsonTypeCheck.ReferenceUse> uses = spec == null ? List.of() : JsonTypeCheck.check(spec, type, problems);
        if (problems.size() == before && spec instanceof LocatedJson.Obj fields) {
            ContainedCheck.run(fields.location(), problems, () -> KindCheck.check(kind, fields, problems));
        }
        lifecycle(document, type);
        return new ResourceDraft(id, kind, location(document), document, uses, dependsOn(document), null);
    }

    /**
     * The check of the envelope sees an empty spec, so that only the check against the kind's type reports problems in
     * the spec.
     */
    static LocatedJson.Obj withEmptySpec(LocatedJson.Obj document) {
        LocatedJson spec = document.get("spec");
        return spec == null
                ? document
                : document.with("spec", new LocatedJson.Obj(spec.location(), new LinkedHashMap<>()));
    }

    /** The location of the document's name, or of its beginning if it has none. */
    static SourceLocation location(LocatedJson.Obj document) {
        LocatedJson name = document.metadata("name");
        return name == null ? document.location() : name.location();
    }

    private LocatedJson.Obj substituted(LocatedJson.Obj document) {
        LocatedJson.Obj result = document;
        for (Map.Entry<String, LocatedJson.Member> e : document.members().entrySet()) {
            boolean spec = e.getKey().equals("spec");
            result = result.with(
                    e.getKey(),
                    substitution.in(
                            e.getValue().value(),
                            spec
                                    ? Substitution.AllowedPlaceholders.PARAMS_AND_REFERENCES
                                    : Substitution.AllowedPlaceholders.PARAMS));
        }
        if (!Objects.equals(idOf(document), idOf(result))) {
            problems.add(location(document)
                    .problem("the kind and the name of a resource cannot contain params", "write the name out"));
        }
        InputBudget.checkNesting(result);
        // A param may be null, and null means absent.
        return (LocatedJson.Obj) result.without("$schema").withoutNulls();
    }

    private List<ResourceDraft.DependsOnEntry> dependsOn(LocatedJson.Obj document) {
        List<ResourceDraft.DependsOnEntry> dependencies = new ArrayList<>();
        if (document.get("metadata") instanceof LocatedJson.Obj metadata
                && metadata.get("dependsOn") instanceof LocatedJson.Arr list) {
            for (LocatedJson element : list.elements()) {
                String text = element.text();
                if (text != null && TextFormat.RESOURCE_ID.matches(text)) {
                    dependencies.add(new ResourceDraft.DependsOnEntry(ResourceId.parse(text), element.location()));
                } else if (text != null) {
                    problems.add(element.location()
                            .problem(
                                    "expected Kind/name, found " + JsonTypeCheck.quoted(text),
                                    "as in SecurityGroup/alb"));
                }
            }
        }
        return dependencies;
    }

    private void lifecycle(LocatedJson.Obj document, JsonType spec) {
        if (document.get("lifecycle") instanceof LocatedJson.Obj lifecycle
                && lifecycle.get("ignore") instanceof LocatedJson.Arr pointers) {
            for (LocatedJson element : pointers.elements()) {
                String pointer = element.text();
                if (pointer != null) {
                    pointer(pointer, element.location(), spec);
                }
            }
        }
    }

    private void pointer(String pointer, SourceLocation location, JsonType spec) {
        if (pointer.length() > InputCaps.NAME || !TextFormat.POINTER.matches(pointer)) {
            problems.add(location.problem(
                    "expected a JSON pointer into spec, found " + JsonTypeCheck.quoted(pointer),
                    "as in /desiredCount"));
            return;
        }
        JsonType type = spec;
        boolean first = true;
        for (String name : JsonPointers.names(pointer)) {
            switch (type) {
                case JsonType.RecordType fields -> {
                    JsonType.FieldType field = fields.fields().get(name);
                    if (field == null) {
                        String hint = first && name.equals("spec")
                                ? "remove /spec: the pointer begins inside spec"
                                : NameSuggestion.hint(name, fields.fields().keySet());
                        problems.add(location.problem(
                                "the pointer " + JsonTypeCheck.quoted(pointer) + " names no field: there is no \""
                                        + name + "\"",
                                hint));
                        return;
                    }
                    type = field.type();
                }
                case JsonType.ListType many -> type = many.element();
                case JsonType.MapType table -> type = table.value();
                case JsonType.AnyType any -> type = ANY;
                case JsonType.ChoiceType c -> {
                    beneathScalar(pointer, location);
                    return;
                }
                case JsonType.ScalarType s -> {
                    beneathScalar(pointer, location);
                    return;
                }
            }
            first = false;
        }
    }

    private void beneathScalar(String pointer, SourceLocation location) {
        problems.add(location.problem(
                "the pointer " + JsonTypeCheck.quoted(pointer) + " leads into a field that has no members",
                "point to the field itself"));
    }
}
