package dev.holdfast.plan;

import dev.holdfast.model.Action;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds a create for a document that names an object to take over, although there is no such object. Pure. */
final class NothingToAdopt {
    private NothingToAdopt() {}

    /**
     * In a stack that never had the former resource, such as a new stack with the same documents, a renamed resource is
     * simply created. If the stack has another resource of the kind that is no longer desired, the former id is probably
     * misspelt.
     *
     * @return the reason for which a person has to approve the step, or null
     */
    static @Nullable String why(Step step, ResourceAssessment assessment, Collection<ResourceAssessment> all) {
        DesiredResource desired = assessment.desired();
        if (step.action() != Action.Create
                || desired == null
                || desired.lifecycle().adopt() != Lifecycle.Adopt.IfUnowned
                || assessment.history().completed()) {
            return null;
        }
        ResourceId former = desired.formerId();
        if (former == null) {
            return desired.adoptedId() == null
                    ? null
                    : desired.adoptedId() + " (lifecycle.id) does not exist, so a new object would be created";
        }
        List<ResourceId> undesired = all.stream()
                .filter(one -> !one.isDesired()
                        && one.presence() instanceof Presence.Present
                        && one.id().kind().equals(former.kind()))
                .map(ResourceAssessment::id)
                .sorted()
                .toList();
        return undesired.isEmpty()
                ? null
                : former + " (lifecycle.id) does not exist, so a new object would be created; " + undesired.getFirst()
                        + " is no longer desired: is it the former id?";
    }
}
