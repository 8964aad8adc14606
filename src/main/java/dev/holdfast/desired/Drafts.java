package dev.holdfast.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.composites.Composite;
import dev.holdfast.composites.Composites;
import dev.holdfast.composites.Expansion;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.DesiredComposite;
import dev.holdfast.model.ResourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes drafts of a stack's patched documents: of resources one each, of composites one of each part. Used once. */
final class Drafts {
    private final KindCatalog catalog;
    private final Composites composites;
    private final Substitution substitution;
    private final List<Problem> problems;
    private final Map<ResourceId, Draft> drafts = new TreeMap<>();
    private @Nullable Expander expander;

    Drafts(KindCatalog catalog, Composites composites, Substitution substitution, List<Problem> problems) {
        this.catalog = catalog;
        this.composites = composites;
        this.substitution = substitution;
        this.problems = problems;
    }

    /**
     * @param nameless documents that do not say what they are
     * @param unreadable resources that may be declared in a file that could not be read
     */
    Map<ResourceId, Draft> read(
            Map<ResourceId, Located.Obj> documents,
            List<Located.Obj> nameless,
            Expansion.Stack stack,
            Predicate<ResourceId> unreadable) {
        DraftReader reader = new DraftReader(catalog, composites, substitution, problems);
        Map<ResourceId, Located.Obj> resources = new TreeMap<>();
        Map<ResourceId, Located.Obj> composed = new TreeMap<>();
        documents.forEach((id, document) -> {
            boolean composite = catalog.find(id.kind()) == null && composites.find(id.kind()) != null;
            (composite ? composed : resources).put(id, reader.prepared(document));
        });
        Expander all = new Expander(composites, stack, composed, unreadable, problems);
        expander = all;
        resources.values().forEach(d -> add(reader.draft(all.resolved(d))));
        nameless.forEach(reader::read);
        all.all().forEach(e -> e.parts().forEach((id, document) -> part(e, id, document, documents.get(id))));
        return drafts;
    }

    /** The composites that could be expanded, fit to be shown. */
    Map<ResourceId, DesiredComposite> composed() {
        Map<ResourceId, DesiredComposite> all = new TreeMap<>();
        if (expander != null) {
            expander.all().forEach(e -> {
                Map<String, JsonNode> outputs = new TreeMap<>();
                e.outputs().forEach((name, value) -> outputs.put(name, value.toJson()));
                all.put(e.id(), new DesiredComposite(shown(e), outputs));
            });
        }
        return all;
    }

    /** Overrides hold fields of the parts' kinds. */
    private ObjectNode shown(Expander.Expanded of) {
        Composite<?> composite = Objects.requireNonNull(composites.find(of.id().kind()));
        ObjectNode spec = (ObjectNode) of.spec().toJson();
        ObjectNode shown =
                (ObjectNode) Shape.hidden(spec, Shape.of(composite.info().spec()));
        if (spec.get("overrides") instanceof ObjectNode overrides) {
            ObjectNode hidden = shown.putObject("overrides");
            overrides.properties().forEach(e -> {
                Kind<?> kind = catalog.find(e.getKey().split("/", 2)[0]);
                hidden.set(
                        e.getKey(),
                        Shape.hidden(
                                e.getValue(),
                                kind == null ? null : Shape.of(kind.info().spec())));
            });
        }
        return shown;
    }

    /** Whether this may be a part of a composite that could not be expanded. */
    boolean mayBePart(ResourceId id) {
        return expander != null && expander.mayBePart(id);
    }

    private void add(@Nullable Draft draft) {
        if (draft != null) {
            drafts.put(draft.id(), draft);
        }
    }

    private void part(Expander.Expanded composite, ResourceId id, Located.Obj document, Located.@Nullable Obj apart) {
        Draft other = drafts.get(id);
        if (apart != null) {
            Place place = DraftReader.place(apart);
            problems.add(place.problem(
                    id + " is declared twice",
                    "the other one is a part of " + composite.id() + " at "
                            + composite.place().file() + ":" + composite.place().line()
                            + "; leave it out there with without, or change it with overrides"));
            return;
        }
        if (other != null) {
            problems.add(composite
                    .place()
                    .problem(
                            id + " is declared twice",
                            "it is a part of " + composite.id() + " and of " + other.owner() + " at "
                                    + other.place().file() + ":" + other.place().line()));
            return;
        }
        List<Problem> found = new ArrayList<>();
        Draft draft = new DraftReader(catalog, composites, substitution, found).draft(document);
        found.forEach(p -> problems.add(p.in(id, composite.id())));
        add(draft == null ? null : draft.ownedBy(composite.id()));
    }
}
