package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Event;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Rollout;
import dev.holdfast.plan.Diff;
import dev.holdfast.plan.Masks;
import dev.holdfast.plan.Presence;
import dev.holdfast.plan.Subject;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.ResourceRecord.RolloutMemory;
import dev.holdfast.state.StackState;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/** After a fresh look: records what is in sync, what became of repairs and rollouts, and what drifted. */
final class Bookkeeper {
    private final StackState state;
    private final DriftLedger drift;
    private final Failures failures;
    private final EventLog events;
    private final UnaryOperator<String> hasher;
    private final Clock clock;
    private final Set<ResourceId> again;

    Bookkeeper(
            StackState state,
            DriftLedger drift,
            Failures failures,
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
    void seen(Target<?> target, Subjects.Assessed assessed, String revision) {
        Subject subject = assessed.subject();
        switch (subject.presence()) {
            case Presence.Present p
            when subject.isDesired() -> present(target, subject, assessed.whole(), p.known(), revision);
            case Presence.Present p -> unexpected(target, subject, p.known());
            case Presence.Absent a
            when subject.isDesired() && subject.memory().applied() ->
                found(new DriftItem(
                        subject.id(),
                        subject.memory().physicalId(),
                        DriftItem.Type.Missing,
                        DriftItem.State.Detected,
                        clock.instant(),
                        null,
                        java.util.List.of()));
            case Presence.Absent a -> over(subject.id());
            case Presence.Going g -> {}
            case Presence.Taken t -> {}
            case Presence.Unclear u -> {}
        }
    }

    private void present(Target<?> target, Subject subject, Diff diff, Known<?> known, String revision) {
        ResourceRecord record = state.record(subject.id());
        if (record != null) {
            ResourceRecord next = record.repairs(Repairs.seen(record.repairs(), diff));
            next = rollout(next, subject, known);
            state.save(next);
        }
        boolean pending = diff.changes().stream().anyMatch(FieldChange::knownAfterApply);
        if (diff.isEmpty() && !pending) {
            inSync(target, subject, known, revision);
        }
        drifted(subject, diff, known);
    }

    private void inSync(Target<?> target, Subject subject, Known<?> known, String revision) {
        if (target.bound() == null) {
            return;
        }
        failures.clear(subject.id());
        ResourceRecord record = state.record(subject.id());
        ResourceRecord base = record != null
                ? record
                : ResourceRecord.of(subject.id(), Applier.onDelete(target))
                        .found(Round.idOf(known), java.util.List.of());
        JsonNode applied = Masks.stored(target.bound().spec(), hasher);
        String since = base.revision() == null ? revision : base.revision();
        ResourceRecord same = synced(base, applied, since, target, subject);
        state.save(same.equals(record) ? same : synced(base, applied, revision, target, subject));
    }

    private static ResourceRecord synced(
            ResourceRecord base, JsonNode applied, String revision, Target<?> target, Subject subject) {
        return base.inSync(
                applied,
                revision,
                Applier.onDelete(target),
                subject.dependencies(),
                target.desired() == null ? null : target.desired().owner(),
                target.desired() == null ? null : target.desired().region());
    }

    /** A failure counts for the rollout that we asked for, not for the one that stood before it. */
    private ResourceRecord rollout(ResourceRecord record, Subject subject, Known<?> known) {
        Rollout seen = known.rollout();
        if (seen == null || subject.rolloutKey() == null) {
            return record;
        }
        RolloutMemory memory = record.rollout();
        if (memory == null) {
            memory = new RolloutMemory(subject.rolloutKey(), clock.instant(), null, null, null, false);
        }
        boolean failedNow = seen.state() == Rollout.State.Failed
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

    private boolean dependencyChanged(Subject subject) {
        Instant since = clock.instant().minus(Tunings.ROLLOUT_SECOND_TRY);
        return subject.dependencies().stream()
                .map(state::record)
                .anyMatch(r -> r != null
                        && r.lastChange() != null
                        && r.lastChange().at().isAfter(since));
    }

    private void drifted(Subject subject, Diff diff, Known<?> known) {
        boolean any = subject.memory().completed()
                && diff.changes().stream()
                        .anyMatch(c -> c.effect() != FieldChange.Effect.Released
                                && c.cause() != FieldChange.Cause.PendingChange);
        if (any) {
            found(new DriftItem(
                    subject.id(),
                    Round.idOf(known),
                    DriftItem.Type.Modified,
                    DriftItem.State.Detected,
                    clock.instant(),
                    null,
                    diff.changes().stream()
                            .filter(c -> c.effect() != FieldChange.Effect.Released)
                            .toList()));
        } else if (diff.isEmpty()) {
            over(subject.id());
        }
    }

    private void unexpected(Target<?> target, Subject subject, Known<?> known) {
        if (target.record() == null) {
            found(new DriftItem(
                    subject.id(),
                    Round.idOf(known),
                    DriftItem.Type.Unexpected,
                    DriftItem.State.Detected,
                    clock.instant(),
                    null,
                    java.util.List.of()));
        }
    }

    private void found(DriftItem item) {
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
