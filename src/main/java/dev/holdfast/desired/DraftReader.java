package dev.holdfast.desired;

import dev.holdfast.composites.Composites;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.ResourceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes a draft of a document: params put in, envelope and spec held against their shapes. */
final class DraftReader {
    private static final Shape ENVELOPE = Shape.of(Documents.Resource.class);
    private static final Shape ANY = new Shape.Any();

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

    /** @return {@code Kind/name}, or null if the document does not say or says it with a param */
    static @Nullable ResourceId idOf(Located.Obj document) {
        String kind = document.text("kind");
        Located.Obj metadata = document.object("metadata");
        String name = metadata == null ? null : metadata.text("name");
        return kind == null || name == null || name.isEmpty() ? null : new ResourceId(kind, name);
    }

    /** @return null if it has no kind or name that could be used; then there are problems that say so */
    @Nullable
    Draft read(Located.Obj raw) {
        return draft(prepared(raw));
    }

    /** The document with params put in and what is null left out. */
    Located.Obj prepared(Located.Obj raw) {
        return substituted((Located.Obj) raw.withoutNulls());
    }

    /**
     * @param document prepared
     * @return null if it has no kind or name that could be used; then there are problems that say so
     */
    @Nullable
    Draft draft(Located.Obj document) {
        ShapeCheck.check(withEmptySpec(document), ENVELOPE, problems);
        String kindName = document.text("kind");
        Kind<?> kind = kindName == null ? null : catalog.find(kindName);
        if (kindName != null && kind == null) {
            problems.add(Objects.requireNonNull(document.get("kind"))
                    .place()
                    .problem(
                            "there is no kind \"" + kindName + "\"",
                            Nearest.hint(
                                    kindName, composites.namesWith(catalog.all().keySet()))));
        }
        ResourceId id = idOf(document);
        if (kind == null || id == null) {
            return null;
        }
        Located spec = document.get("spec");
        Shape shape = Shape.of(kind.info().spec());
        int before = problems.size();
        List<ShapeCheck.Use> uses = spec == null ? List.of() : ShapeCheck.check(spec, shape, problems);
        if (problems.size() == before && spec instanceof Located.Obj fields) {
            KindCheck.check(kind, fields, problems);
        }
        lifecycle(document, shape);
        return new Draft(id, kind, place(document), document, uses, dependsOn(document), null);
    }

    /** The envelope's check sees an empty spec: the kind's shape says what is wrong in it, once. */
    static Located.Obj withEmptySpec(Located.Obj document) {
        Located spec = document.get("spec");
        return spec == null ? document : document.with("spec", new Located.Obj(spec.place(), new LinkedHashMap<>()));
    }

    /** Where a document says its name, or where it begins. */
    static Place place(Located.Obj document) {
        Located.Obj metadata = document.object("metadata");
        Located name = metadata == null ? null : metadata.get("name");
        return name == null ? document.place() : name.place();
    }

    private Located.Obj substituted(Located.Obj document) {
        Located.Obj result = document;
        for (Map.Entry<String, Located.Member> e : document.members().entrySet()) {
            boolean spec = e.getKey().equals("spec");
            result = result.with(
                    e.getKey(),
                    substitution.in(
                            e.getValue().value(),
                            spec ? Substitution.Holes.PARAMS_AND_REFERENCES : Substitution.Holes.PARAMS));
        }
        if (!Objects.equals(idOf(document), idOf(result))) {
            problems.add(place(document).problem("a resource's kind and name hold no params", "write the name out"));
        }
        // A param may be null, and null is absent.
        return (Located.Obj) result.without("$schema").withoutNulls();
    }

    private List<Draft.Dependency> dependsOn(Located.Obj document) {
        List<Draft.Dependency> dependencies = new ArrayList<>();
        if (document.get("metadata") instanceof Located.Obj metadata
                && metadata.get("dependsOn") instanceof Located.Arr list) {
            for (Located element : list.elements()) {
                String text = element.text();
                if (text != null && text.matches(Form.RESOURCE_ID)) {
                    dependencies.add(new Draft.Dependency(ResourceId.parse(text), element.place()));
                } else if (text != null) {
                    problems.add(element.place()
                            .problem(
                                    "expected Kind/name, found " + ShapeCheck.quoted(text), "as in SecurityGroup/alb"));
                }
            }
        }
        return dependencies;
    }

    private void lifecycle(Located.Obj document, Shape spec) {
        if (document.get("lifecycle") instanceof Located.Obj lifecycle
                && lifecycle.get("ignore") instanceof Located.Arr pointers) {
            for (Located element : pointers.elements()) {
                String pointer = element.text();
                if (pointer != null) {
                    pointer(pointer, element.place(), spec);
                }
            }
        }
    }

    private void pointer(String pointer, Place place, Shape spec) {
        if (!pointer.matches(Form.POINTER)) {
            problems.add(place.problem(
                    "expected a JSON pointer into spec, found " + ShapeCheck.quoted(pointer), "as in /desiredCount"));
            return;
        }
        Shape shape = spec;
        boolean first = true;
        for (String token : List.of(pointer.substring(1).split("/", -1))) {
            String name = token.replace("~1", "/").replace("~0", "~");
            switch (shape) {
                case Shape.Fields fields -> {
                    Shape.Field field = fields.fields().get(name);
                    if (field == null) {
                        String hint = first && name.equals("spec")
                                ? "leave /spec away: the pointer begins inside it"
                                : Nearest.hint(name, fields.fields().keySet());
                        problems.add(place.problem(
                                "the pointer " + ShapeCheck.quoted(pointer) + " names no field: there is no \"" + name
                                        + "\"",
                                hint));
                        return;
                    }
                    shape = field.shape();
                }
                case Shape.Many many -> shape = many.element();
                case Shape.Table table -> shape = table.value();
                case Shape.Any any -> shape = ANY;
                case Shape.Choice c -> {
                    beneathScalar(pointer, place);
                    return;
                }
                case Shape.Scalar s -> {
                    beneathScalar(pointer, place);
                    return;
                }
            }
            first = false;
        }
    }

    private void beneathScalar(String pointer, Place place) {
        problems.add(place.problem(
                "the pointer " + ShapeCheck.quoted(pointer) + " leads into a field that has nothing inside",
                "point to the field itself"));
    }
}
