package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.ChangeAuthor;
import dev.holdfast.model.ChangeHint;
import dev.holdfast.model.Event;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Phase;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Rollout;
import dev.holdfast.plan.Diff;
import dev.holdfast.plan.Presence;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.RolloutMemory;
import dev.holdfast.state.StackState;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Records after a fresh read which resources are in sync, the results of repairs and rollouts, and the drift. */
final class RecordKeeper {
    private final SessionContext context;
    private final StackState state;
    private final EventLog events;
    private final DriftLedger drift;
    private final RetrySchedule retries;
    private final ResourceNotices notices;
    private final ChangeWitnesses witnesses;
    private final AppliedSpecs appliedSpecs;
    private Map<ResourceId, Set<ResourceId>> unused = Map.of();

    RecordKeeper(SessionContext context, DriftLedger drift, RetrySchedule retries, ChangeWitnesses witnesses) {
        this.context = context;
        this.state = context.state();
        this.events = context.events();
        this.drift = drift;
        this.retries = retries;
        this.notices = new ResourceNotices(state, events);
        this.witnesses = witnesses;
        this.appliedSpecs = new AppliedSpecs(context.hasher());
    }

    /** Forgets the resources that are neither desired nor recorded any more. */
    void managedNow(Set<ResourceId> managed) {
        notices.managedNow(managed);
        appliedSpecs.retain(managed);
        witnesses.retain(managed);
        retries.retain(managed);
    }

    /** @param now by resource, the former dependencies that no object uses any more: their record ends */
    void unusedNow(Map<ResourceId, Set<ResourceId>> now) {
        unused = now;
    }

    ResourceNotices notices() {
        return notices;
    }

    /** The author of a change since a read showed the resource as desired, or null. */
    @Nullable
    ChangeAuthor authorOf(ResourceId id) {
        return witnesses.authorOf(id);
    }

    /** Processes a service's notice about a resource. */
    void report(ResourceId id, ChangeHint.ServiceWord word) {
        notices.report(id, word, context.now());
    }

    /**
     * @param children the attached objects that no document declares, by physical id
     * @param revision the enforced revision
     */
    void keep(
            ManagedResource<?> target,
            ResourceAssessment assessment,
            Map<String, FieldChange> children,
            String revision) {
        notices.read(assessment);
        unexpected(target, assessment, children);
        recorded(target, assessment, revision);
        notices.recorded(assessment);
    }

    private void recorded(ManagedResource<?> target, ResourceAssessment assessment, String revision) {
        switch (assessment.presence()) {
            case Presence.Present p when assessment.isDesired() -> present(target, assessment, p.known(), revision);
            case Presence.Present p -> {}
            case Presence.Missing m -> missing(assessment);
            case Presence.Deleting d -> {}
            case Presence.NameTaken t -> {}
            case Presence.Unclear u -> {}
        }
    }

    private void missing(ResourceAssessment assessment) {
        if (assessment.isDesired() && assessment.history().completed()) {
            found(
                    DriftItem.open(
                            assessment.id(),
                            assessment.history().physicalId(),
                            DriftItem.DriftType.Missing,
                            state(assessment),
                            context.now(),
                            List.of()),
                    Set.of());
        } else {
            over(assessment.id());
        }
    }

    private void present(ManagedResource<?> target, ResourceAssessment assessment, Known<?> known, String revision) {
        Diff diff = assessment.whole();
        ResourceRecord record = state.record(assessment.id());
        Diff byOthers = diff;
        if (record != null) {
            ResourceRecord next = record.repairs(
                            LoopBreaker.seen(record.repairs(), diff, () -> target.desiredDigest(context.hasher())))
                    .recreations(LoopBreaker.seen(record.recreations()));
            RolloutMemory failed = failedRollout(next, assessment, known);
            if (failed != null) {
                next = next.rollingOut(failed);
            }
            state.save(next);
            if (failed != null) {
                events.add(assessment.id(), Event.Severity.Warning, "RolloutFailed", String.valueOf(failed.failure()));
            }
            if (rolledBack(next, assessment)) {
                byOthers = Assessor.withoutRollout(target, diff);
            }
        }
        // A released field, or a field with an unknown value, is recorded by its own step.
        if (diff.changes().isEmpty()) {
            inSync(target, assessment, known, revision);
        }
        drifted(assessment, byOthers, known);
    }

    /** Whether AWS rolled back the rollout: the difference that it leaves is not drift. */
    private static boolean rolledBack(ResourceRecord record, ResourceAssessment assessment) {
        RolloutMemory rollout = record.rollout();
        return rollout != null && rollout.failedId() != null && rollout.key().equals(assessment.rolloutKey());
    }

    private void inSync(ManagedResource<?> target, ResourceAssessment assessment, Known<?> known, String revision) {
        if (known.phase() == Phase.Steady) {
            witnesses.inSync(assessment.id(), context.now());
        }
        if (target.bound() == null) {
            return;
        }
        // A restart is not a difference, and it is not complete before it has succeeded.
        if (!assessment.history().again() && assessment.approved().restart() == null) {
            retries.clearOn(assessment.id());
        }
        ResourceRecord record = state.record(assessment.id());
        ResourceRecord base = record != null
                ? record
                : ResourceRecord.of(assessment.id(), target.onDelete())
                        .found(known.identity().physicalId());
        JsonNode applied =
                appliedSpecs.of(assessment.id(), target.appliedInSync(known), base.applied(), target.resolved());
        notices.unknownValues(assessment.id(), base.applied(), applied);
        String since = base.revision() == null ? revision : base.revision();
        ResourceRecord same = synced(base, applied, since, target, assessment);
        state.save(same.equals(record) ? same : synced(base, applied, revision, target, assessment));
    }

    private ResourceRecord synced(
            ResourceRecord base,
            JsonNode applied,
            String revision,
            ManagedResource<?> target,
            ResourceAssessment assessment) {
        return base.inSync(
                applied,
                revision,
                target.onDelete(),
                referencedResources(base, assessment),
                target.desired() == null ? null : target.desired().owner(),
                target.desired() == null ? null : target.desired().region());
    }

    /**
     * The recorded dependencies include deferred references, because these count for deletions and for retained
     * resources. They include former dependencies as long as an object may use them.
     */
    private Set<ResourceId> referencedResources(ResourceRecord base, ResourceAssessment assessment) {
        Set<ResourceId> all = new TreeSet<>(base.dependsOn());
        all.removeAll(unused.getOrDefault(assessment.id(), Set.of()));
        all.addAll(assessment.dependencies());
        all.addAll(assessment.deferred());
        return all;
    }

    /**
     * The rollout that has just failed, or null. A failure counts for the rollout that we requested, not for an earlier
     * one.
     */
    private @Nullable RolloutMemory failedRollout(
            ResourceRecord record, ResourceAssessment assessment, Known<?> known) {
        Rollout seen = known.rollout();
        if (seen == null || assessment.rolloutKey() == null) {
            return null;
        }
        RolloutMemory memory = record.rollout();
        if (memory == null) {
            memory = RolloutMemory.requesting(assessment.rolloutKey(), context.now(), null, false, false);
        }
        // If our rollout does not show up in time, the failure of the earlier rollout counts.
        boolean another = !seen.id().equals(memory.before())
                || (memory.beforeCounts() && !context.now().isBefore(memory.at().plus(EngineConstants.WRITE_VISIBLE)));
        boolean failedNow = seen.state() == Rollout.RolloutState.Failed && memory.failedId() == null && another;
        if (!failedNow) {
            return null;
        }
        String reason = seen.reason() == null ? "the rollout failed" : seen.reason();
        boolean again = !memory.retried() && seen.mayPass() && dependencyChanged(assessment);
        return new RolloutMemory(
                memory.key(),
                memory.at(),
                memory.before(),
                seen.id(),
                reason,
                again || memory.retried(),
                again,
                memory.beforeCounts());
    }

    /** The direct and indirect dependencies: a task definition, for example, depends on its role and secrets. */
    Set<ResourceId> behind(ResourceAssessment assessment) {
        Set<ResourceId> all = assessment.dependencies();
        Deque<ResourceId> open = new ArrayDeque<>(all);
        while (!open.isEmpty()) {
            ResourceRecord record = state.record(open.pop());
            if (record != null) {
                record.dependsOn().stream().filter(all::add).forEach(open::push);
            }
        }
        return all;
    }

    private boolean dependencyChanged(ResourceAssessment assessment) {
        Instant since = context.now().minus(EngineConstants.ROLLOUT_SECOND_TRY);
        return behind(assessment).stream()
                .map(state::record)
                .anyMatch(r -> r != null
                        && r.lastChange() != null
                        && r.lastChange().at().isAfter(since));
    }

    private void drifted(ResourceAssessment assessment, Diff diff, Known<?> known) {
        ResourceRecord record = state.record(assessment.id());
        Instant now = context.now();
        if (record != null && LoopBreaker.mayBeStale(record, diff, now)) {
            return;
        }
        List<FieldChange> drifted = diff.changes().stream()
                .filter(c -> c.effect() != FieldChange.Effect.Released && c.cause() != FieldChange.Cause.PendingChange)
                .toList();
        if (assessment.history().completed() && !drifted.isEmpty()) {
            found(
                    DriftItem.open(
                            assessment.id(),
                            known.identity().physicalId(),
                            DriftItem.DriftType.Modified,
                            state(assessment),
                            now,
                            drifted),
                    diff.paths());
        } else if (diff.isEmpty() && record != null && LoopBreaker.contestLasts(record, now)) {
            contested(assessment.id());
            drift.state(assessment.id(), DriftItem.DriftState.Contested);
        } else if (drift.showsNoneOf(assessment.id(), diff)) {
            // The remaining differences are pending changes, which may wait for a long time.
            over(assessment.id());
        }
    }

    private static DriftItem.DriftState state(ResourceAssessment assessment) {
        return assessment.history().repairs().contested()
                ? DriftItem.DriftState.Contested
                : DriftItem.DriftState.Detected;
    }

    /**
     * Reports objects that carry the ownership of a resource or are attached to it, and that neither a document nor a
     * record explains.
     */
    private void unexpected(
            ManagedResource<?> target, ResourceAssessment assessment, Map<String, FieldChange> children) {
        if (assessment.presence() instanceof Presence.Unclear) {
            return;
        }
        ResourceId id = assessment.id();
        Set<String> known = drift.unexpected(id);
        Set<String> now = new TreeSet<>(assessment.history().copies());
        if (!assessment.isDesired() && assessment.presence() instanceof Presence.Present p) {
            String physicalId = p.known().identity().physicalId();
            if (target.record() == null || known.contains(physicalId)) {
                now.add(physicalId);
            }
            if (target.record() == null) {
                // Later reads request the object by its id, and do not rely on its tags alone.
                state.save(ResourceRecord.of(id, target.onDelete()).found(physicalId));
            }
        }
        now.addAll(children.keySet());
        for (String physicalId : now) {
            FieldChange child = children.get(physicalId);
            found(
                    DriftItem.open(
                            id,
                            physicalId,
                            DriftItem.DriftType.Unexpected,
                            DriftItem.DriftState.Detected,
                            context.now(),
                            child == null ? List.of() : List.of(child)),
                    Set.of());
        }
        known.removeAll(now);
        for (String gone : known) {
            drift.over(id, gone, context.now());
            events.add(
                    id,
                    Event.Severity.Info,
                    "UnexpectedGone",
                    gone + " was deleted, is declared now, or no longer carries the ownership of " + id);
        }
    }

    private void contested(ResourceId id) {
        if (!drift.isContested(id)) {
            events.add(
                    id,
                    Event.Severity.Warning,
                    "DriftContested",
                    "another principal repeatedly undoes the repair; Holdfast continues to repair the resource, after"
                            + " growing pauses");
        }
    }

    private void found(DriftItem seen, Set<String> differing) {
        ChangeAuthor author = witnesses.authorOf(seen.resource());
        DriftItem item = author == null ? seen : seen.by(author);
        if (item.state() == DriftItem.DriftState.Contested) {
            contested(item.resource());
        }
        if (drift.found(item, differing)) {
            context.coverage().found(item.resource(), author != null, context.now());
            String details = item.type() == DriftItem.DriftType.Unexpected
                    ? item.physicalId()
                            + (item.isChild()
                                    ? " is attached to " + item.resource() + ", and no document declares it"
                                    : " carries the ownership of " + item.resource())
                    : String.join(
                            ", ", item.fields().stream().map(FieldChange::words).toList());
            events.add(
                    item.resource(),
                    Event.Severity.Warning,
                    "DriftDetected",
                    item.type()
                            + (details.isEmpty() ? "" : ": " + details)
                            + (author == null ? "" : "; by " + author.inWords()));
        }
    }

    /** An event names the author of a change: drift that is found later, or was found already, gets this author. */
    void witness(ResourceId id, ChangeAuthor by) {
        witnesses.saw(id, by, context.now());
        if (drift.witness(id, by)) {
            context.coverage().explained(id);
            events.add(id, Event.Severity.Info, "DriftAuthor", "the drift was caused by " + by.inWords());
        }
    }

    private void over(ResourceId id) {
        DriftItem item = drift.over(id, "", context.now());
        if (item != null) {
            witnesses.repaired(id, item.firstSeen(), item.by());
            context.coverage().repaired(item, context.now());
            events.add(id, Event.Severity.Info, "DriftRepaired", "a fresh read shows it as desired");
        }
    }
}
