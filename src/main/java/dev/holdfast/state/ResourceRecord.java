package dev.holdfast.state;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.model.Action;
import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.ResourceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The data that the state records of one resource.
 *
 * @param physicalId the id that a create returned or an observation showed; null before
 * @param applied the spec as last applied, with secrets as keyed hashes; null until the resource was in sync once
 * @param revision the revision of the applied spec
 * @param createdAt when our create was answered, or sent if its answer was lost; null for an object that was found
 * @param intent the open create, if there is one
 * @param deposed physical ids of replaced objects that still exist, oldest first
 * @param copies physical ids of further objects that carry the same ownership, and that no replacement of ours explains
 * @param completed whether the resource was in sync once since it was created
 * @param onDelete what happens when the resource is no longer desired
 * @param dependsOn the resources to which this resource referred when it was applied
 * @param lastChange our last write
 * @param recreations creations after a deletion from outside: counted like repairs, with the absence as the difference
 * @param deletions the last call of a deletion, by the physical id of the object
 * @param granted the components that grant access, as the last update since {@code applied} desired them before the
 *     withdrawal of former elements; null: no update since, or none that concerned them
 */
public record ResourceRecord(
        ResourceId id,
        @Nullable String physicalId,
        @Nullable JsonNode applied,
        @Nullable String revision,
        @Nullable Instant createdAt,
        @Nullable Intent intent,
        List<String> deposed,
        List<String> copies,
        boolean completed,
        Lifecycle.OnDelete onDelete,
        Set<ResourceId> dependsOn,
        @Nullable ResourceId owner,
        @Nullable String region,
        @Nullable RolloutMemory rollout,
        RepairMemory repairs,
        @Nullable LastChange lastChange,
        RepairMemory recreations,
        Map<String, Deletion> deletions,
        @Nullable JsonNode granted) {
    /** A record that an older version wrote lacks newer members. */
    public ResourceRecord {
        copies = copies == null ? List.of() : copies;
        recreations = recreations == null ? RepairMemory.NONE : recreations;
        deletions = deletions == null ? Map.of() : deletions;
    }

    /**
     * A create that was sent or is about to be sent.
     *
     * @param incarnation the client token: the same for each try of this creation
     * @param replaces the physical id of the object that the create replaces, or null
     */
    public record Intent(
            String incarnation, Instant at, @Nullable String replaces) {}

    /**
     * @param fingerprint the fingerprint of the difference that was repaired last
     * @param ineffective the number of writes in a row, before the last one, after which a fresh read was unchanged
     * @param contested how often a repair took effect and was changed back
     * @param writtenAt when the last write was sent
     * @param answered whether AWS accepted the last write; false if the process ended before, perhaps before it sent
     *     the write
     * @param effective whether a read has shown the effect of the last write
     */
    public record RepairMemory(
            @Nullable String fingerprint,
            int ineffective,
            int contested,
            @Nullable Instant writtenAt,
            boolean answered,
            boolean effective) {
        public static final RepairMemory NONE = new RepairMemory(null, 0, 0, null, false, false);

        /**
         * Counts the last write only if AWS accepted it. If the process ended before, the write is tried again without
         * a limit.
         */
        public int ineffectiveWithLast() {
            return answered ? ineffective + 1 : ineffective;
        }

        private boolean repeats(RepairMemory before) {
            return fingerprint != null
                    && fingerprint.equals(before.fingerprint)
                    && !before.effective
                    && !Objects.equals(writtenAt, before.writtenAt);
        }

        private RepairMemory accepted(@Nullable RepairMemory last) {
            return fingerprint == null || equals(last)
                    ? this
                    : new RepairMemory(fingerprint, ineffective, contested, writtenAt, true, effective);
        }
    }

    /**
     * @param before the object as a read showed it before the call, as a keyed hash
     * @param ineffective the number of calls in a row, before the last one, after which a fresh read was unchanged
     * @param answered whether AWS accepted the last call; false if the process ended before, perhaps before it sent the
     *     call
     */
    public record Deletion(String before, int ineffective, Instant sentAt, boolean answered) {
        /** Counts the last call only if AWS accepted it. */
        public int ineffectiveWithLast() {
            return answered ? ineffective + 1 : ineffective;
        }

        private boolean repeats(@Nullable Deletion last) {
            return last != null && before.equals(last.before) && !sentAt.equals(last.sentAt);
        }

        private Deletion accepted(@Nullable Deletion last) {
            return equals(last) ? this : new Deletion(before, ineffective, sentAt, true);
        }
    }

    public record LastChange(
            Instant at, Action action, @Nullable String revision) {}

    public static ResourceRecord of(ResourceId id, Lifecycle.OnDelete onDelete) {
        return new ResourceRecord(
                id,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                List.of(),
                false,
                onDelete,
                Set.of(),
                null,
                null,
                null,
                RepairMemory.NONE,
                null,
                RepairMemory.NONE,
                Map.of(),
                null);
    }

    /** A copy that is being made: members that a change does not set stay as they were. */
    private static final class RecordDraft {
        private final ResourceRecord from;
        private @Nullable String physicalId;
        private @Nullable JsonNode applied;
        private @Nullable String revision;
        private @Nullable Instant createdAt;
        private @Nullable Intent intent;
        private List<String> deposed;
        private List<String> copies;
        private boolean completed;
        private Lifecycle.OnDelete onDelete;
        private Set<ResourceId> dependsOn;
        private @Nullable ResourceId owner;
        private @Nullable String region;
        private @Nullable RolloutMemory rollout;
        private RepairMemory repairs;
        private @Nullable LastChange lastChange;
        private RepairMemory recreations;
        private Map<String, Deletion> deletions;
        private @Nullable JsonNode granted;

        RecordDraft(ResourceRecord from) {
            this.from = from;
            physicalId = from.physicalId;
            applied = from.applied;
            revision = from.revision;
            createdAt = from.createdAt;
            intent = from.intent;
            deposed = from.deposed;
            copies = from.copies;
            completed = from.completed;
            onDelete = from.onDelete;
            dependsOn = from.dependsOn;
            owner = from.owner;
            region = from.region;
            rollout = from.rollout;
            repairs = from.repairs;
            lastChange = from.lastChange;
            recreations = from.recreations;
            deletions = from.deletions;
            granted = from.granted;
        }

        ResourceRecord done() {
            return new ResourceRecord(
                    from.id,
                    physicalId,
                    applied,
                    revision,
                    createdAt,
                    intent,
                    List.copyOf(deposed),
                    List.copyOf(copies),
                    completed,
                    onDelete,
                    dependsOn,
                    owner,
                    region,
                    rollout,
                    repairs,
                    lastChange,
                    recreations,
                    Map.copyOf(deletions),
                    granted);
        }
    }

    private ResourceRecord with(Consumer<RecordDraft> change) {
        RecordDraft draft = new RecordDraft(this);
        change.accept(draft);
        return draft.done();
    }

    public ResourceRecord intending(Intent open) {
        return with(d -> d.intent = open);
    }

    /** Whether the create of this intent was answered, so that the next create is another incarnation. */
    public boolean answered(Intent of) {
        return createdAt != null && !createdAt.isBefore(of.at());
    }

    /** Records that a create was answered. The object that it replaces, if any, is deposed. */
    public ResourceRecord created(String newId, Instant at, LastChange change) {
        List<String> old = new ArrayList<>(deposed);
        if (intent != null && intent.replaces() != null && !old.contains(intent.replaces())) {
            old.add(intent.replaces());
        }
        old.remove(newId);
        return with(d -> {
            d.physicalId = newId;
            d.applied = null;
            d.granted = null;
            d.createdAt = at;
            d.deposed = old;
            d.completed = false;
            d.lastChange = change;
        });
    }

    /** Records the object that a read found for the resource. */
    public ResourceRecord found(String foundId) {
        return with(d -> d.physicalId = foundId);
    }

    /** Records the further objects that, according to a read, carry the ownership of the resource. */
    public ResourceRecord beside(List<String> replaced, List<String> copied) {
        return with(d -> {
            d.deposed = replaced;
            d.copies = copied;
        });
    }

    /** Records that the resource is as desired. The applied spec tells drift from a pending change later. */
    public ResourceRecord inSync(
            JsonNode spec,
            String ofRevision,
            Lifecycle.OnDelete deletion,
            Set<ResourceId> dependencies,
            @Nullable ResourceId composite,
            @Nullable String inRegion) {
        return with(d -> {
            d.applied = spec;
            d.granted = null;
            d.revision = ofRevision;
            // An object is also ours if the answer to its create was lost.
            d.createdAt = intent != null && !answered(intent) ? intent.at() : createdAt;
            d.intent = null;
            d.completed = true;
            d.deletions = without(deletions, physicalId);
            d.onDelete = deletion;
            d.dependsOn = dependencies;
            d.owner = composite;
            d.region = inRegion;
        });
    }

    /** Records a spec that was applied although no observation can show it. */
    public ResourceRecord withApplied(JsonNode spec) {
        return with(d -> d.applied = spec);
    }

    /** Records before an update which elements it leaves in place: from then on they count as ours. */
    public ResourceRecord granting(@Nullable JsonNode grants) {
        return with(d -> d.granted = grants);
    }

    public ResourceRecord changed(LastChange change) {
        return with(d -> d.lastChange = change);
    }

    public ResourceRecord rollingOut(@Nullable RolloutMemory memory) {
        return with(d -> d.rollout = memory);
    }

    public ResourceRecord repairs(RepairMemory memory) {
        return with(d -> d.repairs = memory);
    }

    public ResourceRecord recreations(RepairMemory memory) {
        return with(d -> d.recreations = memory);
    }

    public ResourceRecord withoutDeposed(String gone) {
        return with(d -> {
            d.deposed = deposed.stream().filter(old -> !old.equals(gone)).toList();
            d.deletions = without(deletions, gone);
        });
    }

    /** @param deletion the deletion of the object with this physical id; null if none is under way */
    public ResourceRecord deleting(String ofId, @Nullable Deletion deletion) {
        Map<String, Deletion> all = new TreeMap<>(deletions);
        if (deletion == null) {
            all.remove(ofId);
        } else {
            all.put(ofId, deletion);
        }
        return with(d -> d.deletions = all);
    }

    /**
     * Records that AWS accepted the calls since the record {@code before}. Each of them counts if it shows no effect.
     */
    public ResourceRecord accepted(@Nullable ResourceRecord before) {
        return with(d -> {
            d.rollout = rollout == null ? null : rollout.accepted(before == null ? null : before.rollout);
            d.repairs = repairs.accepted(before == null ? null : before.repairs);
            d.recreations = recreations.accepted(before == null ? null : before.recreations);
            d.deletions = new TreeMap<>(deletions);
            d.deletions.replaceAll((ofId, last) -> last.accepted(before == null ? null : before.deletions.get(ofId)));
        });
    }

    /** Whether a write was sent again that had shown no effect before. */
    public boolean repeats(@Nullable ResourceRecord before) {
        return before != null
                && (repairs.repeats(before.repairs)
                        || recreations.repeats(before.recreations)
                        || deletions.entrySet().stream()
                                .anyMatch(d -> d.getValue().repeats(before.deletions.get(d.getKey()))));
    }

    /** Restores only the counts of writes without effect: calls failed, and some of them may have taken effect. */
    public ResourceRecord uncounted(@Nullable ResourceRecord before) {
        return with(d -> {
            d.repairs = before == null ? RepairMemory.NONE : before.repairs;
            d.recreations = before == null ? RepairMemory.NONE : before.recreations;
            d.deletions = before == null ? Map.of() : before.deletions;
        });
    }

    /** Clears the counts, so that writes that had no effect may be tried again; a failed rollout is due again. */
    public ResourceRecord triedAnew() {
        return with(d -> {
            d.rollout = d.rollout == null ? null : d.rollout.dueAgain();
            d.repairs = RepairMemory.NONE;
            d.recreations = RepairMemory.NONE;
            d.deletions = Map.of();
        });
    }

    private static Map<String, Deletion> without(Map<String, Deletion> all, @Nullable String id) {
        Map<String, Deletion> rest = new TreeMap<>(all);
        if (id != null) {
            rest.remove(id);
        }
        return rest;
    }

    /** Records that the resource is deleted on purpose, so that its absence is no loss. */
    public ResourceRecord released() {
        return with(d -> {
            d.createdAt = null;
            d.intent = null;
            d.completed = false;
        });
    }
}
