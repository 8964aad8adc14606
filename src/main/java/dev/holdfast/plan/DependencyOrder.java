package dev.holdfast.plan;

import dev.holdfast.kind.RollsOut;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.WithdrawnLast;
import dev.holdfast.model.ResourceId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The order of resources by their desired references and by the references that were applied last. Pure. */
final class DependencyOrder {
    private final Map<ResourceId, ResourceAssessment> assessments;
    /** For each resource, those that refer to it by references that order them; null: not needed yet. */
    private @Nullable Map<ResourceId, Set<ResourceId>> ordered;
    /** For each resource, those that refer to it; null: not needed yet. */
    private @Nullable Map<ResourceId, Set<ResourceId>> dependents;

    DependencyOrder(Map<ResourceId, ResourceAssessment> assessments) {
        this.assessments = assessments;
    }

    /**
     * The referrers on which the resource does not depend in turn. Within a cycle, AWS decides which can be deleted
     * first.
     */
    Set<ResourceId> outsideOfCircles(ResourceAssessment assessment, Set<ResourceId> referrers) {
        Set<ResourceId> needed = new HashSet<>();
        List<ResourceId> open = new ArrayList<>(List.of(assessment.id()));
        while (!open.isEmpty()) {
            ResourceAssessment next = assessments.get(open.removeLast());
            if (next != null) {
                edges(next).stream().filter(needed::add).forEach(open::add);
            }
        }
        Set<ResourceId> after = new TreeSet<>(referrers);
        after.removeAll(needed);
        return after;
    }

    /**
     * The resources that may use the access which a resource grants: those that depend on the resource, or on a
     * resource that it names, directly or through others. Resources that depend on a service use the service only.
     */
    Set<ResourceId> users(ResourceAssessment assessment) {
        if (Withdrawals.move(assessment.info().spec())) {
            return takers(assessment);
        }
        Map<ResourceId, Set<ResourceId>> referrers = ordered == null ? dependents(true) : ordered;
        ordered = referrers;
        List<ResourceId> open = new ArrayList<>(List.of(assessment.id()));
        open.addAll(assessment.deferred());
        Set<ResourceId> former = new TreeSet<>(assessment.history().dependsOn());
        former.removeAll(assessment.dependencies());
        open.addAll(former);
        Set<ResourceId> users = new TreeSet<>();
        while (!open.isEmpty()) {
            for (ResourceId user : referrers.getOrDefault(open.removeLast(), Set.of())) {
                ResourceAssessment one = assessments.get(user);
                if (users.add(user) && one != null && !rollsOut(one)) {
                    open.add(user);
                }
            }
        }
        // A service that waits for an unread task definition shows no difference yet.
        for (ResourceId user : List.copyOf(users)) {
            ResourceAssessment one = assessments.get(user);
            if (one != null && rollsOut(one)) {
                users.addAll(one.dependencies());
            }
        }
        users.remove(assessment.id());
        return outsideOfCircles(assessment, users);
    }

    /**
     * The other resources of the kind that desire an element which this one gives up, or may desire one because an
     * exception hides their elements; see {@link WithdrawnLast#moves}.
     */
    private Set<ResourceId> takers(ResourceAssessment assessment) {
        Set<String> had = new HashSet<>(
                assessment.presence() instanceof Presence.Present there
                        ? Withdrawals.movable(there.known().spec())
                        : Set.of());
        if (assessment.spec() != null) {
            had.removeAll(Withdrawals.movable(assessment.spec()));
        }
        Set<ResourceId> takers = new TreeSet<>();
        for (ResourceAssessment other : had.isEmpty() ? List.<ResourceAssessment>of() : assessments.values()) {
            Record wanted = other.spec();
            if (other.isDesired()
                    && !other.id().equals(assessment.id())
                    && other.id().kind().equals(assessment.id().kind())
                    && (wanted == null || !Collections.disjoint(Withdrawals.movable(wanted), had))) {
                takers.add(other.id());
            }
        }
        return takers;
    }

    /**
     * The resources that a deletion waits for: the referrers, and the users of former objects of a referrer. A service,
     * for example, runs tasks of a former task definition, which names a former role. The deletion of the resource
     * itself also waits for the resources that take over its elements.
     */
    Set<ResourceId> lastUsers(ResourceAssessment assessment) {
        Set<ResourceId> last = withUsersOfFormerObjects(dependents().getOrDefault(assessment.id(), Set.of()));
        if (!assessment.isDesired()) {
            last.addAll(takers(assessment));
        }
        return last;
    }

    private Set<ResourceId> withUsersOfFormerObjects(Set<ResourceId> referrers) {
        Set<ResourceId> all = new TreeSet<>(referrers);
        List<ResourceId> open = new ArrayList<>(referrers);
        while (!open.isEmpty()) {
            ResourceAssessment referrer = assessments.get(open.removeLast());
            if (referrer != null && mayHaveFormerObjects(referrer)) {
                dependents().getOrDefault(referrer.id(), Set.of()).stream()
                        .filter(all::add)
                        .forEach(open::add);
            }
        }
        return all;
    }

    /**
     * By resource, the former dependencies that no object uses any more: the resource and the users of its former
     * objects are settled with the present dependencies.
     */
    Map<ResourceId, Set<ResourceId>> unused(Map<ResourceId, DependencyState> states) {
        Map<ResourceId, Set<ResourceId>> unused = new HashMap<>();
        for (ResourceAssessment assessment : assessments.values()) {
            Set<ResourceId> former = new TreeSet<>(assessment.history().dependsOn());
            former.removeAll(assessment.dependencies());
            former.removeAll(assessment.deferred());
            if (assessment.isDesired()
                    && !former.isEmpty()
                    && withUsersOfFormerObjects(Set.of(assessment.id())).stream()
                            .map(states::get)
                            .allMatch(state -> state == DependencyState.Settled || state == DependencyState.Gone)) {
                unused.put(assessment.id(), Set.copyOf(former));
            }
        }
        return unused;
    }

    private static boolean mayHaveFormerObjects(ResourceAssessment assessment) {
        return assessment.info().versioned() || !assessment.history().deposed().isEmpty();
    }

    private static boolean rollsOut(ResourceAssessment assessment) {
        return SpecModel.of(assessment.info().spec()).with(RollsOut.class).isPresent();
    }

    /** For each resource, the resources that refer to it by their desired or their last applied references. */
    Map<ResourceId, Set<ResourceId>> dependents() {
        Map<ResourceId, Set<ResourceId>> known = dependents == null ? dependents(false) : dependents;
        dependents = known;
        return known;
    }

    /** @param ordering whether only the references count that order the resources, and not the deferred ones */
    private Map<ResourceId, Set<ResourceId>> dependents(boolean ordering) {
        Map<ResourceId, Set<ResourceId>> dependents = new HashMap<>();
        for (ResourceAssessment assessment : assessments.values()) {
            Set<ResourceId> edges = edges(assessment);
            if (ordering) {
                edges.removeAll(assessment.deferred());
            }
            for (ResourceId needed : edges) {
                dependents.computeIfAbsent(needed, k -> new TreeSet<>()).add(assessment.id());
            }
        }
        return dependents;
    }

    private static Set<ResourceId> edges(ResourceAssessment assessment) {
        Set<ResourceId> edges = assessment.dependencies();
        edges.addAll(assessment.history().dependsOn());
        edges.remove(assessment.id());
        return edges;
    }

    /** The resources with dependencies first, otherwise by id, so that the same input gives the same order. */
    List<ResourceAssessment> dependenciesFirst() {
        Set<ResourceId> done = new LinkedHashSet<>();
        for (ResourceId id : new TreeSet<>(assessments.keySet())) {
            visit(id, done);
        }
        List<ResourceAssessment> ordered = new ArrayList<>();
        for (ResourceId id : done) {
            ResourceAssessment assessment = assessments.get(id);
            if (assessment != null) {
                ordered.add(assessment);
            }
        }
        return ordered;
    }

    /** Visits without recursion, because a chain of dependencies may contain all resources of the stack. */
    private void visit(ResourceId start, Set<ResourceId> done) {
        Map<ResourceId, Iterator<ResourceId>> underWay = new HashMap<>();
        List<ResourceId> path = new ArrayList<>();
        enter(start, path, underWay, done);
        while (!path.isEmpty()) {
            ResourceId at = path.getLast();
            Iterator<ResourceId> needed = Objects.requireNonNull(underWay.get(at));
            if (needed.hasNext()) {
                enter(needed.next(), path, underWay, done);
            } else {
                path.removeLast();
                done.add(at);
            }
        }
    }

    private void enter(
            ResourceId id,
            List<ResourceId> path,
            Map<ResourceId, Iterator<ResourceId>> underWay,
            Set<ResourceId> done) {
        ResourceAssessment assessment = assessments.get(id);
        if (assessment != null && !done.contains(id) && !underWay.containsKey(id)) {
            path.add(id);
            underWay.put(id, (assessment.isDesired() ? assessment.dependencies() : edges(assessment)).iterator());
        }
    }
}
