package dev.holdfast.plan;

import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.ResourceId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The resources that are recorded and no longer desired. Pure. */
final class UndesiredResources {
    private final Map<ResourceId, ResourceAssessment> assessments;
    private final Set<ResourceId> retained;

    /** @param prune whether the stack deletes resources that are no longer desired */
    UndesiredResources(boolean prune, Map<ResourceId, ResourceAssessment> assessments) {
        this.assessments = assessments;
        this.retained = Set.copyOf(retained(prune));
    }

    /** Those that are kept: by lifecycle, with prune off, or because a kept resource refers to them. */
    Set<ResourceId> retained() {
        return retained;
    }

    /** Those that cannot be read, and that are deleted as soon as a read shows them. */
    Set<ResourceId> unread() {
        return assessments.values().stream()
                .filter(one -> !one.isDesired() && one.presence() instanceof Presence.Unclear)
                .map(ResourceAssessment::id)
                .filter(id -> !retained.contains(id))
                .collect(Collectors.toUnmodifiableSet());
    }

    private Set<ResourceId> retained(boolean prune) {
        Set<ResourceId> kept = new HashSet<>();
        List<ResourceAssessment> open = new ArrayList<>();
        for (ResourceAssessment assessment : assessments.values()) {
            if (!assessment.isDesired()
                    && (!prune || assessment.onDelete() == Lifecycle.OnDelete.Retain)
                    && !(assessment.presence() instanceof Presence.Missing)) {
                kept.add(assessment.id());
                open.add(assessment);
            }
        }
        while (!open.isEmpty()) {
            for (ResourceId needed : open.removeLast().history().dependsOn()) {
                ResourceAssessment assessment = assessments.get(needed);
                if (assessment != null && !assessment.isDesired() && kept.add(needed)) {
                    open.add(assessment);
                }
            }
        }
        return kept;
    }
}
