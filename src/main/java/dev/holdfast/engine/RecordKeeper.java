package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Event;
import dev.holdfast.model.Fault;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Rollout;
import dev.holdfast.plan.Attempt;
import dev.holdfast.plan.Diff;
import dev.holdfast.plan.Masks;
import dev.holdfast.plan.Presence;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.ResourceRecord.RolloutMemory;
import dev.holdfast.state.StackState;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** After a fresh look: records what is in sync, what became of repairs and rollouts, and what drifted. */
final class RecordKeeper {
    private final StackState state;
    private final DriftLedger drift;
    private final RetrySchedule failures;
    private final EventLog events;
    private final UnaryOperator<String> hasher;
    private final Clock clock;
    private final Set<ResourceId> again;
    /** The call that was denied when it was last read. */
    private final Map<ResourceId, String> unreadable = new HashMap<>();

    RecordKeeper(
            StackState state,
            DriftLedger drift,
            RetrySchedule failures,
            EventLog events,
            UnaryOperator<String> hasher,
            Clock clock,
            Set<ResourceId> again) {
        this.state = state;
        this.drift = drift;
        this.failures = failures;
        this.events = events;
        this.hasher = hasher;
        this.clock = clock;
        this.again = again;
    }

    /** @param revision that is enforced */
    void seen(ManagedResource<?> target, Assessor.Assessed assessed, String revision) {
        ResourceAssessment subject = assessed.subject();
        denied(subject);
        switch (subject.presence()) {
            case Presence.Present p
            when subject.isDesired() -> present(target, subject, assessed.whole(), p.known(), revision);
            case Presence.Present p -> unexpected(target, subject, p.known());
            case Presence.Missing a
            when subject.isDesired() && subject.memory().applied() ->
                found(new DriftItem(
                        subject.id(),
                        subject.memory().physicalId(),
                        DriftItem.DriftType.Missing,
                        state(subject),
                        clock.instant(),
                        null,
                        java.util.List.of()));
            case Presence.Missing a -> over(subject.id());
            case Presence.Deleting g -> {}
            case Presence.NameTaken t -> {}
            case Presence.Unclear u -> {}
        }
    }

    /** AWS is asked again at every pass, and says the same until somebody permits it: told when it begins and when it ends. */
    private void denied(ResourceAssessment subject) {
        Fault fault = subject.presence() instanceof Presence.Unclear unclear ? unclear.fault() : null;
        if (fault != null && fault.category() == Fault.Category.DENIED) {
            String call = fault.operation() + " " + fault.code();
            if (!call.equals(unreadable.put(subject.id(), call))) {
                events.add(subject.id(), Event.Severity.Warning, "ReadDenied", call + ": " + fault.message());
            }
        } else if (fault == null && unreadable.remove(subject.id()) != null) {
            events.add(subject.id(), Event.Severity.Info, "ReadRestored", "it can be read again");
        }
    }

    private void present(
            ManagedResource<?> target, ResourceAssessment subject, Diff diff, Known<?> known, String revision) {
        ResourceRecord record = state.record(subject.id());
        Diff byOthers = diff;
        if (record != null) {
            ResourceRecord next = record.repairs(LoopBreaker.seen(record.repairs(), diff));
            next = rollout(next, subject, known);
            state.save(next);
            if (rolledBack(next, subject)) {
                byOthers = Assessor.withoutRollout(target, diff);
            }
        }
        boolean pending = diff.changes().stream().anyMatch(FieldChange::knownAfterApply);
        if (diff.isEmpty() && !pending) {
            inSync(target, subject, known, revision);
        }
        drifted(subject, byOthers, known);
    }

    /** What AWS rolled back differs, but nobody changed it. */
    private static boolean rolledBack(ResourceRecord record, ResourceAssessment subject) {
        RolloutMemory rollout = record.rollout();
        return rollout != null && rollout.failedId() != null && rollout.key().equals(subject.rolloutKey());
    }

    private void inSync(ManagedResource<?> target, ResourceAssessment subject, Known<?> known, String revision) {
        if (target.bound() == null) {
            return;
        }
        failures.clear(Attempt.on(subject.id()));
        ResourceRecord record = state.record(subject.id());
        ResourceRecord base = record != null
                ? record
                : ResourceRecord.of(subject.id(), Applier.onDelete(target))
                        .found(PassSnapshot.idOf(known), java.util.List.of());
        JsonNode applied = Masks.stored(target.bound().spec(), hasher);
        String since = base.revision() == null ? revision : base.revision();
        ResourceRecord same = synced(base, applied, since, target, subject);
        state.save(same.equals(record) ? same : synced(base, applied, revision, target, subject));
    }

    private static ResourceRecord synced(
            ResourceRecord base,
            JsonNode applied,
            String revision,
            ManagedResource<?> target,
            ResourceAssessment subject) {
        return base.inSync(
                applied,
                revision,
                Applier.onDelete(target),
                everythingNamed(subject),
                target.desired() == null ? null : target.desired().owner(),
                target.desired() == null ? null : target.desired().region());
    }

    /** What orders nothing when it is made counts when it is to go, and when it is to stay. */
    private static Set<ResourceId> everythingNamed(ResourceAssessment subject) {
        Set<ResourceId> all = new TreeSet<>(subject.dependencies());
        all.addAll(subject.deferred());
        return all;
    }

    /** A failure counts for the rollout that we asked for, not for the one that stood before it. */
    private ResourceRecord rollout(ResourceRecord record, ResourceAssessment subject, Known<?> known) {
        Rollout seen = known.rollout();
        if (seen == null || subject.rolloutKey() == null) {
            return record;
        }
        RolloutMemory memory = record.rollout();
        if (memory == null) {
            memory = new RolloutMemory(subject.rolloutKey(), clock.instant(), null, null, null, false);
        }
        boolean failedNow = seen.state() == Rollout.RolloutState.Failed
                && memory.failedId() == null
                && !seen.id().equals(memory.before());
        if (!failedNow) {
            return record;
        }
        String reason = seen.reason() == null ? "the rollout failed" : seen.reason();
        RolloutMemory failed = memory.failed(seen.id(), reason);
        events.add(subject.id(), Event.Severity.Warning, "RolloutFailed", reason);
        if (!memory.retried() && mayPass(reason) && dependencyChanged(subject)) {
            again.add(subject.id());
            failed = new RolloutMemory(
                    failed.key(), failed.at(), failed.before(), failed.failedId(), failed.failure(), true);
        }
        return record.rollingOut(failed);
    }

    private static boolean mayPass(String reason) {
        String text = reason.toLowerCase(Locale.ROOT);
        return text.contains("resourceinitializationerror") || text.contains("accessdenied");
    }

    /** What it depends on, and what that depends on: the role and the secrets stand behind the task definition. */
    private Set<ResourceId> behind(ResourceAssessment subject) {
        Set<ResourceId> all = new TreeSet<>(subject.dependencies());
        Deque<ResourceId> open = new ArrayDeque<>(all);
        while (!open.isEmpty()) {
            ResourceRecord record = state.record(open.pop());
            if (record != null) {
                record.dependsOn().stream().filter(all::add).forEach(open::push);
            }
        }
        return all;
    }

    private boolean dependencyChanged(ResourceAssessment subject) {
        Instant since = clock.instant().minus(EngineConstants.ROLLOUT_SECOND_TRY);
        return behind(subject).stream()
                .map(state::record)
                .anyMatch(r -> r != null
                        && r.lastChange() != null
                        && r.lastChange().at().isAfter(since));
    }

    private void drifted(ResourceAssessment subject, Diff diff, Known<?> known) {
        ResourceRecord record = state.record(subject.id());
        Instant now = clock.instant();
        if (record != null && LoopBreaker.mayBeStale(record, diff, now)) {
            return;
        }
        boolean any = subject.memory().completed()
                && diff.changes().stream()
                        .anyMatch(c -> c.effect() != FieldChange.Effect.Released
                                && c.cause() != FieldChange.Cause.PendingChange);
        if (any) {
            found(new DriftItem(
                    subject.id(),
                    PassSnapshot.idOf(known),
                    DriftItem.DriftType.Modified,
                    state(subject),
                    now,
                    null,
                    diff.changes().stream()
                            .filter(c -> c.effect() != FieldChange.Effect.Released)
                            .toList()));
        } else if (diff.isEmpty() && record != null && LoopBreaker.contestLasts(record, now)) {
            contested(subject.id());
            drift.state(subject.id(), DriftItem.DriftState.Contested);
        } else if (diff.isEmpty()) {
            over(subject.id());
        }
    }

    private static DriftItem.DriftState state(ResourceAssessment subject) {
        return subject.memory().repairs().contested() ? DriftItem.DriftState.Contested : DriftItem.DriftState.Detected;
    }

    /** It is recorded, so that it is asked for by its id from now on, and not found by its tags alone. */
    private void unexpected(ManagedResource<?> target, ResourceAssessment subject, Known<?> known) {
        if (target.record() == null) {
            state.save(ResourceRecord.of(subject.id(), Applier.onDelete(target))
                    .found(PassSnapshot.idOf(known), java.util.List.of()));
            found(new DriftItem(
                    subject.id(),
                    PassSnapshot.idOf(known),
                    DriftItem.DriftType.Unexpected,
                    DriftItem.DriftState.Detected,
                    clock.instant(),
                    null,
                    java.util.List.of()));
        }
    }

    private void contested(ResourceId id) {
        if (!drift.isContested(id)) {
            events.add(
                    id,
                    Event.Severity.Warning,
                    "DriftContested",
                    "what was repaired is undone again and again; it is repaired on, more slowly");
        }
    }

    private void found(DriftItem item) {
        if (item.state() == DriftItem.DriftState.Contested) {
            contested(item.resource());
        }
        if (drift.found(item)) {
            String fields = String.join(
                    ", ", item.fields().stream().map(FieldChange::path).toList());
            events.add(
                    item.resource(),
                    Event.Severity.Warning,
                    "DriftDetected",
                    item.type() + (fields.isEmpty() ? "" : ": " + fields));
        }
    }

    private void over(ResourceId id) {
        if (drift.over(id, clock.instant())) {
            events.add(id, Event.Severity.Info, "DriftRepaired", "a fresh read shows it as desired");
        }
    }
}
