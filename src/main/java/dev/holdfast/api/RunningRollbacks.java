package dev.holdfast.api;

import dev.holdfast.engine.StackReconciler;
import dev.holdfast.model.Revision;
import jakarta.inject.Singleton;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Plans rollbacks to former revisions, as soon as a command has started an engine. */
@Singleton
public final class RunningRollbacks {
    /** Admits one plan at a time, because a plan reads a whole stack within the rate limits of the passes. */
    private final Semaphore onePlan = new Semaphore(1);

    private volatile @Nullable RollbackPlanner planner;

    /**
     * The way in which this process plans a rollback.
     *
     * @param planner makes the planner of a revision, which writes neither to AWS nor to the state
     * @param installation the name that the command must set, because the location does not imply it; null if it does
     * @param location the location of the desired state
     */
    public record RollbackPlanner(
            Function<Revision, StackReconciler> planner,
            @Nullable String installation,
            String location) {
        /** The command that makes the rollback. */
        String command(String stack, String revision, boolean signed) {
            return (installation == null ? "" : "HOLDFAST_INSTALLATION=" + installation + " ")
                    + "holdfast rollback --stack " + stack + " --to " + revision.substring(0, 12)
                    + " --desired-state " + location
                    + (signed ? " --sign KEY" : "");
        }
    }

    public void started(RollbackPlanner how) {
        planner = how;
    }

    /** @throws ApiException if no engine runs */
    RollbackPlanner planner() {
        RollbackPlanner how = planner;
        if (how == null) {
            throw new ApiException(503, "the operator is starting");
        }
        return how;
    }

    /**
     * Makes a plan of the revision.
     *
     * @throws ApiException if another plan is being made
     */
    StackReconciler planned(Revision former) {
        StackReconciler reconciler = planner().planner().apply(former);
        if (!onePlan.tryAcquire()) {
            throw new ApiException(429, "the operator is making the plan of another rollback; try again in a moment");
        }
        try {
            reconciler.plan();
        } finally {
            onePlan.release();
        }
        return reconciler;
    }
}
