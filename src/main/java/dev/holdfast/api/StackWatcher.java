package dev.holdfast.api;

import dev.holdfast.engine.StackReconciler;
import dev.holdfast.engine.StackView;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Finds out, for one client of the stream, which stacks have changed since the last call. Not safe for use by many
 * threads.
 */
final class StackWatcher {
    /**
     * After this many calls without a change, the client receives an empty message, so that it can tell silence from a
     * dead connection.
     */
    static final int QUIET = 15;

    private record SeenStack(StackView view, long lastEvent) {}

    private final Supplier<Map<String, StackReconciler>> stacks;
    private final Clock clock;
    private Map<String, SeenStack> seen = Map.of();
    private int quiet = QUIET;

    StackWatcher(Supplier<Map<String, StackReconciler>> stacks, Clock clock) {
        this.stacks = stacks;
        this.clock = clock;
    }

    /**
     * The changes since the last message.
     *
     * @param at the operator's time, from which the client's clock may differ
     * @param stacks the names of all stacks
     * @param changed the stacks whose view has changed or that had an event since the last message
     */
    record StackChanges(Instant at, List<String> stacks, List<String> changed) {}

    /** @return empty if there is nothing to report; the first call always reports */
    Optional<StackChanges> look() {
        Map<String, SeenStack> now = new HashMap<>();
        List<String> changed = new ArrayList<>();
        stacks.get().forEach((name, stack) -> {
            SeenStack one = new SeenStack(stack.view(), stack.events().last());
            SeenStack before = seen.get(name);
            // The engine replaces a view as a whole, so there is no need to compare its resources.
            if (before == null || before.view() != one.view() || before.lastEvent() != one.lastEvent()) {
                changed.add(name);
            }
            now.put(name, one);
        });
        boolean news = !changed.isEmpty() || !now.keySet().equals(seen.keySet());
        seen = now;
        if (!news && ++quiet < QUIET) {
            return Optional.empty();
        }
        quiet = 0;
        return Optional.of(
                new StackChanges(clock.instant(), now.keySet().stream().sorted().toList(), List.copyOf(changed)));
    }
}
