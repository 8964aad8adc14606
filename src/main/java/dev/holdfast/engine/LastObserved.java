package dev.holdfast.engine;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Phase;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Presence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of each resource from the last look at it. */
final class LastObserved {
    /**
     * @param round in which it was seen: only what was seen in this round may be written to
     * @param others further physical resources of the same name
     */
    record Sighting(Presence presence, Instant at, long round, List<Known<?>> others) {}

    private final Map<ResourceId, Sighting> byId = new HashMap<>();
    private final Map<ResourceId, Known<?>> lastKnown = new HashMap<>();

    void put(ResourceId id, Presence presence, Instant at, long round, List<Known<?>> others) {
        Sighting old = byId.get(id);
        Instant seen = presence instanceof Presence.Unclear && old != null ? old.at() : at;
        byId.put(id, new Sighting(presence, seen, round, others));
        switch (presence) {
            case Presence.Present p -> lastKnown.put(id, p.known());
            case Presence.Missing a -> lastKnown.remove(id);
            case Presence.Deleting g -> lastKnown.remove(id);
            case Presence.NameTaken t -> {
                // Whoever refers to it will refer to this one, once it is taken over.
                if (t.adoptable()) {
                    lastKnown.put(id, t.known());
                } else {
                    lastKnown.remove(id);
                }
            }
            case Presence.Unclear u -> {}
        }
    }

    @Nullable
    Sighting get(ResourceId id) {
        return byId.get(id);
    }

    Presence presence(ResourceId id) {
        Sighting sighting = byId.get(id);
        return sighting == null ? new Presence.Unclear(Reason.NotRead, null) : sighting.presence();
    }

    boolean seenIn(ResourceId id, long round) {
        Sighting sighting = byId.get(id);
        return sighting != null && sighting.round() == round;
    }

    /** The outputs of what is there, or was when it was last seen and has not been missed since. */
    Map<String, Object> outputs(ResourceId id) {
        Known<?> known = lastKnown.get(id);
        return known == null ? Map.of() : known.outputs();
    }

    @Nullable
    Known<?> lastKnown(ResourceId id) {
        return lastKnown.get(id);
    }

    void forget(ResourceId id) {
        byId.remove(id);
        lastKnown.remove(id);
    }

    void clear() {
        byId.clear();
        lastKnown.clear();
    }

    static Presence presenceOf(Known<?> known) {
        return switch (known.phase()) {
            case Deleting, Restorable -> new Presence.Deleting(known);
            case Steady, Creating, Updating, RollingOut -> new Presence.Present(known);
        };
    }

    static Presence unclear(Fault fault) {
        return new Presence.Unclear(Reason.ReadFailed, fault);
    }

    static List<Known<?>> copy(List<? extends Known<?>> list) {
        return new ArrayList<>(list);
    }

    static boolean settled(Known<?> known) {
        return known.phase() == Phase.Steady && known.health().ready() == dev.holdfast.model.Health.Ready.True;
    }
}
