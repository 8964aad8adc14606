package dev.holdfast.engine;

import dev.holdfast.engine.Observer.KindRead;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.StackRef;
import dev.holdfast.model.Fault;
import dev.holdfast.model.ResourceId;
import dev.holdfast.state.ResourceRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Assigns the objects that one read found to their resources. Pure. */
final class ObservationSorter {
    private ObservationSorter() {}

    /** @param stack the stack whose resources are ours */
    static KindReading sorted(StackRef stack, KindRead read, List<? extends Observation<?>> observations) {
        Map<ResourceId, List<Known<?>>> ours = new TreeMap<>();
        List<Known<?>> strangers = new ArrayList<>();
        List<Observation.Attached<?>> attached = new ArrayList<>();
        List<Observation.Hanging<?>> hanging = new ArrayList<>();
        Map<String, List<ResourceId>> recorded = recorded(read);
        Map<ResourceId, Fault> unknown = new HashMap<>();
        Fault unsearched = null;
        Fault withoutStrays = null;
        for (Observation<?> observation : observations) {
            switch (observation) {
                case Known<?> known -> {
                    ResourceId owner =
                            OwnershipMatcher.owner(known, stack, read.region().kind());
                    if (owner == null || isOfAnother(known, owner, recorded)) {
                        strangers.add(known);
                    } else {
                        ours.computeIfAbsent(owner, k -> new ArrayList<>()).add(known);
                    }
                }
                case Observation.Attached<?> one -> attached.add(one);
                case Observation.Hanging<?> one -> hanging.add(one);
                case Observation.Unsearched<?> one -> withoutStrays = one.fault();
                case Observation.Unknown<?> one -> {
                    boolean wanted = read.wanted().stream().anyMatch(r -> r.id().equals(one.resource()));
                    if (read.search() && !wanted && unsearched == null) {
                        unsearched = one.fault();
                    }
                    if (one.resource() == null && one.physicalId() == null) {
                        KindReading failed = Observer.failed(read, one.fault(), null);
                        return new KindReading(
                                read.region(), failed.wanted(), Map.of(), null, List.of(), unsearched, null);
                    }
                    covered(one, read).forEach(id -> unknown.put(id, one.fault()));
                }
            }
        }
        Map<ResourceId, ResourceReading> wanted = new TreeMap<>();
        read.wanted().forEach(r -> wanted.put(r.id(), reading(r.id(), ours, strangers, unknown)));
        Map<ResourceId, ResourceReading> others = new TreeMap<>();
        ours.keySet().stream()
                .filter(id -> !wanted.containsKey(id))
                .forEach(id -> others.put(id, reading(id, ours, strangers, unknown)));
        // If this search failed, the attached objects of the last successful search remain valid.
        boolean searched = read.search() && withoutStrays == null;
        return new KindReading(
                read.region(),
                wanted,
                others,
                searched ? attached : null,
                hanging,
                unsearched == null ? withoutStrays : unsearched,
                null);
    }

    /** The desired resources by their recorded physical ids. */
    private static Map<String, List<ResourceId>> recorded(KindRead read) {
        Map<String, List<ResourceId>> recorded = new HashMap<>();
        for (ManagedResource<?> resource : read.wanted()) {
            ResourceRecord record = resource.record();
            if (resource.desired() != null && record != null && record.physicalId() != null) {
                recorded.computeIfAbsent(record.physicalId(), id -> new ArrayList<>())
                        .add(resource.id());
            }
        }
        return recorded;
    }

    /** An object that is recorded for one resource stays with it, even if its tags now name another resource. */
    private static boolean isOfAnother(Known<?> known, ResourceId owner, Map<String, List<ResourceId>> recorded) {
        return recorded.getOrDefault(known.identity().physicalId(), List.of()).stream()
                .anyMatch(id -> !id.equals(owner));
    }

    private static ResourceReading reading(
            ResourceId id,
            Map<ResourceId, List<Known<?>>> ours,
            List<Known<?>> strangers,
            Map<ResourceId, Fault> unknown) {
        Fault fault = unknown.get(id);
        return fault != null
                ? new ResourceReading.Unreadable(fault)
                : new ResourceReading.FoundObjects(ours.getOrDefault(id, List.of()), strangers, true);
    }

    /**
     * If the failed object has no known resource: the resources recorded with its id, and all without a recorded id.
     */
    private static List<ResourceId> covered(Observation.Unknown<?> unknown, KindRead read) {
        if (unknown.resource() != null) {
            return List.of(unknown.resource());
        }
        List<ResourceId> covered = new ArrayList<>();
        for (ManagedResource<?> resource : read.wanted()) {
            String recorded =
                    resource.record() == null ? null : resource.record().physicalId();
            if (recorded == null || recorded.equals(unknown.physicalId())) {
                covered.add(resource.id());
            }
        }
        return covered;
    }
}
