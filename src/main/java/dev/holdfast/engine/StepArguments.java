package dev.holdfast.engine;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.Specs;
import dev.holdfast.model.Action;
import dev.holdfast.plan.Diff;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.ResourceRecord.Intent;
import dev.holdfast.state.ResourceRecord.LastChange;
import dev.holdfast.state.ResourceRecord.RepairMemory;
import dev.holdfast.state.SecretHasher;
import dev.holdfast.state.StackState;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The arguments of a step's calls, and the memory that is stored before them. Safe for use by many threads. */
final class StepArguments {
    private final SessionContext context;
    private final StackState state;
    private final SecretHasher hasher;

    StepArguments(SessionContext context) {
        this.context = context;
        this.state = context.state();
        this.hasher = context.hasher();
    }

    static <T> T need(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("the step needs a resource that was observed");
        }
        return value;
    }

    RepairMemory writing(ManagedResource<?> target, ResourceRecord record, Diff diff) {
        String fingerprint = LoopBreaker.fingerprint(diff, () -> target.desiredDigest(hasher));
        return LoopBreaker.writing(record.repairs(), fingerprint, context.now());
    }

    /**
     * The intent of a create. If a create may have been sent, the incarnation stays, so that the same create is
     * repeated.
     */
    Intent intent(ResourceRecord before, @Nullable String replaces) {
        Intent open = before.intent();
        boolean same = open != null && Objects.equals(open.replaces(), replaces) && !before.answered(open);
        return new Intent(same ? need(open).incarnation() : UUID.randomUUID().toString(), context.now(), replaces);
    }

    /** The repair memory of a new object is empty, unless the object replaces an old one that could not be changed. */
    RepairMemory repairs(
            ManagedResource<?> target,
            ResourceRecord before,
            ResourceAssessment assessment,
            @Nullable String replaces) {
        if (replaces != null) {
            return writing(target, before, assessment.diff());
        }
        LastChange last = before.lastChange();
        boolean oldOneWentFirst = !before.completed() && last != null && last.action() == Action.Replace;
        return oldOneWentFirst ? before.repairs() : RepairMemory.NONE;
    }

    <S extends Record> Change<S> change(StepWork work, ManagedResource<S> target, boolean again) {
        Diff diff = work.assessment().diff();
        return new Change<>(
                desired(target.asPlanned(diff)),
                observed(target, need(work.known())),
                diff.changed(),
                diff.staleTags(),
                diff.paths(),
                again,
                List.of());
    }

    @SuppressWarnings("unchecked") // all updates of a group are of one kind
    <S extends Record> Change<S> changeOf(StepWork other) {
        return change(
                other,
                (ManagedResource<S>) other.target(),
                other.assessment().history().again());
    }

    ResourceRecord recordOf(ManagedResource<?> target) {
        ResourceRecord record = state.record(target.id());
        return record != null ? record : ResourceRecord.of(target.id(), target.onDelete());
    }

    <S extends Record> Desired<S> desired(ManagedResource<S> target) {
        Specs.Bound<S> bound = need(target.bound());
        return new Desired<>(
                target.id(), bound.spec(), context.stack(), context.clients().in(target.region()));
    }

    @SuppressWarnings("unchecked") // the observed spec of a target is of its kind's type
    <S extends Record> Observed<S> observed(ManagedResource<S> target, Known<?> known) {
        ResourceRecord record = target.record();
        return new Observed<>(
                target.id(),
                (Known<S>) known,
                context.stack(),
                context.clients().in(target.region()),
                target.applied(),
                target.desired() == null && record != null ? record.onDelete() : target.onDelete());
    }
}
