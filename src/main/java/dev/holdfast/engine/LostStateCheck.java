package dev.holdfast.engine;

import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Presence;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.StackState;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Tells a new stack from a stack whose state is lost: in the second case objects exist that no record says we created. It
 * then remembers which stateful resources were missing, because they may have held data.
 */
final class LostStateCheck {
    private final StackState state;
    private boolean decided;
    private Set<ResourceId> provisional = Set.of();

    LostStateCheck(StackState state) {
        this.state = state;
    }

    /** The resources that may not be created again without approval. */
    Set<ResourceId> suspects() {
        Set<ResourceId> all = new TreeSet<>(state.memory().suspects());
        all.addAll(provisional);
        return all;
    }

    /** Not all could be read when it was looked for: it has to be looked for again. */
    boolean isOpen() {
        return !decided && state.wasEmpty();
    }

    /** After a look at all there is, and before anything of it is recorded. */
    void swept(Collection<ManagedResource<?>> managed, Function<ResourceId, Presence> presences) {
        if (!isOpen()) {
            return;
        }
        Set<ResourceId> missing = managed.stream()
                .filter(t -> mayHoldData(t) && !(presences.apply(t.id()) instanceof Presence.Present))
                .map(ManagedResource::id)
                .collect(Collectors.toCollection(TreeSet::new));
        boolean unread = managed.stream()
                .anyMatch(t -> presences.apply(t.id()) instanceof Presence.Unclear u && u.fault() != null);
        boolean lost = managed.stream().anyMatch(t -> isUnrecorded(t, presences.apply(t.id())));
        if (lost) {
            state.update(memory -> memory.suspects(missing));
        }
        decided = lost || !unread;
        provisional = decided ? Set.of() : missing;
    }

    /** Those that are there again, or are no longer desired, are no longer suspected. */
    void seen(Collection<ManagedResource<?>> managed, Function<ResourceId, Presence> presences) {
        Set<ResourceId> suspects = state.memory().suspects();
        if (suspects.isEmpty()) {
            return;
        }
        Set<ResourceId> still = managed.stream()
                .filter(t -> t.desired() != null && !(presences.apply(t.id()) instanceof Presence.Present))
                .map(ManagedResource::id)
                .filter(suspects::contains)
                .collect(Collectors.toCollection(TreeSet::new));
        state.update(memory -> memory.suspects(still));
    }

    private static boolean mayHoldData(ManagedResource<?> target) {
        return target.desired() != null
                && target.kind().info().stateful()
                && !target.kind().info().recreate();
    }

    private static boolean isUnrecorded(ManagedResource<?> target, Presence presence) {
        ResourceRecord record = target.record();
        return presence instanceof Presence.Present
                && (record == null || (record.createdAt() == null && record.intent() == null));
    }
}
