package dev.holdfast.engine;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Fault;
import java.util.List;

/** The outcome of a step. */
sealed interface StepOutcome {
    record Applied() implements StepOutcome {}

    /** A point read contradicts the list: no call was sent. */
    record Contradicted(List<Known<?>> found) implements StepOutcome {}

    /** The read that precedes the step failed: nothing was sent. */
    record Unread(Fault fault) implements StepOutcome {}

    record Failed(Fault fault) implements StepOutcome {}

    /** The replaced object no longer exists: nothing was sent. */
    record Gone() implements StepOutcome {}

    /** AWS is still working, or the last call may not be visible yet: nothing was sent. */
    record UnderWay() implements StepOutcome {}

    /** Several deletions had no effect: no more are sent. */
    record GivenUp() implements StepOutcome {}

    /** The lease does not allow the write any more: it was not sent. */
    record NotAllowed(String message) implements StepOutcome {}
}
