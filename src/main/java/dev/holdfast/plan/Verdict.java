package dev.holdfast.plan;

import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The guard's decision on a step. */
public sealed interface Verdict {
    /** Whether the step is held, or a limit will hold it, and an approval of its hash releases it. */
    default boolean isApprovable() {
        return switch (this) {
            case Held held -> held.approvable();
            case AfterReplacement follows -> follows.approvable();
            case Allowed go -> false;
            case Blocked blocked -> false;
            case RetryAt later -> false;
        };
    }

    /** Whether the step withdraws access, and waits for a resource that may use it ({@link Reason#AccessInUse}). */
    default boolean isAccessInUse() {
        return this instanceof Blocked blocked && blocked.reason() == Reason.AccessInUse;
    }

    /** The step may begin now. */
    record Allowed() implements Verdict {}

    /**
     * A person has to act first. The status is Stalled, AwaitingApproval, Paused, Unknown if a read failed, or Drifted
     * or Pending if nothing may be written.
     *
     * @param approvable whether an approval releases the step; otherwise only another desired state or the end of a
     *     pause does
     */
    record Held(Status status, Reason reason, String message, boolean approvable) implements Verdict {}

    /**
     * The step waits for another resource. An approval does not release it, except for a withdrawal
     * ({@link Reason#AccessInUse}): that approval is not among those that a stack needs, because the wait usually ends.
     */
    record Blocked(Reason reason, ResourceId on, @Nullable String message) implements Verdict {}

    /**
     * The step follows a replacement of the resource that it refers to. It changes no status yet.
     *
     * @param approvable whether a limit will hold the step unless it is approved now; other approvals are requested
     *     once its values are known
     */
    record AfterReplacement(ResourceId on, boolean approvable) implements Verdict {}

    /** The step is due again later. */
    record RetryAt(Reason reason, Instant at) implements Verdict {}
}
