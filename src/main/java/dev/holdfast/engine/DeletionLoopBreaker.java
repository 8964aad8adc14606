package dev.holdfast.engine;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Specs;
import dev.holdfast.model.Phase;
import dev.holdfast.plan.Guard;
import dev.holdfast.plan.Masks;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.ResourceRecord.Deletion;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The loop breaker of deletions. A call is not repeated before its effect can be visible, and it is not repeated for
 * ever if it has no effect. Every change that a read shows counts as progress, and so does a phase in which AWS is
 * still working. Pure.
 */
final class DeletionLoopBreaker {
    private DeletionLoopBreaker() {}

    /** The next action for an object that has to be deleted. */
    sealed interface NextDeletion {
        /** @param memory the state has to keep it before the call */
        record Send(Deletion memory) implements NextDeletion {}

        /** The effect of the last call may not be visible yet. */
        record Wait() implements NextDeletion {}

        /** The permitted number of calls changed nothing. */
        record Stop(Deletion memory) implements NextDeletion {}
    }

    static NextDeletion next(@Nullable Deletion last, Known<?> known, UnaryOperator<String> hasher, Instant now) {
        String seen = fingerprint(known, hasher);
        if (last == null || !last.before().equals(seen)) {
            return new NextDeletion.Send(new Deletion(seen, 0, now, false));
        }
        if (now.isBefore(last.sentAt().plus(EngineConstants.WRITE_VISIBLE))) {
            return new NextDeletion.Wait();
        }
        // A deletion that was given up and then approved or requested again begins a new series.
        boolean anew = known.phase() != Phase.Steady || last.ineffective() >= Guard.NEVER_CONVERGES;
        int ineffective = anew ? 0 : last.ineffectiveWithLast();
        return ineffective == Guard.NEVER_CONVERGES
                ? new NextDeletion.Stop(new Deletion(seen, ineffective, last.sentAt(), true))
                : new NextDeletion.Send(new Deletion(seen, ineffective, now, false));
    }

    static Set<String> stuck(ResourceRecord record) {
        return record.deletions().entrySet().stream()
                .filter(e -> e.getValue().ineffective() >= Guard.NEVER_CONVERGES)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String fingerprint(Known<?> known, UnaryOperator<String> hasher) {
        return hasher.apply(known.phase() + "\n" + known.health() + "\n" + new TreeMap<>(known.outputs()) + "\n"
                + Specs.canonicalText(Masks.stored(known.spec(), hasher)));
    }
}
