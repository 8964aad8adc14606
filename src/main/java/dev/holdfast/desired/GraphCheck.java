package dev.holdfast.desired;

import dev.holdfast.composites.Composites;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.Ref;
import dev.holdfast.model.ResourceId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Checks the relations between drafts: references that lead nowhere or to the wrong resource, and cycles. */
final class GraphCheck {
    private final KindCatalog catalog;
    private final Composites composites;
    private final Map<ResourceId, ResourceDraft> drafts;
    private final Predicate<ResourceId> unreadable;
    private final List<Problem> problems;

    /** @param unreadable tells whether a file that could not be read may declare the resource */
    GraphCheck(
            KindCatalog catalog,
            Composites composites,
            Map<ResourceId, ResourceDraft> drafts,
            Predicate<ResourceId> unreadable,
            List<Problem> problems) {
        this.catalog = catalog;
        this.composites = composites;
        this.drafts = new TreeMap<>(drafts);
        this.unreadable = unreadable;
        this.problems = problems;
    }

    /**
     * @param declared every id that a document declares, including documents with so many problems that they have no
     *     draft
     */
    void check(Set<ResourceId> declared) {
        for (ResourceDraft draft : drafts.values()) {
            int before = problems.size();
            draft.uses().forEach(use -> use(use, declared));
            draft.dependsOn().forEach(d -> exists(d.id(), d.location(), declared));
            ResourceId composite = draft.owner();
            if (composite != null) {
                problems.subList(before, problems.size()).replaceAll(p -> p.in(draft.id(), composite));
            }
        }
        cycles();
    }

    private void use(JsonTypeCheck.ReferenceUse use, Set<ResourceId> declared) {
        ResourceId id = use.reference().resource();
        Kind<?> kind = catalog.find(id.kind());
        if (isComposite(id)) {
            // The reference to the composite could not be replaced, and this problem was reported already.
            return;
        }
        if (!exists(id, use.location(), declared) || kind == null) {
            return;
        }
        Map<String, String> outputs = kind.info().outputs();
        String output = use.reference().output();
        if (output != null && !outputs.containsKey(output)) {
            problems.add(use.location()
                    .problem(
                            "${" + use.reference().text() + "}: " + id.kind() + " has no output \"" + output + "\"",
                            "its outputs are " + String.join(", ", outputs.keySet())));
            return;
        }
        Ref ref = use.ref();
        if (ref != null && use.whole()) {
            target(use, ref, id, output == null ? kind.info().defaultOutput() : output);
        }
    }

    private void target(JsonTypeCheck.ReferenceUse use, Ref ref, ResourceId id, String output) {
        List<String> kinds = List.of(ref.value());
        if (!kinds.isEmpty() && !kinds.contains(id.kind())) {
            problems.add(use.location()
                    .problem(
                            "expected a reference to " + String.join(" or ", kinds) + ", found ${"
                                    + use.reference().text() + "}",
                            candidates(kinds)));
        } else if (!ref.output().isEmpty() && !ref.output().equals(output)) {
            problems.add(use.location()
                    .problem(
                            "expected the output \"" + ref.output() + "\", found ${"
                                    + use.reference().text() + "}, which is its \"" + output + "\"",
                            "write ${" + id + "." + ref.output() + "}"));
        }
    }

    private boolean isComposite(ResourceId id) {
        return catalog.find(id.kind()) == null && composites.find(id.kind()) != null;
    }

    private String candidates(List<String> kinds) {
        List<String> there = drafts.keySet().stream()
                .filter(d -> kinds.contains(d.kind()))
                .map(d -> "${" + d + "}")
                .limit(8)
                .toList();
        return there.isEmpty() ? "the stack has none yet" : "as in " + String.join(", ", there);
    }

    private boolean exists(ResourceId id, SourceLocation location, Set<ResourceId> declared) {
        if (declared.contains(id)) {
            return true;
        }
        if (catalog.find(id.kind()) == null && !isComposite(id)) {
            problems.add(location.problem(
                    id + ": there is no kind \"" + id.kind() + "\"",
                    NameSuggestion.hint(
                            id.kind(), composites.namesWith(catalog.all().keySet()))));
        } else if (!unreadable.test(id)) {
            List<String> names = declared.stream()
                    .filter(d -> d.kind().equals(id.kind()))
                    .map(ResourceId::toString)
                    .toList();
            problems.add(location.problem(
                    "there is no " + id + " in this stack",
                    names.isEmpty() ? "the stack has no " + id.kind() : NameSuggestion.hint(id.toString(), names)));
        }
        return false;
    }

    /** For each resource, the resources that come before it, each with the location of the dependency. */
    private Map<ResourceId, Map<ResourceId, SourceLocation>> edges() {
        Map<ResourceId, Set<ResourceId>> referrers = referrers();
        Map<ResourceId, Map<ResourceId, SourceLocation>> edges = new TreeMap<>();
        for (ResourceDraft draft : drafts.values()) {
            Map<ResourceId, SourceLocation> before = new LinkedHashMap<>();
            for (JsonTypeCheck.ReferenceUse use : draft.uses()) {
                if (!use.deferred()) {
                    before.putIfAbsent(use.reference().resource(), use.location());
                    attachedBy(use, referrers).forEach(id -> before.putIfAbsent(id, use.location()));
                }
            }
            draft.dependsOn().forEach(d -> before.putIfAbsent(d.id(), d.location()));
            edges.put(draft.id(), before);
        }
        return edges;
    }

    /** The resources of the attaching kinds that refer to the same resource. */
    private static List<ResourceId> attachedBy(
            JsonTypeCheck.ReferenceUse use, Map<ResourceId, Set<ResourceId>> referrers) {
        Ref ref = use.ref();
        if (ref == null || ref.attachedBy().length == 0) {
            return List.of();
        }
        List<String> kinds = List.of(ref.attachedBy());
        return referrers.getOrDefault(use.reference().resource(), Set.of()).stream()
                .filter(id -> kinds.contains(id.kind()))
                .toList();
    }

    private Map<ResourceId, Set<ResourceId>> referrers() {
        Map<ResourceId, Set<ResourceId>> referrers = new HashMap<>();
        for (ResourceDraft draft : drafts.values()) {
            draft.uses()
                    .forEach(u -> referrers
                            .computeIfAbsent(u.reference().resource(), k -> new TreeSet<>())
                            .add(draft.id()));
        }
        return referrers;
    }

    private void cycles() {
        Map<ResourceId, Map<ResourceId, SourceLocation>> edges = edges();
        Set<ResourceId> done = new HashSet<>();
        for (ResourceId start : edges.keySet()) {
            visit(start, edges, done);
        }
    }

    /** Visits without recursion, because a chain may be as long as the stack has resources. */
    private void visit(ResourceId start, Map<ResourceId, Map<ResourceId, SourceLocation>> edges, Set<ResourceId> done) {
        Map<ResourceId, Iterator<Map.Entry<ResourceId, SourceLocation>>> path = new LinkedHashMap<>();
        Deque<ResourceId> last = new ArrayDeque<>();
        ResourceId next = done.contains(start) ? null : start;
        while (next != null || !last.isEmpty()) {
            if (next != null) {
                path.put(next, edges.getOrDefault(next, Map.of()).entrySet().iterator());
                last.push(next);
            }
            ResourceId at = last.element();
            Iterator<Map.Entry<ResourceId, SourceLocation>> open = Objects.requireNonNull(path.get(at));
            next = null;
            while (next == null && open.hasNext()) {
                Map.Entry<ResourceId, SourceLocation> edge = open.next();
                if (path.containsKey(edge.getKey())) {
                    cycle(List.copyOf(path.keySet()), edge.getKey(), edge.getValue());
                } else if (!done.contains(edge.getKey())) {
                    next = edge.getKey();
                }
            }
            if (next == null) {
                path.remove(at);
                last.pop();
                done.add(at);
            }
        }
    }

    private void cycle(List<ResourceId> path, ResourceId again, SourceLocation location) {
        List<String> cycle = new ArrayList<>();
        path.subList(path.indexOf(again), path.size()).forEach(r -> cycle.add(r.toString()));
        cycle.add(again.toString());
        problems.add(location.problem(
                "a cycle: " + String.join(" → ", cycle),
                "no resource can be created first: remove one of these references or dependsOn entries"));
    }
}
