package dev.holdfast.app;

import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import dev.holdfast.plan.Verdict;
import java.util.Set;
import java.util.stream.Collectors;

/** How far a stack is, to somebody who waits for it. */
enum StackProgress {
    CONVERGED,
    /** Goes on by itself. */
    MOVING,
    /** What is left waits for somebody's word. */
    HELD,
    /** What is left does not go on as it is. */
    FAILED;

    static StackProgress of(StackView view) {
        if (view.status().equals("Unmanaged") || view.status().equals("Refused")) {
            return FAILED;
        }
        if (view.plan() == null) {
            return MOVING;
        }
        if (view.converged()) {
            return CONVERGED;
        }
        Set<ResourceId> held = view.verdicts().entrySet().stream()
                .filter(e -> e.getValue() instanceof Verdict.Held)
                .map(e -> e.getKey().resource())
                .collect(Collectors.toSet());
        if (view.resources().values().stream().anyMatch(r -> !held.contains(r.id()) && moves(r))) {
            return MOVING;
        }
        boolean asks =
                view.resources().values().stream().anyMatch(r -> held.contains(r.id()) && r.status() != Status.Stalled);
        boolean stalled = view.resources().values().stream().anyMatch(r -> r.status() == Status.Stalled);
        return asks ? HELD : stalled ? FAILED : view.status().equals("Paused") ? HELD : MOVING;
    }

    private static boolean moves(ResourceView resource) {
        return switch (resource.status()) {
            case Progressing, Failed, Drifted, Pending, Unknown -> true;
            case Synced -> !resource.isReady();
            case Orphaned, Stalled, AwaitingApproval, Waiting, Paused -> false;
        };
    }
}
