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
 * Tells a new stack from a stack whose state is lost: in the second case objects exist that no record says we created. It
 * then remembers which stateful resources were missing, because they may have held data. As long as not everything could be
 * read, it cannot tell; that is remembered too, so that a restart does not decide it.
 */
final class LostStateCheck {
    /** How many resources an event names. */
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

    /** Not all could be read when it was looked for: it has to be looked for again. */
    boolean isOpen() {
        return state.memory().undecided() != null || (!decided && state.wasEmpty());
    }

    /** After a look at all there is, and before anything of it is recorded. */
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
                    "no record says that Holdfast made what exists: " + FewNames.of(unrecorded(managed, presences), FEW)
                            + "; these may have held data before the state was lost, and wait for an approval: "
                            + FewNames.of(missing, FEW));
        }
    }

    /** Those that are there again, or are no longer desired, are no longer suspected. */
    void seen(Collection<ManagedResource<?>> managed, Function<ResourceId, Presence> presences) {
        if (state.memory().undecided() != null
                && !unrecorded(managed, presences).isEmpty()) {
            // An object that could not be read before is there, and we did not create it.
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

    /** What was adopted is recorded with our write. */
    private boolean isUnrecorded(ManagedResource<?> target, Presence presence) {
        ResourceRecord record = state.record(target.id());
        return presence instanceof Presence.Present
                && (record == null
                        || (record.createdAt() == null && record.intent() == null && record.lastChange() == null));
    }
}
