package dev.holdfast.engine;

import static dev.holdfast.engine.StepArguments.need;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Kind;
import dev.holdfast.model.Action;
import dev.holdfast.plan.ReplacementOrder;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.ResourceRecord.LastChange;
import dev.holdfast.state.StackState;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries out replacements, and changes of resources of the same group, that AWS accepts only in one call. All records
 * are stored before the call, so that each new object is recognized if the process ends during the call.
 */
final class ExchangeExecutor {
    private final SessionContext context;
    private final StepArguments arguments;
    private final StackState state;
    private final RecordedWrites writes;

    ExchangeExecutor(SessionContext context, StepArguments arguments, RecordedWrites writes) {
        this.context = context;
        this.arguments = arguments;
        this.state = context.state();
        this.writes = writes;
    }

    /** Whether the work is a replacement or a change that {@link Kind#exchange} sends. */
    static boolean isOne(StepWork work) {
        Action action = work.step().action();
        return work.assessment().order() == ReplacementOrder.OneCall
                && (action == Action.Replace || action == Action.Update);
    }

    /** @param unit works of one kind */
    void execute(List<StepWork> unit, String revision) {
        send(unit, unit.getFirst().target(), revision);
    }

    private <S extends Record> void send(List<StepWork> unit, ManagedResource<S> first, String revision) {
        List<ResourceRecord> during = new ArrayList<>();
        List<Change<S>> changes = new ArrayList<>();
        for (StepWork work : unit) {
            during.add(record(work, work.target(), last(work, revision)));
            changes.add(arguments.changeOf(work));
        }
        List<String> ids = writes.send(during, () -> first.kind().exchange(List.copyOf(changes)));
        for (int i = 0; i < unit.size(); i++) {
            StepWork work = unit.get(i);
            if (work.step().action() == Action.Replace) {
                state.save(arguments
                        .recordOf(work.target())
                        .created(ids.get(i), context.now(), last(work, revision))
                        .withoutDeposed(need(work.step().physicalId())));
            }
        }
    }

    private ResourceRecord record(StepWork work, ManagedResource<?> target, LastChange change) {
        ResourceRecord before = arguments.recordOf(target);
        String old = need(work.known()).identity().physicalId();
        return work.step().action() == Action.Replace
                ? before.intending(arguments.intent(before, old))
                        .repairs(arguments.repairs(target, before, work.assessment(), old))
                : before.found(old)
                        .changed(change)
                        .repairs(arguments.writing(
                                target, before, work.assessment().diff()));
    }

    private LastChange last(StepWork work, String revision) {
        return new LastChange(context.now(), work.step().action(), revision);
    }
}
