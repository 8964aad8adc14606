package dev.holdfast.desired;

import dev.holdfast.model.ResourceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Merges a stack's patches into the documents that they name. */
final class PatchMerger {
    private final DocumentFiles sources;
    private final List<Problem> problems;
    private final List<UnmatchedPatch> unmatched = new ArrayList<>();

    private record UnmatchedPatch(ResourceId id, SourceLocation location) {}

    PatchMerger(DocumentFiles sources, List<Problem> problems) {
        this.sources = sources;
        this.problems = problems;
    }

    /**
     * @param files the files with patches, merged in this order
     * @param documents the documents by id; they are changed in place
     * @param unreadable tells whether a file that could not be read may declare the resource
     */
    void apply(Set<String> files, Map<ResourceId, LocatedJson.Obj> documents, Predicate<ResourceId> unreadable) {
        for (String file : files) {
            problems.addAll(sources.get(file).problems());
            for (LocatedJson element : sources.get(file).documents()) {
                apply(element, documents, unreadable);
            }
        }
    }

    /** Leaves out the fields of a patch that only identify the document, so that they keep the document's location. */
    private static LocatedJson.Obj withoutId(LocatedJson.Obj patch) {
        LocatedJson.Obj rest = patch.without("kind").without("apiVersion");
        LocatedJson.Obj metadata = patch.object("metadata");
        return metadata == null ? rest : rest.with("metadata", metadata.without("name"));
    }

    private void apply(
            LocatedJson element, Map<ResourceId, LocatedJson.Obj> documents, Predicate<ResourceId> unreadable) {
        ResourceId id = element instanceof LocatedJson.Obj o && !DocumentFiles.isStack(o) ? DraftReader.idOf(o) : null;
        if (!(element instanceof LocatedJson.Obj patch) || id == null) {
            problems.add(element.location()
                    .problem(
                            "expected a patch: part of a resource's document, with its kind and metadata.name",
                            "as in { \"kind\": \"Vpc\", \"metadata\": { \"name\": \"main\" }, \"spec\": { … } }"));
            return;
        }
        LocatedJson.Obj base = documents.get(id);
        if (base != null) {
            documents.put(id, (LocatedJson.Obj) base.merge(withoutId(patch)));
        } else if (!unreadable.test(id)) {
            unmatched.add(new UnmatchedPatch(id, DraftReader.location(patch)));
        }
    }

    /**
     * Reports each patch without a document and explains why. Must be called after composites are expanded.
     *
     * @param declared the ids of all documents
     * @param drafts the resources of the stack
     */
    void explain(Collection<ResourceId> declared, Map<ResourceId, ResourceDraft> drafts) {
        for (UnmatchedPatch one : unmatched) {
            ResourceDraft part = drafts.get(one.id());
            String hint = part == null || part.owner() == null
                    ? NameSuggestion.hint(
                            one.id().toString(),
                            declared.stream().map(ResourceId::toString).toList())
                    : "patch " + part.owner() + ", which contains it, with \"spec\": { \"overrides\": { \"" + one.id()
                            + "\": { … } } }, whose members are merged over the part's spec";
            problems.add(one.location()
                    .problem(
                            part == null
                                    ? "the patch matches nothing: there is no " + one.id() + " in this stack"
                                    : "the patch matches no document: " + one.id() + " is part of a composite",
                            hint));
        }
    }
}
