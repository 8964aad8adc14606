package dev.holdfast.desired;

import dev.holdfast.model.ResourceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Merges a stack's patches into the documents that they name. */
final class Patches {
    private final Sources sources;
    private final List<Problem> problems;
    private final List<Unmatched> unmatched = new ArrayList<>();

    private record Unmatched(ResourceId id, Place place) {}

    Patches(Sources sources, List<Problem> problems) {
        this.sources = sources;
        this.problems = problems;
    }

    /**
     * @param files merged in this order
     * @param documents changed in place
     * @param unreadable resources that may be declared in a file that could not be read
     */
    void apply(Set<String> files, Map<ResourceId, Located.Obj> documents, Predicate<ResourceId> unreadable) {
        for (String file : files) {
            problems.addAll(sources.get(file).problems());
            for (Located element : sources.get(file).documents()) {
                apply(element, documents, unreadable);
            }
        }
    }

    /** What a patch only says to find its document keeps the document's place. */
    private static Located.Obj withoutId(Located.Obj patch) {
        Located.Obj rest = patch.without("kind").without("apiVersion");
        Located.Obj metadata = patch.object("metadata");
        return metadata == null ? rest : rest.with("metadata", metadata.without("name"));
    }

    private void apply(Located element, Map<ResourceId, Located.Obj> documents, Predicate<ResourceId> unreadable) {
        ResourceId id = element instanceof Located.Obj o && !Sources.isStack(o) ? DraftReader.idOf(o) : null;
        if (!(element instanceof Located.Obj patch) || id == null) {
            problems.add(element.place()
                    .problem(
                            "expected a patch: part of a resource's document, with its kind and metadata.name",
                            "as in { \"kind\": \"Vpc\", \"metadata\": { \"name\": \"main\" }, \"spec\": { … } }"));
            return;
        }
        Located.Obj base = documents.get(id);
        if (base != null) {
            documents.put(id, (Located.Obj) base.merge(withoutId(patch)));
        } else if (!unreadable.test(id)) {
            unmatched.add(new Unmatched(id, DraftReader.place(patch)));
        }
    }

    /**
     * Says of each patch without a document why that is; to be asked when composites are expanded.
     *
     * @param declared the documents that there are
     * @param drafts the resources that they come to
     */
    void explain(Collection<ResourceId> declared, Map<ResourceId, Draft> drafts) {
        for (Unmatched one : unmatched) {
            Draft part = drafts.get(one.id());
            String hint = part == null || part.owner() == null
                    ? Nearest.hint(
                            one.id().toString(),
                            declared.stream().map(ResourceId::toString).toList())
                    : part.owner() + " makes it: patch that one, with \"spec\": { \"overrides\": { \"" + one.id()
                            + "\": { … } } }, whose members are merged over the part's spec";
            problems.add(one.place()
                    .problem(
                            part == null
                                    ? "the patch matches nothing: there is no " + one.id() + " in this stack"
                                    : "the patch matches no document: " + one.id() + " is part of a composite",
                            hint));
        }
    }
}
