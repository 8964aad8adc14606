package dev.holdfast.engine;

import dev.holdfast.model.Event;
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
 * Distinguishes a new stack from a stack whose state is lost: in the second case, objects exist whose creation no
 * record shows. The check then remembers the missing stateful resources, because they may have held data. While some
 * resources cannot be read, the check stays open. The state records this, so that a restart does not close the check.
 */
final class LostStateCheck {
    /** The maximum number of resources that an event names. */
    private static final int FEW = 10;

    private final StackState state;
    private final EventLog events;
    private boolean decided;

    LostStateCheck(StackState state, EventLog events) {
        this.state = state;
        this.events = events;
    }

    /** The resources that may not be created again without approval. */
    Set<ResourceId> suspects() {
        return state.memory().suspects();
    }

    /** Whether the check has to be repeated because not all resources could be read. */
    boolean isOpen() {
        return state.memory().undecided() != null || (!decided && state.wasEmpty());
    }

    /** Has to be called after a full observation, before any of its results is recorded. */
    void swept(Collection<ManagedResource<?>> managed, Function<ResourceId, Presence> presences) {
        if (!isOpen()) {
            return;
        }
        if (!unrecorded(managed, presences).isEmpty()) {
            lost(managed, presences);
            return;
        }
        Set<String> unread = new TreeSet<>();
        for (ManagedResource<?> one : managed) {
            if (presences.apply(one.id()) instanceof Presence.Unclear u && u.fault() != null) {
                unread.add(one.id().kind() + " (" + u.fault().operation() + " "
                        + u.fault().code() + ")");
            }
        }
        decided = unread.isEmpty();
        String why = decided ? null : "not read: " + String.join(", ", unread);
        state.update(memory -> memory.undecided(why));
    }

    private Set<ResourceId> unrecorded(
            Collection<ManagedResource<?>> managed, Function<ResourceId, Presence> presences) {
        return managed.stream()
                .filter(t -> isUnrecorded(t, presences.apply(t.id())))
                .map(ManagedResource::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void lost(Collection<ManagedResource<?>> managed, Function<ResourceId, Presence> presences) {
        Set<ResourceId> missing = managed.stream()
                .filter(t -> mayHoldData(t) && !(presences.apply(t.id()) instanceof Presence.Present))
                .map(ManagedResource::id)
                .collect(Collectors.toCollection(TreeSet::new));
        decided = true;
        state.update(memory -> memory.suspects(missing).undecided(null));
        if (!missing.isEmpty()) {
            events.add(
                    null,
                    Event.Severity.Warning,
                    "StateLost",
                    "no record shows that Holdfast created these resources: "
                            + FewNames.of(unrecorded(managed, presences), FEW)
                            + "; the following may have held data before the state was lost, and their creation waits"
                            + " for an approval: "
                            + FewNames.of(missing, FEW));
        }
    }

    /** Resources that exist again or that are no longer desired are no longer suspects. */
    void seen(Collection<ManagedResource<?>> managed, Function<ResourceId, Presence> presences) {
        if (state.memory().undecided() != null
                && !unrecorded(managed, presences).isEmpty()) {
            // An object that could not be read before exists, and no record shows its creation.
            lost(managed, presences);
        }
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

    /** An adopted object has a record of our write. */
    private boolean isUnrecorded(ManagedResource<?> target, Presence presence) {
        ResourceRecord record = state.record(target.id());
        return presence instanceof Presence.Present
                && (record == null
                        || (record.createdAt() == null && record.intent() == null && record.lastChange() == null));
    }
}
