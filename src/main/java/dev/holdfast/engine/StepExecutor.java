package dev.holdfast.engine;

import static dev.holdfast.engine.StepArguments.need;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.Faults;
import dev.holdfast.aws.Operations;
import dev.holdfast.aws.WriteRefusedException;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.model.Action;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Phase;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Masks;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.plan.Withdrawals;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.ResourceRecord.Deletion;
import dev.holdfast.state.ResourceRecord.LastChange;
import dev.holdfast.state.RolloutMemory;
import dev.holdfast.state.SecretHasher;
import dev.holdfast.state.StackState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Carries out one step. The state is written before the call that it records, and a point read confirms that a creation
 * or deletion is needed, because lists lag. Safe for use by many threads.
 */
final class StepExecutor {
    private final SessionContext context;
    private final StepArguments arguments;
    private final Observer observer;
    private final StackState state;
    private final RecordedWrites writes;
    private final SecretHasher hasher;
    private final ExchangeExecutor exchanges;

    StepExecutor(SessionContext context, Observer observer) {
        this.context = context;
        this.arguments = new StepArguments(context);
        this.observer = observer;
        this.state = context.state();
        this.writes = new RecordedWrites(state);
        this.hasher = context.hasher();
        this.exchanges = new ExchangeExecutor(context, arguments, writes);
    }

    /** @param group for an update: all updates, including this one, that may have to go in one call */
    StepOutcome execute(StepWork work, List<StepWork> group, String revision) {
        return contained(work, () -> typed(work, work.target(), group, revision));
    }

    /**
     * Carries out the steps of a group, of which AWS accepts at least one only together with the others.
     *
     * @return the outcome of each step
     */
    StepOutcome exchange(List<StepWork> group, String revision) {
        return contained(group.getFirst(), () -> {
            exchanges.execute(group, revision);
            return new StepOutcome.Applied();
        });
    }

    private static StepOutcome contained(StepWork work, Supplier<StepOutcome> calls) {
        try {
            return calls.get();
        } catch (Observer.UnconfirmedException e) {
            return new StepOutcome.Unread(e.fault());
        } catch (WriteRefusedException e) {
            return new StepOutcome.NotAllowed(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // An exception of a kind or of the state makes this step fail and stops nothing else.
            Fault fault = Faults.classify(e, work.assessment().info().faultRules());
            return isRefusedRead(fault) ? new StepOutcome.Unread(fault) : new StepOutcome.Failed(fault);
        }
    }

    /** Whether AWS rejected a read as invalid. Only the rejection of a write says that the spec is invalid. */
    private static boolean isRefusedRead(Fault fault) {
        return fault.category() == Fault.Category.INVALID
                && !fault.operation().isEmpty()
                && !Operations.isWrite(fault.operation());
    }

    private <S extends Record> StepOutcome typed(
            StepWork work, ManagedResource<S> target, List<StepWork> group, String revision) {
        Step step = work.step();
        ResourceAssessment assessment = work.assessment();
        Known<?> known = work.known();
        LastChange change = new LastChange(context.now(), step.action(), revision);
        return switch (step.action()) {
            case Create -> create(target, assessment, null, change);
            case Replace ->
                step.deleteFirst()
                        ? deleteFirst(target, need(known), assessment, change)
                        : create(target, assessment, step.physicalId(), change);
            case Update -> update(work, target, group, change);
            case Adopt -> adopt(work, target, change);
            case Restart -> restart(target, need(known), step.hash(), change);
            case Delete -> delete(target, Objects.requireNonNull(step.physicalId()), !step.extra());
            case Forget -> forget(target);
            case NoOp -> release(target, need(known), change.revision());
        };
    }

    private <S extends Record> StepOutcome create(
            ManagedResource<S> target, ResourceAssessment assessment, @Nullable String replaces, LastChange change) {
        if (replaces == null) {
            List<Known<?>> found = observer.confirm(target, null);
            boolean restorable = found.stream().allMatch(k -> k.phase() == Phase.Restorable);
            if (isThere(target, found) && !restorable) {
                return new StepOutcome.Contradicted(found);
            }
        }
        ResourceRecord before = arguments.recordOf(target);
        ResourceRecord record = before.intending(arguments.intent(before, replaces))
                .repairs(arguments.repairs(target, before, assessment, replaces))
                .recreations(replaces == null ? LoopBreaker.creating(before, context.now()) : before.recreations());
        if (assessment.rolloutKey() != null) {
            record = record.rollingOut(
                    RolloutMemory.requesting(assessment.rolloutKey(), context.now(), null, false, false));
        }
        String incarnation = need(record.intent()).incarnation();
        String physicalId = writes.send(record, () -> target.kind().create(arguments.desired(target), incarnation));
        state.save(arguments.recordOf(target).created(physicalId, context.now(), change));
        return new StepOutcome.Applied();
    }

    private <S extends Record> StepOutcome deleteFirst(
            ManagedResource<S> target, Known<?> known, ResourceAssessment assessment, LastChange change) {
        ResourceRecord record = arguments.recordOf(target);
        return requestDeletion(
                target,
                known,
                record.found(known.identity().physicalId())
                        .repairs(arguments.repairs(
                                target, record, assessment, known.identity().physicalId()))
                        .released()
                        .changed(change));
    }

    /**
     * Sends the next call of a deletion, unless the last call may not be visible yet, or too many calls had no effect.
     *
     * @param record the record to store before the call
     */
    private <S extends Record> StepOutcome requestDeletion(
            ManagedResource<S> target, Known<?> known, ResourceRecord record) {
        String physicalId = known.identity().physicalId();
        Deletion last = record.deletions().get(physicalId);
        return switch (DeletionLoopBreaker.next(last, known, hasher, context.now())) {
            case DeletionLoopBreaker.NextDeletion.Wait w -> new StepOutcome.UnderWay();
            case DeletionLoopBreaker.NextDeletion.Stop stop -> {
                state.save(arguments.recordOf(target).deleting(physicalId, stop.memory()));
                yield new StepOutcome.GivenUp();
            }
            case DeletionLoopBreaker.NextDeletion.Send send -> {
                Observed<S> observed = arguments.observed(target, known);
                try {
                    writes.send(
                            record.deleting(physicalId, send.memory()),
                            () -> target.kind().delete(observed));
                } catch (SdkException e) {
                    Fault fault = Faults.classify(e, target.kind().info().faultRules());
                    yield new StepOutcome.Failed(DependencyHolders.named(fault, target.kind(), observed));
                }
                yield new StepOutcome.Applied();
            }
        };
    }

    private <S extends Record> StepOutcome update(
            StepWork work, ManagedResource<S> target, List<StepWork> group, LastChange change) {
        Instant now = context.now();
        ResourceAssessment assessment = work.assessment();
        Known<?> known = need(work.known());
        ResourceRecord record = arguments.recordOf(target);
        String fingerprint = LoopBreaker.fingerprint(assessment.diff(), () -> target.desiredDigest(hasher));
        Fault failed =
                FailedChanges.of(target.kind(), arguments.observed(target, known), record.repairs(), fingerprint, now);
        if (failed != null) {
            return new StepOutcome.Failed(failed);
        }
        record = record.found(known.identity().physicalId()).changed(change);
        record = record.repairs(arguments.writing(target, record, assessment.diff()));
        if (!assessment.diff().withdraws(work.step().changes())) {
            record = record.granting(Withdrawals.grants(need(target.bound()).spec()));
        }
        if (work.step().rollout() && assessment.rolloutKey() != null) {
            RolloutMemory rolled = record.rollout();
            boolean again = assessment.history().again();
            boolean retried = again && rolled != null && rolled.retried();
            String before = known.rollout() == null ? null : known.rollout().id();
            record = record.rollingOut(RolloutMemory.requesting(assessment.rolloutKey(), now, before, retried, again));
        }
        List<Change<S>> together = new ArrayList<>();
        group.forEach(other -> together.add(arguments.changeOf(other)));
        Change<S> mine =
                arguments.change(work, target, assessment.history().again()).in(together);
        Set<String> written = target.kind().sends(mine);
        writes.send(record, () -> target.kind().update(mine));
        JsonNode applied = record.applied();
        if (applied != null) {
            state.save(arguments
                    .recordOf(target)
                    .withApplied(Masks.withWrittenSecrets(
                            applied, need(target.bound()).spec(), written, hasher)));
        }
        return new StepOutcome.Applied();
    }

    /** An approval is valid for one restart: it is used up before the call, whether the call succeeds or not. */
    private <S extends Record> StepOutcome restart(
            ManagedResource<S> target, Known<?> known, String hash, LastChange change) {
        state.update(memory -> {
            Map<String, Instant> approvals = new HashMap<>(memory.approvals());
            approvals.remove(hash);
            return memory.approvals(approvals);
        });
        ResourceRecord record =
                arguments.recordOf(target).found(known.identity().physicalId());
        writes.send(record.changed(change), () -> target.kind().restart(arguments.observed(target, known)));
        return new StepOutcome.Applied();
    }

    /** The desired tags include the ownership tags, so that an adoption is an ordinary update. */
    private <S extends Record> StepOutcome adopt(StepWork work, ManagedResource<S> target, LastChange change) {
        ResourceRecord record = arguments.recordOf(target);
        ResourceRecord taken = record.found(need(work.known()).identity().physicalId())
                .changed(change)
                .repairs(arguments.writing(target, record, work.assessment().diff()));
        writes.send(taken, () -> target.kind().update(arguments.change(work, target, false)));
        return new StepOutcome.Applied();
    }

    /** Records that the fields are no longer owned. Nothing is written to AWS. */
    private <S extends Record> StepOutcome release(
            ManagedResource<S> target, Known<?> known, @Nullable String revision) {
        ResourceRecord record =
                arguments.recordOf(target).found(known.identity().physicalId());
        state.save(record.withApplied(Masks.stored(need(target.bound()).spec(), hasher)));
        return new StepOutcome.Applied();
    }

    /**
     * Forgets the record of a deleted resource. A record that is forgotten too early is lost if no tag identifies the
     * object. An object that now belongs to another resource does not count.
     */
    private StepOutcome forget(ManagedResource<?> target) {
        List<Known<?>> found = target.record() == null || target.record().physicalId() == null
                ? List.of()
                : observer.confirm(target, null).stream()
                        .filter(k -> !OwnershipMatcher.isOfAnother(k, context.stack(), target.id()))
                        .filter(k -> !OwnershipMatcher.isLetGo(k, target, context.now()))
                        .toList();
        if (isThere(target, found)) {
            // Tags that were just written may not be visible yet, so that an immediate read would not help.
            return found.stream().allMatch(k -> OwnershipMatcher.isUntagged(k, target))
                    ? new StepOutcome.UnderWay()
                    : new StepOutcome.Contradicted(found);
        }
        state.forget(target.id());
        return new StepOutcome.Applied();
    }

    /** Whether a point read found the resource or another object with its name, and not only a copy. */
    private boolean isThere(ManagedResource<?> target, List<Known<?>> found) {
        ResourceReading.FoundObjects objects = observer.byOwner(target, found);
        return OwnershipMatcher.choose(objects.ours(), target).chosen() != null
                || !objects.strangers().isEmpty();
    }

    /** @param whole whether the object is the resource itself */
    private <S extends Record> StepOutcome delete(ManagedResource<S> target, String physicalId, boolean whole) {
        Known<?> found = observer.confirm(target, physicalId).stream()
                .filter(k -> k.identity().physicalId().equals(physicalId))
                .filter(k -> target.id()
                                .equals(OwnershipMatcher.owner(
                                        k, context.stack(), target.id().kind()))
                        || target.isOwnedElsewhere())
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
        if (found.phase() == Phase.Deleting) {
            return new StepOutcome.UnderWay();
        }
        ResourceRecord kept =
                record != null ? record : arguments.recordOf(target).found(physicalId);
        return requestDeletion(
                target,
                found,
                whole ? kept.changed(new LastChange(context.now(), Action.Delete, kept.revision())) : kept);
    }
}
