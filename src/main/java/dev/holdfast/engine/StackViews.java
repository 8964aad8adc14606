package dev.holdfast.engine;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Condition;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.Health;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.plan.Verdict;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.StackMemory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the view of a stack for the status, from the last assessment and plan. */
record StackViews(
        String stack,
        RevisionTracker.RevisionState desired,
        @Nullable String failure,
        @Nullable StackSession session) {

    private @Nullable String sha() {
        Revision revision = desired.revision();
        return revision == null ? null : revision.sha256();
    }

    /**
     * @param finished the full pass that has just ended, or null
     * @param attempted the pass that decides whether the last pass was good, or null
     */
    StackView make(
            StackView before,
            @Nullable PassReport finished,
            @Nullable PassReport attempted,
            Instant now,
            Instant nextLook) {
        Map<ResourceId, ResourceView> resources = resources(before, now);
        StackSession from = session;
        Assessment round = from == null ? null : from.assessment();
        Map<String, StackMemory.Pause> pauses =
                from == null ? Map.of() : from.context().state().memory().pauses();
        boolean good = attempted != null
                && failure == null
                && desired.unmanaged() == null
                && desired.problems().isEmpty()
                && round != null;
        return new StackView(
                stack,
                desired.revision() == null ? null : desired.revision().settings(),
                status(resources, pauses, now),
                sha(),
                desired.problems(),
                conditions(before, pauses, now),
                resources,
                from == null ? List.of() : items(from, resources),
                round == null ? null : round.plan(),
                round == null ? Map.of() : round.verdicts(),
                finished != null ? finished : before.lastPass(),
                good ? now : before.lastGoodPassAt(),
                round == null ? null : now,
                nextLook,
                pauses,
                composites(),
                from == null ? null : from.context().engine().guardrails().get(),
                from == null
                        ? null
                        : PublishedBy.of(
                                from.context().engine().guardrails().get(),
                                desired.revision(),
                                from.context().state().revision()));
    }

    private Map<ResourceId, CompositeViews.CompositeValues> composites() {
        Map<ResourceId, CompositeViews.CompositeValues> said = new TreeMap<>();
        StackSession from = session;
        Revision revision = desired.revision();
        if (revision != null && from != null) {
            revision.composites()
                    .forEach((id, one) -> said.put(id, CompositeViews.CompositeValues.of(one, from::output)));
        }
        return said;
    }

    private String status(Map<ResourceId, ResourceView> resources, Map<String, StackMemory.Pause> pauses, Instant now) {
        if (desired.unmanaged() != null) {
            return StackView.UNMANAGED;
        }
        if (!desired.problems().isEmpty()) {
            return "Refused";
        }
        if (session == null || session.assessment() == null) {
            return failure != null ? "Failed" : "Starting";
        }
        StackMemory.Pause pause = pauses.get("*");
        if (pause != null && now.isBefore(pause.until())) {
            return "Paused";
        }
        if (failure != null) {
            return "Failed";
        }
        return isDestroying(resources.values())
                ? StackView.DESTROYING
                : StatusRules.worst(resources.values()).name();
    }

    /** Whether the revision desires nothing, and resources that are not retained are left. */
    private boolean isDestroying(Collection<ResourceView> resources) {
        Revision revision = desired.revision();
        return revision != null
                && revision.resources().isEmpty()
                && resources.stream().anyMatch(r -> r.status() != Status.Orphaned);
    }

    private List<Condition> conditions(StackView before, Map<String, StackMemory.Pause> pauses, Instant now) {
        List<Condition> conditions = new ArrayList<>();
        String sha = sha();
        if (desired.unmanaged() != null) {
            conditions.add(new Condition(
                    Condition.ConditionType.Stalled,
                    Health.Ready.True,
                    StackView.UNMANAGED,
                    desired.unmanaged(),
                    now,
                    sha));
        }
        if (!desired.problems().isEmpty()) {
            conditions.add(new Condition(
                    Condition.ConditionType.Stalled,
                    Health.Ready.True,
                    StackView.REVISION_REFUSED,
                    desired.problems().size() + " problems, the first: "
                            + desired.problems().getFirst() + "; "
                            + (sha == null ? "nothing is enforced: " + desired.whyNone() : sha + " stays enforced"),
                    now,
                    sha));
        }
        if (desired.changing() != null) {
            conditions.add(new Condition(
                    Condition.ConditionType.Reconciling,
                    Health.Ready.True,
                    StackView.DESIRED_STATE_CHANGING,
                    desired.changing(),
                    now,
                    sha));
        }
        if (session != null
                && session.context().engine().guardrails().get() instanceof GuardrailsState.ActiveGuardrails active
                && active.outdated() != null) {
            conditions.add(new Condition(
                    Condition.ConditionType.Reconciling,
                    Health.Ready.True,
                    StackView.GUARDRAILS_OUTDATED,
                    active.words(),
                    now,
                    sha));
        }
        if (failure != null) {
            conditions.add(new Condition(
                    Condition.ConditionType.Reconciling, Health.Ready.True, StackView.PASS_FAILED, failure, now, sha));
        }
        StackMemory.Pause pause = pauses.get("*");
        if (pause != null && now.isBefore(pause.until())) {
            conditions.add(new Condition(
                    Condition.ConditionType.Paused,
                    Health.Ready.True,
                    "Paused",
                    pause.reason() + " (until " + pause.until() + ")",
                    pause.since(),
                    sha));
        }
        String unsearched =
                session == null ? null : session.observation().orphanSearch().failure();
        if (unsearched != null) {
            conditions.add(new Condition(
                    Condition.ConditionType.Reconciling,
                    Health.Ready.True,
                    StackView.ORPHAN_SEARCH_FAILED,
                    unsearched,
                    now,
                    sha));
        }
        return conditions.stream()
                .map(c -> before.conditions().stream()
                        .filter(old -> old.type() == c.type() && old.reason().equals(c.reason()))
                        .findFirst()
                        .map(old -> new Condition(
                                c.type(), c.status(), c.reason(), c.message(), old.since(), c.observedRevision()))
                        .orElse(c))
                .toList();
    }

    private Map<ResourceId, ResourceView> resources(StackView before, Instant now) {
        StackSession from = session;
        Assessment round = from == null ? null : from.assessment();
        if (from == null || round == null) {
            return Map.of();
        }
        StatusRules statuses = new StatusRules(round.resources(), from.retries(), round.retained(), round.unread());
        Map<ResourceId, Step> steps = new HashMap<>();
        Map<ResourceId, Map<Step, Verdict>> extras = new HashMap<>();
        for (Step step : round.plan().steps()) {
            if (step.extra()) {
                extras.computeIfAbsent(step.resource(), k -> new LinkedHashMap<>())
                        .put(step, Objects.requireNonNull(round.verdicts().get(step)));
            } else {
                ResourceAssessment one = round.resources().get(step.resource());
                if (one == null || !one.diff().withdraws(step.changes()) || !steps.containsKey(step.resource())) {
                    steps.put(step.resource(), step);
                }
            }
        }
        Map<String, Map<String, Instant>> facets =
                from.observation().slowFacets().agesByPhysicalId();
        from.shownSpecs().retain(round.resources().keySet());
        Map<ResourceId, ResourceView> views = new TreeMap<>();
        round.resources().forEach((id, one) -> {
            Step step = steps.get(id);
            Verdict verdict = step == null ? null : round.verdicts().get(step);
            views.put(
                    id,
                    view(
                            from,
                            Objects.requireNonNull(round.managed().get(id)),
                            one,
                            statuses.withExtras(
                                    statuses.of(one, step, verdict)
                                            .advised(round.advice().get(id)),
                                    extras.getOrDefault(id, Map.of())),
                            facets,
                            before.resources().get(id),
                            now));
        });
        return views;
    }

    private ResourceView view(
            StackSession from,
            ManagedResource<?> target,
            ResourceAssessment one,
            StatusRules.StatusLine status,
            Map<String, Map<String, Instant>> facets,
            @Nullable ResourceView before,
            Instant now) {
        ResourceId id = one.id();
        LastObserved last = from.observation().store().get(id);
        Known<?> known = from.observation().store().lastKnown(id);
        ResourceRecord record = from.context().state().record(id);
        String physicalId = known != null ? known.identity().physicalId() : record == null ? null : record.physicalId();
        RetrySchedule.FailedAttempt failed = from.retries().on(id);
        String message = status.message();
        if (message == null && status.reason() == Reason.RolloutHeld && record != null && record.rollout() != null) {
            message = record.rollout().failure()
                    + (failed == null
                            ? ""
                            : "; the next rollout was refused: "
                                    + failed.fault().code() + ": "
                                    + failed.fault().message());
        }
        StatusRules.StatusLine said = new StatusRules.StatusLine(status.status(), status.reason(), message);
        String sha = sha();
        return new ResourceView(
                id,
                stack,
                target.desired() == null
                        ? record == null ? null : record.owner()
                        : target.desired().owner(),
                from.shownSpecs().of(target, known, from.context().settings().showEnvironment()),
                physicalId,
                target.kind().info().global() ? null : target.region(),
                said.status(),
                said.reason(),
                said.message(),
                StatusRules.conditions(one.presence(), said, now, sha, before),
                known == null ? Map.of() : known.outputs(),
                one.whole().changes(),
                last == null ? null : last.at(),
                physicalId == null ? Map.of() : facets.getOrDefault(physicalId, Map.of()),
                StatusRules.change(record),
                failed == null ? null : failed.retryAt(),
                List.copyOf(one.dependencies()),
                known == null ? ResourceView.ShownOutlook.NONE : ResourceView.ShownOutlook.of(known.outlook(), now),
                known == null ? Map.of() : known.facts());
    }

    /**
     * Whether a field of the drift item still differs. Contested drift does not differ for a while, so that a held step
     * then concerns other fields.
     */
    private static boolean differs(DriftItem item, ResourceView view) {
        return item.type() != DriftItem.DriftType.Modified
                || view.drift().stream()
                        .anyMatch(c ->
                                item.fields().stream().anyMatch(f -> f.path().equals(c.path())));
    }

    /** The drift items, with the state of those whose repair is held. */
    private static List<DriftItem> items(StackSession from, Map<ResourceId, ResourceView> resources) {
        Assessment round = from.assessment();
        Set<ResourceId> repairing = new HashSet<>();
        if (round != null) {
            // A change of the same resource may be held while its repair goes on.
            round.allowed().forEach(step -> repairing.add(step.resource()));
        }
        return from.driftItems().stream()
                .map(item -> {
                    ResourceView view = resources.get(item.resource());
                    if (item.type() == DriftItem.DriftType.Unexpected) {
                        return unexpected(item, round);
                    }
                    if (item.state() == DriftItem.DriftState.Repaired
                            || view == null
                            || repairing.contains(item.resource())
                            || !differs(item, view)) {
                        return item;
                    }
                    return switch (view.status()) {
                        case AwaitingApproval -> item.in(DriftItem.DriftState.AwaitingApproval);
                        case Stalled -> item.in(DriftItem.DriftState.Stalled);
                        case Drifted ->
                            view.reason() == Reason.Contested ? item.in(DriftItem.DriftState.Contested) : item;
                        case Unknown, Orphaned, Failed, Progressing, Waiting, Paused, Pending, Synced -> item;
                    };
                })
                .toList();
    }

    /** The item with the state of the step that deletes the object, if there is such a step. */
    private static DriftItem unexpected(DriftItem item, @Nullable Assessment round) {
        if (round != null && item.state() != DriftItem.DriftState.Repaired) {
            for (Map.Entry<Step, Verdict> entry : round.verdicts().entrySet()) {
                Step step = entry.getKey();
                if (step.resource().equals(item.resource()) && Objects.equals(step.physicalId(), item.physicalId())) {
                    return switch (entry.getValue()) {
                        case Verdict.Held held
                        when held.status() == Status.AwaitingApproval -> item.in(DriftItem.DriftState.AwaitingApproval);
                        case Verdict.Held held
                        when held.status() == Status.Stalled -> item.in(DriftItem.DriftState.Stalled);
                        case Verdict.Held held -> item;
                        case Verdict.Allowed allowed -> item.in(DriftItem.DriftState.Repairing);
                        case Verdict.Blocked blocked -> item;
                        case Verdict.AfterReplacement follows -> item;
                        case Verdict.RetryAt later -> item.in(DriftItem.DriftState.Repairing);
                    };
                }
            }
        }
        return item;
    }
}
