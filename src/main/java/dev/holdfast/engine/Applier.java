package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.Clients;
import dev.holdfast.aws.Faults;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.StackRef;
import dev.holdfast.model.Action;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Diff;
import dev.holdfast.plan.Masks;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.ResourceRecord.Deletion;
import dev.holdfast.state.ResourceRecord.Intent;
import dev.holdfast.state.ResourceRecord.LastChange;
import dev.holdfast.state.ResourceRecord.RepairMemory;
import dev.holdfast.state.ResourceRecord.RolloutMemory;
import dev.holdfast.state.StackState;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Carries out one step: what has to be remembered is written before the call that it is for, and a creation or deletion is
 * confirmed by a point read first, because lists lag.
 */
final class Applier {
    /** What became of a step. */
    sealed interface StepOutcome {
        record Applied() implements StepOutcome {}

        /** A point read said otherwise than the list: nothing was written. */
        record Contradicted(List<Known<?>> found) implements StepOutcome {}

        record Failed(Fault fault) implements StepOutcome {}

        /** What was replaced is there no more: nothing was sent. */
        record Gone() implements StepOutcome {}

        /** AWS is at it already, or has not shown yet what the last call did: nothing was sent. */
        record UnderWay() implements StepOutcome {}

        /** Deletions changed nothing: none is sent any more. */
        record GivenUp() implements StepOutcome {}
    }

    private final Observer observer;
    private final StackState state;
    private final StackRef stack;
    private final Clients clients;
    private final UnaryOperator<String> hasher;
    private final Clock clock;

    /** @param hasher keyed hash of a secret value */
    Applier(
            Observer observer,
            StackState state,
            StackRef stack,
            Clients clients,
            UnaryOperator<String> hasher,
            Clock clock) {
        this.observer = observer;
        this.state = state;
        this.stack = stack;
        this.clients = clients;
        this.hasher = hasher;
        this.clock = clock;
    }

    /**
     * A step, and what it acts on.
     *
     * @param known what was observed of it; null for a Create
     */
    record StepWork(
            Step step,
            ManagedResource<?> target,
            ResourceAssessment subject,
            @Nullable Known<?> known) {}

    /** @param group for an update: all that change at the same time and may have to in one call, this one included */
    StepOutcome apply(StepWork work, List<StepWork> group, String revision) {
        try {
            return typed(work, work.target(), group, revision);
        } catch (Observer.UnconfirmedException e) {
            return new StepOutcome.Failed(e.fault());
        } catch (SdkException e) {
            return new StepOutcome.Failed(
                    Faults.classify(e, work.subject().info().faultRules()));
        }
    }

    private <S extends Record> StepOutcome typed(
            StepWork work, ManagedResource<S> target, List<StepWork> group, String revision) {
        Step step = work.step();
        ResourceAssessment subject = work.subject();
        Known<?> known = work.known();
        LastChange change = new LastChange(clock.instant(), step.action(), revision);
        return switch (step.action()) {
            case Create -> create(target, subject, null, change);
            case Replace ->
                step.deleteFirst()
                        ? deleteFirst(target, need(known), change)
                        : create(target, subject, step.physicalId(), change);
            case Update -> update(work, target, group, change);
            case Adopt -> adopt(work, target, change);
            case Delete -> delete(target, java.util.Objects.requireNonNull(step.physicalId()), step.risky());
            case Forget -> forget(target);
            case NoOp -> new StepOutcome.Applied();
        };
    }

    private static <T> T need(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("a step on something that was not observed");
        }
        return value;
    }

    private <S extends Record> StepOutcome create(
            ManagedResource<S> target, ResourceAssessment subject, @Nullable String replaces, LastChange change) {
        if (replaces == null) {
            List<Known<?>> found = observer.confirm(target, null);
            boolean restorable = found.stream().allMatch(k -> k.phase() == dev.holdfast.model.Phase.Restorable);
            if (!found.isEmpty() && !restorable) {
                return new StepOutcome.Contradicted(found);
            }
        }
        ResourceRecord record = recordOf(target);
        Intent open = record.intent();
        if (open == null || !java.util.Objects.equals(open.replaces(), replaces) || record.answered(open)) {
            open = new Intent(UUID.randomUUID().toString(), clock.instant(), replaces);
        } else {
            open = new Intent(open.incarnation(), clock.instant(), replaces);
        }
        record = record.intending(open);
        if (subject.rolloutKey() != null) {
            record = record.rollingOut(
                    new RolloutMemory(subject.rolloutKey(), clock.instant(), null, null, null, false));
        }
        state.save(record);
        String physicalId;
        try {
            physicalId = target.kind().create(desired(target), open.incarnation());
        } catch (AwsServiceException e) {
            if (e.statusCode() < 500 || e.isThrottlingException()) {
                state.save(record.withoutIntent());
            }
            throw e;
        }
        ResourceRecord created = record.created(physicalId, clock.instant(), change);
        state.save(
                replaces == null && record.completed()
                        ? created.recreations(LoopBreaker.recreating(record.recreations(), clock.instant()))
                        : created);
        return new StepOutcome.Applied();
    }

    private <S extends Record> StepOutcome deleteFirst(ManagedResource<S> target, Known<?> known, LastChange change) {
        ResourceRecord record = recordOf(target);
        return requestDeletion(
                target,
                known,
                record.found(known.identity().physicalId(), record.deposed())
                        .released()
                        .changed(change));
    }

    /**
     * The next call towards gone, unless the last one may still show, or as many as are tried did nothing.
     *
     * @param record to be kept before the call
     */
    private <S extends Record> StepOutcome requestDeletion(
            ManagedResource<S> target, Known<?> known, ResourceRecord record) {
        String physicalId = known.identity().physicalId();
        Deletion last = record.deletions().get(physicalId);
        return switch (DeletionLoopBreaker.next(last, known, hasher, clock.instant())) {
            case DeletionLoopBreaker.NextDeletion.Wait w -> new StepOutcome.UnderWay();
            case DeletionLoopBreaker.NextDeletion.Stop stop -> {
                state.save(recordOf(target).deleting(physicalId, stop.memory()));
                yield new StepOutcome.GivenUp();
            }
            case DeletionLoopBreaker.NextDeletion.Send send -> {
                state.save(record.deleting(physicalId, send.memory()));
                Observed<S> observed = observed(target, known);
                try {
                    target.kind().delete(observed);
                } catch (SdkException e) {
                    // As with an update: a refusal is no call without effect.
                    state.save(record.deleting(physicalId, last));
                    Fault fault = Faults.classify(e, target.kind().info().faultRules());
                    yield new StepOutcome.Failed(DependencyHolders.named(fault, target.kind(), observed));
                }
                yield new StepOutcome.Applied();
            }
        };
    }

    private <S extends Record> StepOutcome update(
            StepWork work, ManagedResource<S> target, List<StepWork> group, LastChange change) {
        Instant now = clock.instant();
        ResourceAssessment subject = work.subject();
        Known<?> known = need(work.known());
        ResourceRecord record = recordOf(target);
        record = record.found(known.identity().physicalId(), record.deposed()).changed(change);
        RepairMemory last = record.repairs();
        record = record.repairs(LoopBreaker.writing(last, LoopBreaker.fingerprint(subject.diff()), now));
        if (work.step().rollout() && subject.rolloutKey() != null) {
            RolloutMemory rolled = record.rollout();
            boolean retried = subject.memory().again() && rolled != null && rolled.retried();
            String before = known.rollout() == null ? null : known.rollout().id();
            record = record.rollingOut(new RolloutMemory(subject.rolloutKey(), now, before, null, null, retried));
        }
        state.save(record);
        List<Change<S>> together = new ArrayList<>();
        group.forEach(other -> together.add(changeOf(other)));
        try {
            target.kind().update(change(work, target, subject.memory().again()).in(together));
        } catch (SdkException e) {
            // What AWS refuses is a failure with a reason, and no write without effect: the loop breaker does not count
            // it.
            state.save(record.repairs(last));
            throw e;
        }
        JsonNode applied = record.applied();
        if (applied != null) {
            Set<String> written = subject.diff().changed();
            state.save(record.told(Masks.told(applied, need(target.bound()).spec(), written, hasher)));
        }
        return new StepOutcome.Applied();
    }

    private <S extends Record> Change<S> change(StepWork work, ManagedResource<S> target, boolean again) {
        Diff diff = work.subject().diff();
        return new Change<>(
                desired(target),
                observed(target, need(work.known())),
                diff.changed(),
                diff.staleTags(),
                diff.paths(),
                again,
                List.of());
    }

    @SuppressWarnings("unchecked") // a group is of one kind
    private <S extends Record> Change<S> changeOf(StepWork other) {
        return change(
                other,
                (ManagedResource<S>) other.target(),
                other.subject().memory().again());
    }

    /** The ownership tags are among the desired tags, so that taking over is an update like any other. */
    private <S extends Record> StepOutcome adopt(StepWork work, ManagedResource<S> target, LastChange change) {
        ResourceRecord record = recordOf(target);
        state.save(record.found(need(work.known()).identity().physicalId(), record.deposed())
                .changed(change));
        target.kind().update(change(work, target, false));
        return new StepOutcome.Applied();
    }

    /** Whoever is forgotten too early is never found again, where no tag tells of it. */
    private StepOutcome forget(ManagedResource<?> target) {
        List<Known<?>> found = target.record() == null || target.record().physicalId() == null
                ? List.of()
                : observer.confirm(target, null);
        if (!found.isEmpty()) {
            return new StepOutcome.Contradicted(found);
        }
        state.forget(target.id());
        return new StepOutcome.Applied();
    }

    private <S extends Record> StepOutcome delete(ManagedResource<S> target, String physicalId, boolean whole) {
        Known<?> found = observer.confirm(target, physicalId).stream()
                .filter(k -> k.identity().physicalId().equals(physicalId))
                .filter(k -> target.id()
                                .equals(OwnershipMatcher.owner(
                                        k, stack, target.id().kind()))
                        || isParented(target))
                .findFirst()
                .orElse(null);
        ResourceRecord record = state.record(target.id());
        if (found == null) {
            if (!whole && record != null) {
                state.save(record.withoutDeposed(physicalId));
                return new StepOutcome.Gone();
            }
            return new StepOutcome.Contradicted(List.of());
        }
        if (found.phase() == dev.holdfast.model.Phase.Deleting) {
            return new StepOutcome.UnderWay();
        }
        ResourceRecord kept = record != null ? record : recordOf(target).found(physicalId, List.of());
        return requestDeletion(
                target,
                found,
                whole ? kept.changed(new LastChange(clock.instant(), Action.Delete, kept.revision())) : kept);
    }

    private static boolean isParented(ManagedResource<?> target) {
        return switch (target.kind().info().ownership()) {
            case PARENT, RECORD -> true;
            case TAG, MARKER -> false;
        };
    }

    private ResourceRecord recordOf(ManagedResource<?> target) {
        ResourceRecord record = state.record(target.id());
        return record != null ? record : ResourceRecord.of(target.id(), onDelete(target));
    }

    static Lifecycle.OnDelete onDelete(ManagedResource<?> target) {
        Lifecycle.OnDelete said =
                target.desired() == null ? null : target.desired().lifecycle().onDelete();
        return said != null
                ? said
                : target.kind().info().stateful() ? Lifecycle.OnDelete.Retain : Lifecycle.OnDelete.Delete;
    }

    private <S extends Record> Desired<S> desired(ManagedResource<S> target) {
        Specs.Bound<S> bound = need(target.bound());
        return new Desired<>(target.id(), bound.spec(), stack, clients.in(target.region()));
    }

    @SuppressWarnings("unchecked") // what was observed of a target is of its kind's type
    private <S extends Record> Observed<S> observed(ManagedResource<S> target, Known<?> known) {
        ResourceRecord record = target.record();
        return new Observed<>(
                target.id(),
                (Known<S>) known,
                stack,
                clients.in(target.region()),
                target.applied(),
                target.desired() == null && record != null ? record.onDelete() : onDelete(target));
    }
}
