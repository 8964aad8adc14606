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

/**
 * Compiles a stack's patched documents into drafts: one for each resource, and one for each part of a composite. For a
 * single use.
 */
final class DraftCompiler {
    private final KindCatalog catalog;
    private final Composites composites;
    private final Substitution substitution;
    private final List<Problem> problems;
    private final Map<ResourceId, ResourceDraft> drafts = new TreeMap<>();
    private @Nullable CompositeExpander expander;

    DraftCompiler(KindCatalog catalog, Composites composites, Substitution substitution, List<Problem> problems) {
        this.catalog = catalog;
        this.composites = composites;
        this.substitution = substitution;
        this.problems = problems;
    }

    /**
     * @param nameless documents without a usable kind or name
     * @param unreadable tells whether a file that could not be read may declare the resource
     */
    Map<ResourceId, ResourceDraft> read(
            Map<ResourceId, LocatedJson.Obj> documents,
            List<LocatedJson.Obj> nameless,
            Expansion.StackContext stack,
            Predicate<ResourceId> unreadable) {
        DraftReader reader = new DraftReader(catalog, composites, substitution, problems);
        Map<ResourceId, LocatedJson.Obj> resources = new TreeMap<>();
        Map<ResourceId, LocatedJson.Obj> composed = new TreeMap<>();
        documents.forEach((id, document) -> {
            boolean composite = catalog.find(id.kind()) == null && composites.find(id.kind()) != null;
            (composite ? composed : resources).put(id, reader.prepared(document));
        });
        CompositeExpander all = new CompositeExpander(composites, stack, composed, unreadable, problems);
        expander = all;
        resources.values().forEach(d -> add(reader.draft(all.resolved(d))));
        nameless.forEach(reader::read);
        all.all().forEach(e -> e.parts().forEach((id, document) -> part(e, id, document, documents.get(id))));
        return drafts;
    }

    /** The composites that could be expanded, with secrets hidden. */
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

    /** The overrides contain fields of the parts' kinds, so the types of those kinds tell which fields are secret. */
    private ObjectNode shown(CompositeExpander.ExpandedComposite of) {
        Composite<?> composite = Objects.requireNonNull(composites.find(of.id().kind()));
        ObjectNode spec = (ObjectNode) of.spec().toJson();
        ObjectNode shown =
                (ObjectNode) JsonType.hidden(spec, JsonType.of(composite.info().spec()));
        if (spec.get("overrides") instanceof ObjectNode overrides) {
            ObjectNode hidden = shown.putObject("overrides");
            overrides.properties().forEach(e -> {
                Kind<?> kind = catalog.find(e.getKey().split("/", 2)[0]);
                hidden.set(
                        e.getKey(),
                        JsonType.hidden(
                                e.getValue(),
                                kind == null ? null : JsonType.of(kind.info().spec())));
            });
        }
        return shown;
    }

    /** Whether the resource may be a part of a composite that could not be expanded. */
    boolean mayBePart(ResourceId id) {
        return expander != null && expander.mayBePart(id);
    }

    private void add(@Nullable ResourceDraft draft) {
        if (draft != null) {
            drafts.put(draft.id(), draft);
        }
    }

    private void part(
            CompositeExpander.ExpandedComposite composite,
            ResourceId id,
            LocatedJson.Obj document,
            LocatedJson.@Nullable Obj apart) {
        ResourceDraft other = drafts.get(id);
        if (apart != null) {
            SourceLocation location = DraftReader.location(apart);
            problems.add(location.problem(
                    id + " is declared twice",
                    "the other one is a part of " + composite.id() + " at "
                            + composite.location().file() + ":"
                            + composite.location().line()
                            + "; exclude it there with without, or change it with overrides"));
            return;
        }
        if (other != null) {
            problems.add(composite
                    .location()
                    .problem(
                            id + " is declared twice",
                            "it is a part of " + composite.id() + " and of " + other.owner() + " at "
                                    + other.location().file() + ":"
                                    + other.location().line()));
            return;
        }
        List<Problem> found = new ArrayList<>();
        ResourceDraft draft = new DraftReader(catalog, composites, substitution, found).draft(document);
        found.forEach(p -> problems.add(p.in(id, composite.id())));
        add(draft == null ? null : draft.ownedBy(composite.id()));
    }
}
