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
     * @param files merged in this order
     * @param documents changed in place
     * @param unreadable resources that may be declared in a file that could not be read
     */
    void apply(Set<String> files, Map<ResourceId, LocatedJson.Obj> documents, Predicate<ResourceId> unreadable) {
        for (String file : files) {
            problems.addAll(sources.get(file).problems());
            for (LocatedJson element : sources.get(file).documents()) {
                apply(element, documents, unreadable);
            }
        }
    }

    /** What a patch only says to find its document keeps the document's place. */
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
     * Says of each patch without a document why that is; to be asked when composites are expanded.
     *
     * @param declared the documents that there are
     * @param drafts the resources that they come to
     */
    void explain(Collection<ResourceId> declared, Map<ResourceId, ResourceDraft> drafts) {
        for (UnmatchedPatch one : unmatched) {
            ResourceDraft part = drafts.get(one.id());
            String hint = part == null || part.owner() == null
                    ? NameSuggestion.hint(
                            one.id().toString(),
                            declared.stream().map(ResourceId::toString).toList())
                    : part.owner() + " makes it: patch that one, with \"spec\": { \"overrides\": { \"" + one.id()
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
