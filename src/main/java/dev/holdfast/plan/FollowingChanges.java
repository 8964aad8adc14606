package dev.holdfast.plan;

import dev.holdfast.model.FieldChange;
import dev.holdfast.model.ResourceId;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The changes of a resource that follow the replacement of resources to which it refers. They cannot begin yet, but the
 * plan has to contain them, so that approvers and limits see all consequences of the replacement.
 *
 * @param on the resources that are replaced
 */
record FollowingChanges(List<FieldChange> changes, Set<ResourceId> on) {
    static FollowingChanges of(ResourceAssessment assessment, Set<ResourceId> replaced) {
        Set<String> components = new TreeSet<>();
        Set<ResourceId> on = new TreeSet<>();
        if (assessment.presence() instanceof Presence.Present) {
            assessment.references().forEach((component, references) -> {
                Set<ResourceId> anew = new TreeSet<>(references);
                anew.retainAll(replaced);
                if (!anew.isEmpty()) {
                    components.add(component);
                    on.addAll(anew);
                }
            });
        }
        return new FollowingChanges(
                components.isEmpty() ? List.of() : assessment.following().apply(components), on);
    }

    boolean replaces() {
        return changes.stream().anyMatch(FieldChange::forcesReplacement);
    }
}
