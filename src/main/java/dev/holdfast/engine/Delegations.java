package dev.holdfast.engine;

import dev.holdfast.kind.Delegable;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.model.Delegation;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Owners;
import dev.holdfast.plan.Presence;
import dev.holdfast.plan.ResourceAssessment;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Marks everything that another controller writes or may write: a resource in such a mode (an ECS service), the
 * resources that it is attached to (target groups), and the resources that send to those (listener rules). Pure.
 */
final class Delegations {
    private final Map<ResourceId, ResourceAssessment> all;
    private final Map<String, ResourceId> byPhysicalId = new TreeMap<>();

    private Delegations(Map<ResourceId, ResourceAssessment> all) {
        this.all = all;
        all.forEach((id, one) -> {
            if (one.presence() instanceof Presence.Present p) {
                byPhysicalId.put(p.known().identity().physicalId(), id);
            }
        });
    }

    static Map<ResourceId, ResourceAssessment> marked(Map<ResourceId, ResourceAssessment> assessments) {
        Delegations delegations = new Delegations(new TreeMap<>(assessments));
        assessments.values().forEach(delegations::mark);
        return delegations.all;
    }

    private void mark(ResourceAssessment mover) {
        Delegation delegation =
                mover.presence() instanceof Presence.Present p ? p.known().delegation() : null;
        Set<ResourceId> attached = new TreeSet<>();
        Set<ResourceId> attachers = new TreeSet<>();
        mover.attachers().forEach((component, some) -> {
            attached.addAll(mover.references().getOrDefault(component, Set.of()));
            attachers.addAll(some);
        });
        if (delegation != null) {
            Set<String> kinds = attached.stream().map(ResourceId::kind).collect(Collectors.toSet());
            delegation.moves().stream()
                    .map(byPhysicalId::get)
                    .filter(Objects::nonNull)
                    .forEach(id -> (kinds.contains(id.kind()) ? attached : attachers).add(id));
            if (!delegation.declared()) {
                whole(mover.id(), delegation);
                attached.forEach(id -> whole(id, delegation));
            }
        }
        attachers.forEach(id -> attacher(id, attached, mover.id(), delegation));
    }

    private void whole(ResourceId id, Delegation delegation) {
        all.computeIfPresent(
                id,
                (k, one) -> one.owners(new Owners(
                        delegation.words(), one.owners().shared(), one.owners().movers())));
    }

    private void attacher(ResourceId id, Set<ResourceId> attached, ResourceId mover, @Nullable Delegation delegation) {
        ResourceAssessment one = all.get(id);
        if (one == null) {
            return;
        }
        Set<String> sending = new HashSet<>();
        one.references().forEach((component, references) -> {
            if (references.stream().anyMatch(attached::contains)) {
                sending.add(component);
            }
        });
        if (delegation == null) {
            Set<String> shared = new TreeSet<>(one.owners().shared());
            shared.addAll(sending);
            Set<ResourceId> movers = new TreeSet<>(one.owners().movers());
            movers.add(mover);
            all.put(id, one.owners(new Owners(one.owners().delegation(), shared, movers)));
            return;
        }
        boolean alone = SpecModel.of(one.info().spec()).fields().stream()
                .anyMatch(f -> sending.contains(f.name()) && f.has(Delegable.class));
        if (alone || delegation.declared()) {
            all.put(id, one.without(c -> sending.contains(c.component())));
        } else {
            whole(id, delegation);
        }
    }
}
