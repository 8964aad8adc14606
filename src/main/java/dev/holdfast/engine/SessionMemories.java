package dev.holdfast.engine;

import dev.holdfast.model.ResourceId;
import java.util.Set;

/** Everything that a session remembers of its resources, so that it does not grow with each resource that ever was. */
record SessionMemories(
        RecordKeeper keeper,
        ObservationStage observation,
        StepDispatcher dispatcher,
        FailureWatch failures,
        PartialAnswers partial) {
    /** Forgets the resources that are neither desired nor recorded nor found any more. */
    void retain(Set<ResourceId> managed) {
        keeper.managedNow(managed);
        observation.store().retain(managed);
        observation.invalidation().retain(managed);
        dispatcher.retain(managed, observation.isIdle());
        failures.retain(managed);
        partial.retain(managed);
    }
}
