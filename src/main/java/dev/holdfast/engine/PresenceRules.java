package dev.holdfast.engine;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.model.Reason;
import dev.holdfast.plan.Presence;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.ResourceRecord.Intent;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides from the result of a read and from the record whether a resource exists. Pure. */
final class PresenceRules {
    private PresenceRules() {}

    /**
     * @param known whether the resource existed when it was last read
     * @param missingSince when a resource without a unique name was first found missing, or null
     */
    record PastReads(boolean known, @Nullable Instant missingSince) {}

    /**
     * @param match the object that is the resource, among the objects of ours; null: not decided yet
     * @param missingSince the updated value of {@link PastReads#missingSince}
     */
    record Finding(
            Presence presence,
            OwnershipMatcher.@Nullable Match match,
            @Nullable Instant missingSince) {
        static Finding of(Presence presence, @Nullable Instant missingSince) {
            return new Finding(presence, null, missingSince);
        }

        Finding with(OwnershipMatcher.Match all) {
            return new Finding(presence, all, missingSince);
        }
    }

    static Finding find(
            ManagedResource<?> resource, ResourceReading.FoundObjects found, PastReads history, Instant now) {
        if (OwnershipMatcher.isUndecided(found.ours(), resource)) {
            return Finding.of(new Presence.Unclear(Reason.UnexpectedCopy, null), history.missingSince());
        }
        Known<?> unanswered = found.ours().isEmpty() ? unanswered(resource, found.strangers()) : null;
        OwnershipMatcher.Match match =
                OwnershipMatcher.choose(unanswered == null ? found.ours() : List.of(unanswered), resource);
        Known<?> chosen = match.chosen();
        if (chosen == null) {
            return absence(resource, found, history, now).with(match);
        }
        return replacing(resource, chosen, now)
                ? Finding.of(new Presence.Unclear(Reason.CreateInGrace, null), history.missingSince())
                : new Finding(presenceOf(chosen), match, null);
    }

    private static Presence presenceOf(Known<?> known) {
        return switch (known.phase()) {
            case Deleting, Restorable -> new Presence.Deleting(known);
            case Steady, Creating, Updating, RollingOut, Abandoned -> new Presence.Present(known);
        };
    }

    /**
     * The object of a create of ours whose answer was lost, for kinds whose ownership only the record shows. A point
     * read before the create found no object with this name. Therefore an object with this name that is exactly as the
     * create would have made it is ours. Any other object with this name belongs to another owner.
     */
    private static @Nullable Known<?> unanswered(ManagedResource<?> resource, List<Known<?>> strangers) {
        ResourceRecord record = resource.record();
        Intent intent = record == null ? null : record.intent();
        if (record == null
                || intent == null
                || record.answered(intent)
                || resource.kind().info().ownership() != OwnershipForm.RECORD) {
            return null;
        }
        Known<?> holder = OwnershipMatcher.holder(strangers, resource.physicalName(), null);
        return holder != null && OwnershipMatcher.asDesired(resource, holder) ? holder : null;
    }

    private static Finding absence(
            ManagedResource<?> resource, ResourceReading.FoundObjects found, PastReads history, Instant now) {
        ResourceRecord record = resource.record();
        String recorded = record == null ? null : record.physicalId();
        if (resource.desired() != null) {
            String adopt = resource.desired().adoptedId();
            Known<?> holder = OwnershipMatcher.holder(
                    found.strangers(), resource.physicalName(), adopt != null ? adopt : recorded);
            if (holder != null) {
                boolean adoptable =
                        OwnershipMatcher.adoptable(holder, resource.desired().lifecycle());
                return Finding.of(
                        new Presence.NameTaken(holder, OwnershipMatcher.describe(holder), adoptable),
                        history.missingSince());
            }
        }
        if (record == null) {
            return Finding.of(new Presence.Missing(found.remains()), history.missingSince());
        }
        if (mayBeLate(resource, record, history.known(), now)) {
            return Finding.of(new Presence.Unclear(Reason.CreateInGrace, null), history.missingSince());
        }
        if (hasOpenIntent(record) || !nothingStopsASecond(resource, record)) {
            return Finding.of(new Presence.Missing(found.remains()), history.missingSince());
        }
        // A resource without a unique name that was read before must be missing for a while before it is created again.
        Instant since = history.missingSince() == null ? now : history.missingSince();
        boolean waits = now.isBefore(since.plus(EngineConstants.WRITE_VISIBLE));
        return Finding.of(
                waits ? new Presence.Unclear(Reason.CreateInGrace, null) : new Presence.Missing(found.remains()),
                since);
    }

    /**
     * Whether only the old object of an unanswered replacement is visible. The new object may exist without being
     * visible yet, and AWS would accept a second one.
     */
    private static boolean replacing(ManagedResource<?> resource, Known<?> seen, Instant now) {
        ResourceRecord record = resource.record();
        Intent intent = record == null ? null : record.intent();
        return record != null
                && intent != null
                && seen.identity().physicalId().equals(intent.replaces())
                && !record.answered(intent)
                && !repeatable(resource)
                && now.isBefore(intent.at().plus(EngineConstants.CREATE_GRACE));
    }

    /** Whether AWS rejects a second object with this name. Versions of one object share their name. */
    private static boolean repeatable(ManagedResource<?> resource) {
        return resource.physicalName() != null && !resource.kind().info().versioned();
    }

    private static boolean nothingStopsASecond(ManagedResource<?> resource, ResourceRecord record) {
        return resource.physicalName() == null
                && record.physicalId() != null
                && resource.desired() != null
                && !record.deposed().contains(record.physicalId());
    }

    private static boolean hasOpenIntent(ResourceRecord record) {
        return record.intent() != null && !record.answered(record.intent());
    }

    /**
     * Whether an object that no read shows may not be visible yet: our create is recent and no read has shown the
     * object since, or a create without an answer may have been sent.
     */
    private static boolean mayBeLate(ManagedResource<?> resource, ResourceRecord record, boolean known, Instant now) {
        boolean seenSince = record.completed() || known;
        if (!seenSince
                && record.createdAt() != null
                && now.isBefore(record.createdAt().plus(EngineConstants.CREATE_GRACE))) {
            return true;
        }
        if (resource.desired() != null && LoopBreaker.mayBeOlder(record, now)) {
            return true;
        }
        Intent intent = record.intent();
        return intent != null
                && !record.answered(intent)
                && !repeatable(resource)
                && now.isBefore(intent.at().plus(EngineConstants.CREATE_GRACE));
    }
}
