package dev.holdfast.alerts;

import dev.holdfast.engine.Engine;
import dev.holdfast.events.EventsStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The findings about the installation as a whole.
 *
 * @param location of the desired state
 * @param failure the reason why its stacks cannot be listed, or null
 * @param listed whether they were listed at least once
 * @param empty whether the desired state was listed and has no stack
 * @param withoutEvents the reason why change events do not arrive, or null
 * @param eventsTried whether the queue of change events was read, or failed to be read, since the start; true if no
 *     queue is configured
 * @param leases the stacks whose lease cannot be reached, and why
 * @param leasesTried whether the lease of each stack was read, or failed to be read, since the start
 */
public record InstallationStatus(
        String location,
        @Nullable String failure,
        boolean listed,
        boolean empty,
        @Nullable String withoutEvents,
        boolean eventsTried,
        SortedMap<String, String> leases,
        boolean leasesTried) {
    public static InstallationStatus of(Engine engine, EventsStatus events) {
        return new InstallationStatus(
                engine.source().location(),
                engine.listFailure(),
                engine.started(),
                engine.started() && engine.stacks().isEmpty(),
                events.trouble(),
                events.tried(),
                engine.unreachableLeases(),
                engine.leasesTried());
    }

    List<AlertCause> causes() {
        List<AlertCause> causes = new ArrayList<>();
        if (failure != null) {
            causes.add(AlertCause.unreadable(location, failure));
        } else if (empty) {
            causes.add(AlertCause.withoutStacks(location));
        }
        if (withoutEvents != null) {
            causes.add(AlertCause.withoutEvents(withoutEvents));
        }
        if (!leases.isEmpty()) {
            causes.add(AlertCause.withoutLease(leases));
        }
        return causes;
    }

    /** The reasons of alerts that this status neither raises nor ends, because the read that decides is missing. */
    Set<String> undecided() {
        Set<String> undecided = new TreeSet<>();
        if (failure == null && !listed) {
            undecided.add(AlertCause.DESIRED_STATE_UNREADABLE);
        }
        if (failure != null || !listed) {
            undecided.add(AlertCause.NO_STACKS);
        }
        if (!leasesTried) {
            undecided.add(AlertCause.LEASE_UNREACHABLE);
        }
        if (!eventsTried) {
            undecided.add(AlertCause.CHANGE_EVENTS_UNREADABLE);
        }
        return undecided;
    }
}
