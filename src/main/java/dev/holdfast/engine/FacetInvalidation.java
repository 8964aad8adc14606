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

/** Decides which slow facets no longer hold once somebody, or we, may have changed a resource. Used by one thread. */
final class FacetInvalidation {
    private final SlowFacets facets;
    /** Resources of which only parts are to be read: those that a step wrote, or that an answer lacked. */
    private final Set<ResourceId> partsDue = new HashSet<>();
    /** Resources that somebody else may have changed while a step is writing to them. */
    private final Set<ResourceId> changedMeanwhile = new HashSet<>();

    FacetInvalidation(SlowFacets facets) {
        this.facets = facets;
    }

    /** Somebody may have changed these, to which a step is writing: the read after it spares nothing. */
    void changedMeanwhile(Set<ResourceId> ids) {
        changedMeanwhile.addAll(ids);
    }

    /**
     * A step has ended.
     *
     * @param components that it has written: what else was read of the resource holds until a second look; empty: nothing does
     */
    void wrote(ManagedResource<?> resource, String physicalId, Optional<Set<String>> components) {
        if (changedMeanwhile.remove(resource.id()) || components.isEmpty()) {
            facets.invalidate(physicalId);
        } else {
            facets.invalidate(physicalId, of(resource.kind().info(), components.get()));
            partsDue.add(resource.id());
        }
    }

    /** Somebody may have changed these components; empty: it may be any. */
    void changed(ManagedResource<?> resource, Optional<Set<String>> components) {
        ResourceRecord record = resource.record();
        if (record != null && record.physicalId() != null) {
            facets.invalidate(
                    record.physicalId(),
                    components.map(some -> of(resource.kind().info(), some)).orElse(facet -> true));
        }
    }

    /** An answer lacks these components: what else was read of the resource holds until a second look. */
    void lacked(ResourceAssessment one, Set<String> components) {
        facets.distrust(one.history().physicalId(), of(one.info(), components));
        partsDue.add(one.id());
    }

    /** A look begins: nothing that was read earlier counts, but for what the last step did not write, or no answer lacked. */
    void look(ManagedResource<?> resource) {
        if (!partsDue.remove(resource.id())) {
            changed(resource, Optional.empty());
        }
    }

    /** A full pass begins: nothing that was read earlier counts of what is not there yet, or not known to be complete. */
    void pass(ManagedResource<?> resource, boolean present) {
        partsDue.remove(resource.id());
        ResourceRecord record = resource.record();
        if (!present || record == null || !record.completed()) {
            changed(resource, Optional.empty());
        }
    }

    /** By the facets' names: where no component has a facet's name, the change may concern it. */
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
