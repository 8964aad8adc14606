package dev.holdfast.app;

import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import dev.holdfast.plan.Verdict;
import java.util.Set;
import java.util.stream.Collectors;

/** The progress of a stack, for a command that waits for it. */
enum StackProgress {
    CONVERGED,
    /** The stack continues by itself. */
    MOVING,
    /** The remaining steps wait for a person. */
    HELD,
    /** The remaining steps cannot succeed unless something changes. */
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
