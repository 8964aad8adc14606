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

/** What one watcher of the stacks was told; each look says what is new to it. Not safe for use by many threads. */
final class StackWatcher {
    /** Looks without news after which the watcher is told that there is none: it can tell silence from a dead connection. */
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
     * News of the stacks.
     *
     * @param at the operator's time, which a reader's clock may not agree with
     * @param stacks all that there are
     * @param changed those that look different, or had an event, since the last news
     */
    record StackChanges(Instant at, List<String> stacks, List<String> changed) {}

    /** @return empty where there is nothing to tell; the first look always tells */
    Optional<StackChanges> look() {
        Map<String, SeenStack> now = new HashMap<>();
        List<String> changed = new ArrayList<>();
        stacks.get().forEach((name, stack) -> {
            SeenStack one = new SeenStack(stack.view(), stack.events().last());
            SeenStack before = seen.get(name);
            // A view is replaced as a whole; comparing a thousand resources each second would be for nothing.
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
