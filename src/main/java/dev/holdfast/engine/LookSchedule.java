package dev.holdfast.engine;

import dev.holdfast.model.ResourceId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Schedules the light passes over resources that are not settled. Each resource has its own pauses, which grow: AWS may
 * work on a database for an hour while other resources are written every second. Used by one thread.
 */
final class LookSchedule {
    private final Map<ResourceId, Look> looks = new HashMap<>();
    /** The time at which the first failed attempt is due again. */
    private Instant retry = Instant.MAX;

    /** @param pause the time between the last read and the next one */
    private record Look(Instant at, Duration pause) {
        static Look first(Instant now) {
            return new Look(now.plus(EngineConstants.LOOK_FIRST), EngineConstants.LOOK_FIRST);
        }

        Look next(Instant now) {
            Duration doubled = pause.multipliedBy(2);
            Duration next = doubled.compareTo(EngineConstants.LOOK_MOST) > 0 ? EngineConstants.LOOK_MOST : doubled;
            return new Look(now.plus(next), next);
        }
    }

    /** These resources are read now; the plan that follows sets the time of the next attempt. */
    void looked(Instant now, Collection<ResourceId> read) {
        retry = Instant.MAX;
        read.forEach(id -> looks.computeIfPresent(id, (same, look) -> look.next(now)));
    }

    /** All resources are read now. */
    void lookedAtAll(Instant now) {
        looks.replaceAll((id, look) -> look.next(now));
        retry = Instant.MAX;
    }

    /** The resource was written, so that its state may change soon. */
    void wrote(Instant now, ResourceId id) {
        looks.put(id, Look.first(now));
    }

    /** @param restless the resources that are not settled; plans in between do not postpone their next reads */
    void planned(Instant now, Instant nextRetry, Set<ResourceId> restless) {
        retry = nextRetry;
        looks.keySet().retainAll(restless);
        restless.forEach(id -> looks.computeIfAbsent(id, same -> Look.first(now)));
    }

    boolean isDue(Instant now) {
        return !now.isBefore(next());
    }

    /** The resources that are due, and those that would be due before the shortest pause is over: they are read together. */
    Set<ResourceId> due(Instant now) {
        Instant soon = now.plus(EngineConstants.LOOK_FIRST);
        return looks.entrySet().stream()
                .filter(e -> e.getValue().at().isBefore(soon))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    Instant next() {
        return looks.values().stream().map(Look::at).reduce(retry, (a, b) -> a.isBefore(b) ? a : b);
    }
}
