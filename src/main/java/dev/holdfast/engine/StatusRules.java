package dev.holdfast.engine;

import dev.holdfast.model.Action;
import dev.holdfast.model.Condition;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import dev.holdfast.model.Plan;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import dev.holdfast.plan.ApprovedWork;
import dev.holdfast.plan.Attempt;
import dev.holdfast.plan.DependencyState;
import dev.holdfast.plan.Guard;
import dev.holdfast.plan.Presence;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.plan.Verdict;
import dev.holdfast.state.ResourceRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gives each resource the first status that matches. */
final class StatusRules {
    private final Map<ResourceId, ResourceAssessment> resources;
    private final RetrySchedule retries;
    private final Set<ResourceId> retained;
    private final Set<ResourceId> unread;

    /**
     * @param unread the resources that a step is writing, or that no read has shown since their last step: a write-only
     *     field no longer differs then, although AWS may still be applying its value
     */
    StatusRules(
            Map<ResourceId, ResourceAssessment> resources,
            RetrySchedule retries,
            Set<ResourceId> retained,
            Set<ResourceId> unread) {
        this.resources = resources;
        this.retries = retries;
        this.retained = retained;
        this.unread = unread;
    }

    /** A status with its reason and message. */
    record StatusLine(
            Status status,
            @Nullable Reason reason,
            @Nullable String message) {
        /** The same line with advice, if the resource needs a person. */
        StatusLine advised(@Nullable String advice) {
            boolean needed = status == Status.Failed || status == Status.Stalled;
            return advice == null || !needed
                    ? this
                    : new StatusLine(status, reason, message == null ? advice : message + "; " + advice);
        }
    }

    /** Whether the dependents of each resource can use the resource before any step of this plan. */
    Map<ResourceId, DependencyState> dependencyStates(Plan plan) {
        Set<ResourceId> busy = new HashSet<>(unread);
        for (Step step : plan.steps()) {
            ResourceAssessment one = resources.get(step.resource());
            boolean foretold = one != null && Guard.isForetold(step, one);
            boolean apart = one != null
                    && (ApprovedWork.isApart(step, one) || one.diff().withdraws(step.changes()));
            if (!step.extra() && !foretold && !apart && step.action() != Action.NoOp) {
                busy.add(step.resource());
            }
        }
        Map<ResourceId, DependencyState> dependencyStates = new HashMap<>();
        resources.forEach((id, one) -> dependencyStates.put(id, dependencyState(one, busy.contains(id))));
        return dependencyStates;
    }

    private DependencyState dependencyState(ResourceAssessment assessment, boolean busy) {
        RetrySchedule.FailedAttempt failure = retries.on(assessment.id());
        if (failure != null && failure.retryAt() == null && busy) {
            return DependencyState.Stalled;
        }
        return switch (assessment.presence()) {
            case Presence.Missing a -> assessment.isDesired() ? DependencyState.NotReady : DependencyState.Gone;
            case Presence.Deleting g -> DependencyState.NotReady;
            case Presence.NameTaken t -> t.adoptable() ? DependencyState.NotReady : DependencyState.Stalled;
            case Presence.Unclear u -> DependencyState.Unknown;
            case Presence.Present p -> {
                if (busy || assessment.history().rolloutFailed() != null) {
                    yield assessment.history().rolloutFailed() != null
                            ? DependencyState.Stalled
                            : DependencyState.NotReady;
                }
                yield ObservationStore.settled(p.known()) ? DependencyState.Settled : DependencyState.NotReady;
            }
        };
    }

    StatusLine of(ResourceAssessment assessment, @Nullable Step step, @Nullable Verdict verdict) {
        if (assessment.presence() instanceof Presence.Unclear u) {
            return new StatusLine(
                    Status.Unknown,
                    u.reason(),
                    u.fault() == null
                            ? unclear(u.reason())
                            : u.fault().code() + ": " + u.fault().message());
        }
        if (!assessment.isDesired()
                && retained.contains(assessment.id())
                && assessment.presence() instanceof Presence.Present) {
            return new StatusLine(
                    Status.Orphaned, Reason.Retained, "the resource is no longer desired, and its lifecycle keeps it");
        }
        StatusLine stalled = stalled(assessment, verdict);
        if (stalled != null) {
            return stalled;
        }
        RetrySchedule.FailedAttempt failure = retries.on(assessment.id());
        if (verdict instanceof Verdict.Held held && held.status() == Status.AwaitingApproval) {
            return new StatusLine(held.status(), held.reason(), held.message() + after(failure));
        }
        if (failure != null) {
            return failed(failure);
        }
        return working(assessment, step, verdict);
    }

    /** A step that was approved and failed waits for another approval. */
    private static String after(RetrySchedule.@Nullable FailedAttempt failure) {
        return failure == null || failure.read()
                ? ""
                : "; the last attempt failed: " + failure.fault().inWords();
    }

    private static StatusLine failed(RetrySchedule.FailedAttempt failure) {
        if (failure.read()) {
            return new StatusLine(
                    Status.Unknown,
                    Reason.ReadFailed,
                    failure.fault().operation() + " " + failure.fault().code() + ": "
                            + failure.fault().message());
        }
        return new StatusLine(
                Status.Failed,
                Reason.of(failure.fault().category()),
                failure.fault().operation() + " " + failure.fault().code() + ": "
                        + failure.fault().message());
    }

    /**
     * Worsens the status if an object that the resource replaced cannot be deleted, or if a copy waits for a user.
     *
     * @param verdicts the verdicts of the steps that delete replaced objects and copies
     */
    StatusLine withExtras(StatusLine itself, Map<Step, Verdict> verdicts) {
        StatusLine worst = itself;
        for (Map.Entry<Step, Verdict> entry : verdicts.entrySet()) {
            RetrySchedule.FailedAttempt failure = retries.get(Attempt.of(entry.getKey()));
            boolean replaced = !entry.getKey().risky();
            StatusLine one = entry.getValue() instanceof Verdict.Held held
                            && (held.status() == Status.Stalled || held.status() == Status.AwaitingApproval)
                    ? new StatusLine(held.status(), held.reason(), held.message())
                    : failure == null ? itself : failed(failure);
            if (one.status().compareTo(worst.status()) < 0) {
                worst = new StatusLine(
                        one.status(),
                        one.reason(),
                        (replaced ? "the replaced object " : "the copy ")
                                + entry.getKey().physicalId() + ": " + one.message());
            }
        }
        return worst;
    }

    private @Nullable StatusLine stalled(ResourceAssessment assessment, @Nullable Verdict verdict) {
        if (assessment.presence() instanceof Presence.NameTaken taken && !taken.adoptable()) {
            return new StatusLine(Status.Stalled, Reason.NameTaken, taken.holder());
        }
        if (verdict instanceof Verdict.Held held && held.status() == Status.Stalled) {
            return new StatusLine(Status.Stalled, held.reason(), held.message());
        }
        RetrySchedule.FailedAttempt failure = retries.on(assessment.id());
        if (failure != null && !failure.read() && failure.fault().category() == Fault.Category.TAKEN) {
            return new StatusLine(
                    Status.Stalled, Reason.NameTaken, failure.fault().message());
        }
        if (failure != null && failure.retryAt() == null) {
            return new StatusLine(
                    Status.Stalled,
                    Reason.Invalid,
                    failure.fault().code() + ": " + failure.fault().message());
        }
        if (assessment.history().rolloutFailed() != null) {
            return new StatusLine(Status.Stalled, Reason.RolloutHeld, null);
        }
        return null;
    }

    private StatusLine working(ResourceAssessment assessment, @Nullable Step step, @Nullable Verdict verdict) {
        if (assessment.presence() instanceof Presence.Deleting) {
            return new StatusLine(Status.Progressing, Reason.Deleting, null);
        }
        if (assessment.presence() instanceof Presence.Present p
                && p.known().phase() != Phase.Steady
                && p.known().phase() != Phase.Abandoned) {
            return new StatusLine(
                    Status.Progressing,
                    Reason.of(p.known().phase()),
                    p.known().health().message());
        }
        return switch (verdict) {
            case null -> synced(assessment);
            case Verdict.AfterReplacement follows -> new StatusLine(Status.Synced, null, null);
            case Verdict.Blocked blocked ->
                new StatusLine(
                        Status.Waiting,
                        blocked.reason(),
                        "waits for " + blocked.on() + (blocked.message() == null ? "" : ": " + blocked.message()));
            case Verdict.Held held -> new StatusLine(held.status(), held.reason(), held.message());
            case Verdict.RetryAt later
            when later.reason() == Reason.AwaitingEffect ->
                new StatusLine(
                        Status.Progressing,
                        later.reason(),
                        "the resource was just written; it is read again at " + later.at());
            case Verdict.RetryAt later -> differs(assessment, later.reason(), "the step is retried at " + later.at());
            case Verdict.Allowed go ->
                step != null && step.action() == Action.NoOp
                        ? new StatusLine(Status.Synced, null, null)
                        : differs(assessment, null, null);
        };
    }

    private StatusLine synced(ResourceAssessment assessment) {
        if (unread.contains(assessment.id())) {
            return new StatusLine(
                    Status.Progressing, Reason.AwaitingEffect, "the resource was just written; a read follows");
        }
        String owner = assessment.owners().delegation();
        if (owner != null) {
            return new StatusLine(Status.Synced, Reason.Delegated, owner);
        }
        String newer = assessment.newerVersion();
        return new StatusLine(Status.Synced, newer == null ? null : Reason.NewerVersion, newer);
    }

    private static StatusLine differs(ResourceAssessment one, @Nullable Reason reason, @Nullable String message) {
        boolean missing =
                one.presence() instanceof Presence.Missing && one.history().completed();
        boolean drift = one.whole().hasDrift() || missing;
        return new StatusLine(drift ? Status.Drifted : Status.Pending, reason, message);
    }

    private static String unclear(Reason reason) {
        return reason == Reason.UnexpectedCopy
                ? "several objects carry the ownership of this resource; the resources that it refers to decide which"
                        + " object it is"
                : "the resource was just created; no read shows it yet";
    }

    /** The health for the Ready condition: only that of the resource itself. */
    static Health health(Presence presence) {
        return switch (presence) {
            case Presence.Present p -> p.known().health();
            case Presence.Deleting g -> Health.notReady("Deleting", null);
            case Presence.Missing a -> Health.notReady("Absent", null);
            case Presence.NameTaken t -> Health.unknown("NotOurs", null);
            case Presence.Unclear u ->
                Health.unknown(
                        u.reason().name(),
                        u.fault() == null
                                ? null
                                : u.fault().code() + ": " + u.fault().message());
        };
    }

    /** The present conditions. A condition that had the same status before keeps its time. */
    static List<Condition> conditions(
            Presence presence,
            StatusLine status,
            Instant now,
            @Nullable String revision,
            @Nullable ResourceView before) {
        List<Condition> conditions = new ArrayList<>();
        Health health = health(presence).at(now);
        conditions.add(new Condition(
                Condition.ConditionType.Ready, health.ready(), health.reason(), health.message(), now, revision));
        String reason = status.reason() == null
                ? status.status().name()
                : status.reason().name();
        switch (status.status()) {
            case Progressing, Waiting, Drifted, Pending, Failed ->
                conditions.add(new Condition(
                        Condition.ConditionType.Reconciling,
                        Health.Ready.True,
                        reason,
                        status.message(),
                        now,
                        revision));
            case Stalled, AwaitingApproval ->
                conditions.add(new Condition(
                        Condition.ConditionType.Stalled, Health.Ready.True, reason, status.message(), now, revision));
            case Paused ->
                conditions.add(new Condition(
                        Condition.ConditionType.Paused, Health.Ready.True, reason, status.message(), now, revision));
            case Unknown, Orphaned, Synced -> {}
        }
        return conditions.stream().map(c -> keepTime(c, before)).toList();
    }

    private static Condition keepTime(Condition condition, @Nullable ResourceView before) {
        if (before != null) {
            for (Condition old : before.conditions()) {
                if (old.type() == condition.type() && old.status() == condition.status()) {
                    return new Condition(
                            condition.type(),
                            condition.status(),
                            condition.reason(),
                            condition.message(),
                            old.since(),
                            condition.observedRevision());
                }
            }
        }
        return condition;
    }

    static ResourceView.@Nullable ShownChange change(@Nullable ResourceRecord record) {
        return record == null || record.lastChange() == null
                ? null
                : new ResourceView.ShownChange(
                        record.lastChange().at(),
                        record.lastChange().action(),
                        record.lastChange().revision());
    }

    /**
     * The worst status, or Synced if there are no views. Orphaned resources that are kept are not a problem of the
     * stack.
     */
    static Status worst(Iterable<ResourceView> views) {
        Status worst = Status.Synced;
        for (ResourceView view : views) {
            if (view.status() != Status.Orphaned && view.status().compareTo(worst) < 0) {
                worst = view.status();
            }
        }
        return worst;
    }
}
