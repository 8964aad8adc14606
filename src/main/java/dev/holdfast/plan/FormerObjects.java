package dev.holdfast.plan;

import dev.holdfast.kind.Marker;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.TagMap;
import dev.holdfast.model.Action;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.Plan;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds resources that are to be created while an object of the same kind, which is no longer desired, is in their way:
 * it has their name in AWS, or its deletion waits for their users. Such a document was probably renamed. Pure.
 */
public final class FormerObjects {
    private static final int MOST_COMPARED = 100;

    private final Map<ResourceId, ResourceAssessment> assessments;
    private final Map<ResourceId, Step> deletions = new TreeMap<>();
    /** The resources that are to be created, or that the creation left incomplete. */
    private final Set<ResourceId> changing = new HashSet<>();
    /** By name in AWS, the objects that are no longer desired. */
    private final Map<PhysicalKey, ResourceAssessment> names = new HashMap<>();

    /** @param region null: the kind is global, or the region is that of the stack */
    private record PhysicalKey(String kind, @Nullable String region, String name) {}

    public FormerObjects(Plan plan, Map<ResourceId, ResourceAssessment> assessments) {
        this.assessments = assessments;
        for (Step step : plan.steps()) {
            if (step.action() == Action.Delete && !step.extra()) {
                deletions.put(step.resource(), step);
            }
            ResourceAssessment one = assessments.get(step.resource());
            if (one != null
                    && one.isDesired()
                    && !step.extra()
                    && !one.history().completed()) {
                changing.add(step.resource());
            }
        }
        for (ResourceAssessment one : assessments.values()) {
            if (!one.isDesired() && one.presence() instanceof Presence.Present there && haveOwnNames(one)) {
                String name = there.known().identity().name();
                if (name != null) {
                    names.put(key(one, one.history().region(), name), one);
                }
            }
        }
    }

    /** Objects of a parent, and versions of one object, share their names. */
    private static boolean haveOwnNames(ResourceAssessment one) {
        return one.info().ownership() != OwnershipForm.PARENT && !one.info().versioned();
    }

    private static PhysicalKey key(ResourceAssessment one, @Nullable String region, String name) {
        return new PhysicalKey(one.id().kind(), one.info().global() ? null : region, name);
    }

    /**
     * The verdict on a create whose name in AWS an object has that is no longer desired; null if there is none. The
     * create waits for the deletion, unless the object is kept or its deletion waits for the create.
     */
    @Nullable
    Verdict verdict(Step step) {
        ResourceAssessment holder = step.action() == Action.Create ? holder(step.resource()) : null;
        if (holder == null) {
            return null;
        }
        ResourceId former = holder.id();
        String has = former + ", which is no longer desired, has the name of this resource in AWS";
        if (!deletions.containsKey(former)) {
            return taken(has + " and is kept", former, step.resource());
        }
        return waitedFor(former).contains(step.resource())
                ? taken(has + ", and its deletion waits for users of this resource", former, step.resource())
                : new Verdict.Blocked(
                        Reason.DependencyNotReady,
                        former,
                        has + " and is deleted first; " + advice(former, step.resource()));
    }

    private Verdict taken(String why, ResourceId former, ResourceId taker) {
        return new Verdict.Held(Status.Stalled, Reason.NameTaken, why + "; " + advice(former, taker), false);
    }

    private @Nullable ResourceAssessment holder(ResourceId id) {
        ResourceAssessment taker = assessments.get(id);
        DesiredResource desired = taker == null ? null : taker.desired();
        Record spec = taker == null ? null : taker.spec();
        if (taker == null || desired == null || spec == null || names.isEmpty() || !haveOwnNames(taker)) {
            return null;
        }
        return SpecModel.of(spec.getClass())
                .with(PhysicalName.class)
                .map(field -> field.read(spec))
                .map(name -> names.get(key(taker, desired.region(), name.toString())))
                .orElse(null);
    }

    /**
     * The advice for each new resource for whose users the deletion of a former object waits, or that has the spec of a
     * resource to delete. The message of a taken name contains the advice.
     */
    public Map<ResourceId, String> advice() {
        Map<ResourceId, String> advice = new TreeMap<>();
        for (ResourceId former : deletions.keySet()) {
            boolean mayBeRenamed = changing.stream().anyMatch(id -> id.kind().equals(former.kind()));
            for (ResourceId waited : mayBeRenamed ? waitedFor(former) : Set.<ResourceId>of()) {
                if (changing.contains(waited) && waited.kind().equals(former.kind()) && holder(waited) == null) {
                    advice.putIfAbsent(
                            waited,
                            "the deletion of " + former + " waits for users of this resource; "
                                    + advice(former, waited));
                }
            }
        }
        for (ResourceId id : changing) {
            ResourceId former = advice.containsKey(id) ? null : lookAlike(id);
            if (former != null) {
                advice.put(id, former + ", which is deleted, has the same spec; " + advice(former, id));
            }
        }
        return advice;
    }

    /** The resource to delete whose object is as the document says, apart from its references, its name and its tags. */
    private @Nullable ResourceId lookAlike(ResourceId id) {
        ResourceAssessment one = assessments.get(id);
        List<ResourceId> candidates = deletions.keySet().stream()
                .filter(former -> former.kind().equals(id.kind()))
                .limit(MOST_COMPARED)
                .toList();
        if (one == null || one.spec() == null || holder(id) != null) {
            return null;
        }
        Record spec = one.spec();
        List<Field> compared = SpecModel.of(spec.getClass()).fields().stream()
                .filter(field -> field.read(spec) != null
                        && !one.references().containsKey(field.name())
                        && !one.unresolved().contains(field.name())
                        && !field.has(TagMap.class)
                        && !field.has(Marker.class)
                        && !field.has(PhysicalName.class))
                .toList();
        return candidates.stream()
                .filter(former -> assessments.get(former) instanceof ResourceAssessment other
                        && other.presence() instanceof Presence.Present there
                        && areEqual(compared, spec, there.known().spec()))
                .findFirst()
                .orElse(null);
    }

    /** Whether the fields are equal that an observation shows, of which there is one at least. */
    private static boolean areEqual(List<Field> fields, Record desired, Record observed) {
        List<Field> shown =
                fields.stream().filter(field -> field.read(observed) != null).toList();
        return !shown.isEmpty()
                && shown.stream().allMatch(field -> SpecValues.same(field.read(desired), field.read(observed)));
    }

    private String advice(ResourceId former, ResourceId taker) {
        ResourceAssessment one = assessments.get(taker);
        ResourceId composite =
                one == null || one.desired() == null ? null : one.desired().owner();
        return composite != null
                ? "if only the name of " + composite
                        + " is new, publish its former name again, so that the object stays"
                : "if the document has only a new name, set its lifecycle.adopt to IfUnowned and its lifecycle.id to "
                        + former + ", so that the object stays";
    }

    /** All resources for which a deletion waits, directly or through others. */
    private Set<ResourceId> waitedFor(ResourceId former) {
        Set<ResourceId> all = new HashSet<>();
        List<ResourceId> open = new ArrayList<>(List.of(former));
        while (!open.isEmpty()) {
            ResourceId next = open.removeLast();
            Step deletion = deletions.get(next);
            ResourceAssessment one = assessments.get(next);
            Set<ResourceId> waits = deletion != null
                    ? deletion.after()
                    : one != null && one.isDesired() ? one.dependencies() : Set.of();
            waits.stream().filter(all::add).forEach(open::add);
        }
        return all;
    }
}
