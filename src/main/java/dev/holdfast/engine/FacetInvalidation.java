package dev.holdfast.engine;

import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Slow;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.state.ResourceRecord;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Decides which slow facets have to be read again because a step or another principal may have changed a resource. Used
 * by one thread.
 */
final class FacetInvalidation {
    private final SlowFacets facets;
    /** Resources of which only some facets have to be read: those that a step wrote, or that an answer lacked. */
    private final Set<ResourceId> partsDue = new HashSet<>();
    /** Resources that another principal may have changed while a step was writing to them. */
    private final Set<ResourceId> changedMeanwhile = new HashSet<>();

    FacetInvalidation(SlowFacets facets) {
        this.facets = facets;
    }

    /**
     * Another principal may have changed these resources while a step is writing to them. The read after the step
     * includes all facets.
     */
    void changedMeanwhile(Set<ResourceId> ids) {
        changedMeanwhile.addAll(ids);
    }

    /**
     * A step has ended.
     *
     * @param components that the step has written; the other facets stay valid until the second read; empty: all facets
     *     are read again
     */
    void wrote(ManagedResource<?> resource, String physicalId, Optional<Set<String>> components) {
        if (changedMeanwhile.remove(resource.id()) || components.isEmpty()) {
            facets.invalidate(physicalId);
        } else {
            facets.invalidate(physicalId, of(resource.kind().info(), components.get()));
            partsDue.add(resource.id());
        }
    }

    /** Another principal may have changed these components; empty: any component. */
    void changed(ManagedResource<?> resource, Optional<Set<String>> components) {
        ResourceRecord record = resource.record();
        if (record != null && record.physicalId() != null) {
            facets.invalidate(
                    record.physicalId(),
                    components.map(some -> of(resource.kind().info(), some)).orElse(facet -> true));
        }
    }

    /** An answer lacks these components. The other facets of the resource stay valid until the second read. */
    void answerLacked(ResourceAssessment one, Set<String> components) {
        facets.distrust(one.history().physicalId(), of(one.info(), components));
        partsDue.add(one.id());
    }

    /**
     * A light read begins. It includes all facets, unless only those that a step wrote or that an answer lacked are
     * due.
     */
    void look(ManagedResource<?> resource) {
        if (!partsDue.remove(resource.id())) {
            changed(resource, Optional.empty());
        }
    }

    /**
     * A full pass begins. All facets of a resource are read again if it is not present yet, or not known to be
     * complete.
     */
    void pass(ManagedResource<?> resource, boolean present) {
        partsDue.remove(resource.id());
        ResourceRecord record = resource.record();
        if (!present || record == null || !record.completed()) {
            changed(resource, Optional.empty());
        }
    }

    /** Forgets the resources that are no longer managed. */
    void retain(Set<ResourceId> managed) {
        partsDue.retainAll(managed);
        changedMeanwhile.retainAll(managed);
    }

    /** Selects the facets by name. A facet that has the name of no component may be affected by any change. */
    private static Predicate<String> of(KindInfo<?> kind, Set<String> components) {
        Set<String> changed = new HashSet<>();
        Set<String> others = new HashSet<>();
        for (SpecModel.Field field : SpecModel.of(kind.spec()).fields()) {
            Slow slow = field.get(Slow.class);
            Set<String> names = components.contains(field.name()) ? changed : others;
            names.add(field.name());
            if (slow != null) {
                names.add(slow.value());
            }
        }
        return facet -> changed.contains(facet) || !others.contains(facet);
    }
}
