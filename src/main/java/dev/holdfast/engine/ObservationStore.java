package dev.holdfast.engine;

import dev.holdfast.engine.Observer.KindRegion;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Presence;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The results of the last reads of each resource. Used by one thread. */
final class ObservationStore {
    /** An object to which other objects are attached. */
    private record Hook(KindRegion region, String physicalId) {}

    /** A resource to which resources of other kinds are attached. */
    private record AttachedTo(String parentKind, String parent) {}

    private final Map<ResourceId, LastObserved> last = new HashMap<>();
    private final Map<ResourceId, Known<?>> lastKnown = new HashMap<>();
    private final Map<ResourceId, Instant> missingSince = new HashMap<>();
    private final Map<KindRegion, Map<AttachedTo, List<Observation.Attached<?>>>> attached = new HashMap<>();
    private final Map<Hook, Map<String, Set<String>>> hanging = new HashMap<>();
    /** The resources that were found to be ours, but are neither desired nor recorded. */
    private final Set<ResourceId> orphans = new TreeSet<>();

    /**
     * @param recorded the physical id that the state records, or null
     * @return whether the presence has changed
     */
    boolean put(ResourceId id, Presence read, @Nullable String recorded, Instant now, long begun, Instant begunAt) {
        LastObserved old = last.get(id);
        boolean same = old != null && old.presence().equals(read);
        // Later code compares by identity: the same objects show that no comparison or binding has to be repeated.
        Presence presence = old != null && same ? old.presence() : read;
        Instant at = presence instanceof Presence.Unclear && old != null ? old.at() : now;
        last.put(id, new LastObserved(presence, at, begun, begunAt));
        switch (presence) {
            case Presence.Present p -> {
                missingSince.remove(id);
                lastKnown.put(id, p.known());
            }
            case Presence.Missing m -> lastKnown.remove(id);
            case Presence.Deleting d -> {
                missingSince.remove(id);
                lastKnown.remove(id);
            }
            case Presence.NameTaken t -> {
                // References resolve to this object once it is adopted, and to an object of ours that has lost its
                // tags.
                if (t.adoptable() || t.known().identity().physicalId().equals(recorded)) {
                    lastKnown.put(id, t.known());
                } else {
                    lastKnown.remove(id);
                }
            }
            case Presence.Unclear u -> {}
        }
        return !same;
    }

    /** @param found all objects of one search that are attached to resources of other kinds */
    void attached(KindRegion region, List<Observation.Attached<?>> found) {
        attached.put(
                region, found.stream().collect(Collectors.groupingBy(a -> new AttachedTo(a.parentKind(), a.parent()))));
    }

    /** @param found the attached objects that belong to no kind, for those resources whose turn it was */
    void hanging(KindRegion region, List<Observation.Hanging<?>> found) {
        for (Observation.Hanging<?> at : found) {
            Hook hook = new Hook(region, at.parent());
            Map<String, Set<String>> ids = new TreeMap<>(hanging.getOrDefault(hook, Map.of()));
            ids.put(at.what(), at.ids());
            ids.values().removeIf(Set::isEmpty);
            if (ids.isEmpty()) {
                hanging.remove(hook);
            } else {
                hanging.put(hook, ids);
            }
        }
    }

    /** The objects that the last search found attached to a resource, by their kind or AWS's name of their type. */
    Map<String, Set<String>> attachedTo(ManagedResource<?> resource) {
        ResourceId id = resource.id();
        Known<?> parent = lastKnown.get(id);
        if (parent == null) {
            return Map.of();
        }
        String physicalId = parent.identity().physicalId();
        Hook hook = new Hook(new KindRegion(id.kind(), resource.region()), physicalId);
        Map<String, Set<String>> found = new TreeMap<>(hanging.getOrDefault(hook, Map.of()));
        // Another region may contain a resource with the same physical id.
        boolean anywhere = resource.kind().info().global();
        AttachedTo here = new AttachedTo(id.kind(), physicalId);
        attached.forEach((region, all) -> {
            if (anywhere || region.region().equals(resource.region())) {
                all.getOrDefault(here, List.of())
                        .forEach(one -> found.computeIfAbsent(region.kind(), k -> new TreeSet<>())
                                .add(one.identity().physicalId()));
            }
        });
        return found;
    }

    void missingSince(ResourceId id, @Nullable Instant since) {
        if (since != null) {
            missingSince.put(id, since);
        }
    }

    PresenceRules.PastReads history(ResourceId id) {
        return new PresenceRules.PastReads(lastKnown.containsKey(id), missingSince.get(id));
    }

    @Nullable
    LastObserved get(ResourceId id) {
        return last.get(id);
    }

    Presence presence(ResourceId id) {
        LastObserved observed = last.get(id);
        return observed == null ? new Presence.Unclear(Reason.NotRead, null) : observed.presence();
    }

    /** The outputs of a resource that exists, or existed when it was last read and has not been found missing since. */
    Map<String, Object> outputs(ResourceId id) {
        Known<?> known = lastKnown.get(id);
        return known == null ? Map.of() : known.outputs();
    }

    @Nullable
    Known<?> lastKnown(ResourceId id) {
        return lastKnown.get(id);
    }

    /** Whether what the last read of a resource showed could not be recorded. */
    boolean isUnrecorded(ResourceId id) {
        return presence(id) instanceof Presence.Unclear unclear && unclear.reason() == Reason.NotRecorded;
    }

    Set<ResourceId> orphans() {
        return orphans;
    }

    void forgetOrphan(ResourceId id) {
        orphans.remove(id);
        last.remove(id);
        lastKnown.remove(id);
    }

    /** Forgets the resources that are no longer managed, and the objects that were attached to them. */
    void retain(Set<ResourceId> managed) {
        last.keySet().retainAll(managed);
        lastKnown.keySet().retainAll(managed);
        missingSince.keySet().retainAll(managed);
        if (!hanging.isEmpty()) {
            Set<String> physicalIds = lastKnown.values().stream()
                    .map(known -> known.identity().physicalId())
                    .collect(Collectors.toSet());
            hanging.keySet().removeIf(hook -> !physicalIds.contains(hook.physicalId()));
        }
    }

    static boolean settled(Known<?> known) {
        return known.phase() == Phase.Steady && known.health().ready() == Health.Ready.True;
    }
}
