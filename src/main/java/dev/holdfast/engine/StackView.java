package dev.holdfast.engine;

import dev.holdfast.desired.Problem;
import dev.holdfast.model.Condition;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.Health;
import dev.holdfast.model.Plan;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.StackSettings;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Verdict;
import dev.holdfast.state.StackMemory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stack as the status shows it: one immutable view, which is replaced as a whole.
 *
 * @param settings null until a revision was valid
 * @param status the worst status of its resources that are not Orphaned, or {@code Destroying}, {@code Unmanaged},
 *     {@code Refused}, {@code Paused}, {@code Starting}, {@code StandingBy}, {@code Failed}
 * @param verdicts the verdicts of the plan's steps, in its order
 * @param lastPass the last full pass; null before the first
 * @param lastGoodPassAt the time at which a pass last ended without a failure, or null
 * @param nextLookAt the time of the next pass
 * @param guardrails the guardrails of the last pass; null before the first
 * @param published the publication of the revision; null if the source has no commits, or before the first pass
 */
public record StackView(
        String name,
        @Nullable StackSettings settings,
        String status,
        @Nullable String revision,
        List<Problem> revisionErrors,
        List<Condition> conditions,
        Map<ResourceId, ResourceView> resources,
        List<DriftItem> drift,
        @Nullable Plan plan,
        Map<Step, Verdict> verdicts,
        @Nullable PassReport lastPass,
        @Nullable Instant lastGoodPassAt,
        @Nullable Instant observedAt,
        Instant nextLookAt,
        Map<String, StackMemory.Pause> pauses,
        Map<ResourceId, CompositeViews.CompositeValues> compositeValues,
        @Nullable GuardrailsState guardrails,
        @Nullable PublishedBy published) {

    /** The status of a stack over which another process makes the passes. */
    public static final String STANDING_BY = "StandingBy";

    /** The status of a stack whose revision has no resources, until only retained resources are left. */
    public static final String DESTROYING = "Destroying";

    /** The reason of the condition and the event: some kinds cannot be searched for orphans. */
    public static final String ORPHAN_SEARCH_FAILED = "OrphanSearchFailed";

    /**
     * The reason of the condition: the guardrails' file cannot be read any more, and the last guardrails stay in force.
     */
    public static final String GUARDRAILS_OUTDATED = "GuardrailsOutdated";

    /** The reason of the condition and the event: the last pass failed. */
    public static final String PASS_FAILED = "PassFailed";

    /** The reason of the condition and the event: the revision is refused. */
    public static final String REVISION_REFUSED = "RevisionRefused";

    /** The status, and the reason of the condition and the event: the stack has no desired state. */
    public static final String UNMANAGED = "Unmanaged";

    /** The reason of the condition: since the start, the desired state has not stayed unchanged for long enough. */
    public static final String DESIRED_STATE_CHANGING = "DesiredStateChanging";

    /** The same view with a failure, because a new view could not be made. */
    StackView failed(String message, Instant now) {
        List<Condition> all = new ArrayList<>(
                conditions.stream().filter(c -> !c.reason().equals(PASS_FAILED)).toList());
        all.add(new Condition(
                Condition.ConditionType.Reconciling, Health.Ready.True, PASS_FAILED, message, now, revision));
        return in("Failed", List.copyOf(all));
    }

    static StackView starting(String name, Instant now) {
        return new StackView(
                name,
                null,
                "Starting",
                null,
                List.of(),
                List.of(),
                Map.of(),
                List.of(),
                null,
                Map.of(),
                null,
                null,
                null,
                now,
                Map.of(),
                Map.of(),
                null,
                null);
    }

    /**
     * The last known view, while this process makes no passes over the stack for this reason. A view that says so already
     * is returned as it is.
     */
    StackView standingBy(Condition why) {
        Instant since = conditions.stream()
                .filter(c -> c.reason().equals(why.reason()))
                .map(Condition::since)
                .findFirst()
                .orElse(why.since());
        List<Condition> now =
                List.of(new Condition(why.type(), why.status(), why.reason(), why.message(), since, revision));
        return status.equals(STANDING_BY) && conditions.equals(now) ? this : in(STANDING_BY, now);
    }

    /** The same view, until the first pass of this process over the stack. */
    StackView starting() {
        return in("Starting", List.of());
    }

    private StackView in(String newStatus, List<Condition> newConditions) {
        return new StackView(
                name,
                settings,
                newStatus,
                revision,
                revisionErrors,
                newConditions,
                resources,
                drift,
                plan,
                verdicts,
                lastPass,
                lastGoodPassAt,
                observedAt,
                nextLookAt,
                pauses,
                compositeValues,
                guardrails,
                published);
    }

    /** The steps of the plan that wait for a person. */
    public HeldSteps heldSteps() {
        return HeldSteps.of(verdicts);
    }

    /** The row of each composite, derived from the rows of its parts. The resources do not include these rows. */
    public Map<ResourceId, ResourceView> composites() {
        return CompositeViews.of(resources, compositeValues);
    }

    /**
     * Whether every resource is in sync and ready, and no step is left. Orphaned resources that are kept do not count.
     */
    public boolean converged() {
        return status.equals(Status.Synced.name())
                && (plan == null || plan.isEmpty())
                && resources.values().stream()
                        .allMatch(r -> r.status() == Status.Orphaned || (r.status() == Status.Synced && r.isReady()));
    }
}
