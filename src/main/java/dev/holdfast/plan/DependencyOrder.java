package dev.holdfast.plan;

import dev.holdfast.model.ResourceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Who comes before whom: by what is desired to refer to what, and by what was applied. Pure. */
final class DependencyOrder {
    private final Map<ResourceId, ResourceAssessment> subjects;

    DependencyOrder(Map<ResourceId, ResourceAssessment> subjects) {
        this.subjects = subjects;
    }

    /** Those that refer to it and are not referred to by it in their turn: in a circle, AWS says which may go first. */
    Set<ResourceId> outsideOfCircles(ResourceAssessment subject, Set<ResourceId> referrers) {
        Set<ResourceId> needed = new HashSet<>();
        List<ResourceId> open = new ArrayList<>(List.of(subject.id()));
        while (!open.isEmpty()) {
            ResourceAssessment next = subjects.get(open.removeLast());
            if (next != null) {
                edges(next).stream().filter(needed::add).forEach(open::add);
            }
        }
        Set<ResourceId> after = new TreeSet<>(referrers);
        after.removeAll(needed);
        return after;
    }

    /** Who refers to whom, by what is desired and by what was applied, turned around. */
    Map<ResourceId, Set<ResourceId>> dependents() {
        Map<ResourceId, Set<ResourceId>> dependents = new HashMap<>();
        for (ResourceAssessment subject : subjects.values()) {
            for (ResourceId needed : edges(subject)) {
                dependents.computeIfAbsent(needed, k -> new TreeSet<>()).add(subject.id());
            }
        }
        return dependents;
    }

    private static Set<ResourceId> edges(ResourceAssessment subject) {
        Set<ResourceId> edges = new TreeSet<>(subject.dependencies());
        edges.addAll(subject.memory().dependsOn());
        edges.remove(subject.id());
        return edges;
    }

    /** Dependencies first; what has none by id, so that the same input gives the same order. */
    List<ResourceAssessment> dependenciesFirst() {
        Set<ResourceId> done = new LinkedHashSet<>();
        for (ResourceId id : new TreeSet<>(subjects.keySet())) {
            visit(id, done, new HashSet<>());
        }
        List<ResourceAssessment> ordered = new ArrayList<>();
        for (ResourceId id : done) {
            ResourceAssessment subject = subjects.get(id);
            if (subject != null) {
                ordered.add(subject);
            }
        }
        return ordered;
    }

    private void visit(ResourceId id, Set<ResourceId> done, Set<ResourceId> underWay) {
        ResourceAssessment subject = subjects.get(id);
        if (subject == null || done.contains(id) || !underWay.add(id)) {
            return;
        }
        for (ResourceId needed : subject.isDesired() ? subject.dependencies() : edges(subject)) {
            visit(needed, done, underWay);
        }
        done.add(id);
    }
}
