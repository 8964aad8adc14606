package dev.holdfast.plan;

import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the guard says of a step. */
public sealed interface Verdict {
    /** It may be applied now. */
    record Allowed() implements Verdict {}

    /**
     * Somebody has to act first; the status is Stalled, AwaitingApproval, Paused, or Drifted where nothing is ever written.
     *
     * @param approvable whether an approval of the step lets it go; else only another desired state or the end of a pause does
     */
    record Held(Status status, Reason reason, String message, boolean approvable) implements Verdict {}

    /** It waits for another resource. */
    record Blocked(Reason reason, ResourceId on, @Nullable String message) implements Verdict {}

    /**
     * Not work yet: what it hangs on is going to be replaced. It changes no status.
     *
     * @param approvable whether a limit will hold it, unless it is approved by now; what else it may need an approval for is
     *     asked when its values are known
     */
    record AfterReplacement(ResourceId on, boolean approvable) implements Verdict {}

    /** It is tried again later. */
    record RetryAt(Reason reason, Instant at) implements Verdict {}
}
