package dev.holdfast.plan;

import dev.holdfast.kind.RollsOut;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Phase;
import dev.holdfast.model.Plan;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Decides the steps that the presence and the differences of resources require, in dependency order. Pure. */
public final class Planner {
    private final String stack;
    private final String revision;
    private final boolean prune;
    private final Map<ResourceId, ResourceAssessment> assessments;
    private final Set<ResourceId> suspects;
    private final DependencyOrder order;
    private final UndesiredResources undesired;
    /** The resources of the steps so far; each comes after the resources that it refers to. */
    private final Set<ResourceId> planned = new HashSet<>();

    private final Set<ResourceId> replaced = new HashSet<>();
    /** The resources whose steps may change their outputs. */
    private final Set<ResourceId> open = new HashSet<>();

    /** The steps that withdraw access, or give up elements: they come after the steps of the resources that use it. */
    private final List<Step> withdrawals = new ArrayList<>();

    /** @param suspects stateful resources that may have existed and held data before the state was lost */
    public Planner(
            String stack,
            String revision,
            boolean prune,
            Map<ResourceId, ResourceAssessment> assessments,
            Set<ResourceId> suspects) {
        this.stack = stack;
        this.revision = revision;
        this.prune = prune;
        this.assessments = assessments;
        this.suspects = suspects;
        this.order = new DependencyOrder(assessments);
        this.undesired = new UndesiredResources(prune, assessments);
    }

    public Plan plan() {
        Set<ResourceId> retained = undesired.retained();
        ExtraSteps extras = new ExtraSteps(revision, prune, assessments.values());
        List<ResourceAssessment> dependenciesFirst = order.dependenciesFirst();
        List<Step> steps = new ArrayList<>();
        for (ResourceAssessment assessment : dependenciesFirst) {
            if (assessment.isDesired()) {
                for (Step step : desired(assessment, FollowingChanges.of(assessment, replaced))) {
                    steps.add(step);
                    planned.add(assessment.id());
                    if (step.action() == Action.Replace) {
                        replaced.add(assessment.id());
                    }
                    if (mayGiveOtherOutputs(step)) {
                        open.add(assessment.id());
                    }
                }
            }
            steps.addAll(extras.of(assessment, order.lastUsers(assessment)));
        }
        steps.addAll(withdrawals);
        for (ResourceAssessment assessment : dependenciesFirst.reversed()) {
            if (!assessment.isDesired()) {
                Step step = undesired(assessment, retained);
                if (step != null) {
                    steps.add(step);
                }
            }
        }
        return new Plan(stack, revision, List.copyOf(steps));
    }

    /** Whether the step creates or replaces the resource, or may replace it when a value becomes known. */
    private static boolean mayGiveOtherOutputs(Step step) {
        return step.action() == Action.Create
                || step.action() == Action.Replace
                || step.changes().stream().anyMatch(c -> c.knownAfterApply() && c.forcesReplacement());
    }

    private List<Step> desired(ResourceAssessment assessment, FollowingChanges follows) {
        return switch (assessment.presence()) {
            case Presence.Unclear u -> List.of();
            case Presence.Deleting g ->
                g.known().phase() == Phase.Restorable
                        ? List.of(create(assessment, "is restored from its deletion window"))
                        : List.of();
            case Presence.NameTaken t -> t.adoptable() ? List.of(adopt(assessment, t)) : List.of();
            case Presence.Missing a ->
                List.of(create(assessment, assessment.history().completed() ? "does not exist any more" : ""));
            case Presence.Present p
            when p.known().phase() == Phase.Abandoned ->
                List.of(replace(
                        assessment,
                        p.known().identity().physicalId(),
                        List.of(),
                        assessment.dependencies(),
                        "AWS gave up the creation"));
            case Presence.Present p -> present(assessment, p.known().identity().physicalId(), follows);
        };
    }

    private Step create(ResourceAssessment assessment, String reason) {
        boolean lost = isLost(assessment);
        String why = lost ? "LostStateful" : reason;
        return step(
                assessment,
                Action.Create,
                null,
                List.of(),
                assessment.dependencies(),
                lost ? Weight.RISKY : Weight.LIGHT,
                why);
    }

    /** Whether data may be lost, so that a person has to decide whether the resource is created again, empty. */
    private boolean isLost(ResourceAssessment assessment) {
        if (!assessment.info().stateful() || assessment.info().recreate()) {
            return false;
        }
        return assessment.presence() instanceof Presence.Missing
                && (assessment.history().completed() || suspects.contains(assessment.id()));
    }

    private Step adopt(ResourceAssessment assessment, Presence.NameTaken taken) {
        return step(
                assessment,
                Action.Adopt,
                taken.known().identity().physicalId(),
                assessment.diff().changes(),
                assessment.dependencies(),
                Weight.RISKY,
                "is not ours yet: " + taken.holder());
    }

    /**
     * All changes of a resource by one revision are one step, after the steps of all resources that they refer to. If
     * the step has to wait, the guard splits the repairs off.
     */
    private List<Step> present(ResourceAssessment assessment, String physicalId, FollowingChanges follows) {
        Diff diff = assessment.diff();
        List<FieldChange> own =
                diff.changes().stream().filter(c -> isDecidable(assessment, c)).toList();
        if (own.stream().anyMatch(c -> replaces(assessment, c))) {
            return List.of(
                    replace(assessment, physicalId, own, assessment.dependencies(), "an immutable field changes"));
        }
        if (diff.isEmpty()
                && own.stream().noneMatch(FieldChange::knownAfterApply)
                && !assessment.history().again()) {
            return unchanged(assessment, physicalId, own, follows);
        }
        if (follows.replaces() && diff.onlyDrift()) {
            return List.of(update(assessment, physicalId, own, Set.of()));
        }
        Map<String, FieldChange> changes = new LinkedHashMap<>();
        own.forEach(c -> changes.put(c.path(), c));
        follows.changes().forEach(c -> changes.putIfAbsent(c.path(), c));
        List<FieldChange> all = List.copyOf(changes.values());
        // AWS would reject half of the update: a rule of the old load balancer cannot refer to a target group in the
        // new VPC.
        return follows.replaces()
                ? List.of(replace(assessment, physicalId, all, follows.on(), "follows a replacement"))
                : updates(assessment, physicalId, all, follows);
    }

    /**
     * Changes that need an approval are a separate step, so that no other change waits for it. So are changes that
     * withdraw access that another resource may still use.
     */
    private List<Step> updates(
            ResourceAssessment assessment, String physicalId, List<FieldChange> all, FollowingChanges follows) {
        Set<ResourceId> users = assessment.diff().withdrawn().isEmpty() ? Set.of() : order.users(assessment);
        UpdateParts parts = UpdateParts.of(assessment, all, !users.isEmpty());
        if (!parts.last().isEmpty()) {
            String reason = Withdrawals.move(assessment.info().spec())
                    ? "gives up elements that another resource takes over"
                    : "withdraws access";
            withdrawals.add(step(assessment, Action.Update, physicalId, parts.last(), users, Weight.LIGHT, reason));
        }
        List<Step> steps = new ArrayList<>();
        if (parts.hasRest()) {
            steps.add(update(assessment, physicalId, parts.rest(), waits(assessment, parts.rest(), follows)));
        }
        List<FieldChange> asking = parts.asking();
        if (!asking.isEmpty()) {
            Set<ResourceId> after = waits(assessment, asking, follows);
            steps.add(step(assessment, Action.Update, physicalId, asking, after, Weight.RISKY, "needs an approval"));
        }
        return steps;
    }

    private List<Step> unchanged(
            ResourceAssessment assessment, String physicalId, List<FieldChange> released, FollowingChanges follows) {
        List<Step> steps = new ArrayList<>();
        if (!released.isEmpty()) {
            steps.add(step(assessment, Action.NoOp, physicalId, released, Set.of(), Weight.LIGHT, "releases fields"));
        }
        if (follows.replaces()) {
            steps.add(replace(assessment, physicalId, follows.changes(), follows.on(), "follows a replacement"));
        } else if (!follows.changes().isEmpty()) {
            steps.add(update(assessment, physicalId, follows.changes(), follows.on(), "follows a replacement"));
        }
        return steps;
    }

    private Step replace(
            ResourceAssessment assessment,
            String physicalId,
            List<FieldChange> changes,
            Set<ResourceId> after,
            String reason) {
        boolean versioned = assessment.info().versioned();
        return step(
                assessment,
                Action.Replace,
                physicalId,
                changes,
                after,
                new Weight(assessment.order() == ReplacementOrder.DeleteFirst && !versioned, !versioned, false),
                reason);
    }

    private Step update(
            ResourceAssessment assessment, String physicalId, List<FieldChange> changes, Set<ResourceId> after) {
        String work = changes.stream().anyMatch(FieldChange::isDrift) ? "repairs drift" : "applies a change";
        String reason = assessment.history().again() ? "tried again" : work;
        return update(assessment, physicalId, changes, after, reason);
    }

    private Step update(
            ResourceAssessment assessment,
            String physicalId,
            List<FieldChange> changes,
            Set<ResourceId> after,
            String reason) {
        boolean rollout = assessment.history().again() || startsRollout(assessment, changes);
        return step(assessment, Action.Update, physicalId, changes, after, new Weight(false, rollout, rollout), reason);
    }

    /** A value that depends on outputs of unreadable resources is neither equal nor different. */
    private boolean isDecidable(ResourceAssessment assessment, FieldChange change) {
        Set<ResourceId> references = assessment.references().getOrDefault(change.component(), Set.of());
        return !change.knownAfterApply()
                || references.isEmpty()
                || references.stream()
                        .map(assessments::get)
                        .anyMatch(on -> on != null && !(on.presence() instanceof Presence.Unclear));
    }

    /**
     * Whether the change replaces. An unknown value does so only if a resource on which it depends is replaced. A
     * missing, stalled or taken resource gives no new value now, and perhaps the old value later.
     */
    private boolean replaces(ResourceAssessment assessment, FieldChange change) {
        return change.forcesReplacement()
                && (!change.knownAfterApply()
                        || assessment.references().getOrDefault(change.component(), Set.of()).stream()
                                .anyMatch(replaced::contains));
    }

    private static boolean startsRollout(ResourceAssessment assessment, List<FieldChange> changes) {
        SpecModel model = SpecModel.of(assessment.info().spec());
        return changes.stream()
                .filter(c -> c.effect() != FieldChange.Effect.Released)
                .anyMatch(c -> model.field(c.component())
                        .map(f -> f.has(RollsOut.class))
                        .orElse(false));
    }

    /**
     * The resources that pending changes wait for: those whose outputs they use, those that attach them, and all other
     * resources of the spec whose steps may change outputs, because these changes go in the same call.
     */
    private Set<ResourceId> waits(ResourceAssessment assessment, List<FieldChange> changes, FollowingChanges follows) {
        Set<ResourceId> waits = new TreeSet<>(follows.on());
        List<String> components = changes.stream()
                .filter(c -> c.effect() != FieldChange.Effect.Released && !c.isDrift())
                .map(FieldChange::component)
                .toList();
        for (String component : components) {
            // Deferred references do not count: two groups whose rules name each other would wait for ever.
            assessment.newUses().getOrDefault(component, Set.of()).stream()
                    .filter(used -> !assessment.deferred().contains(used))
                    .forEach(waits::add);
            assessment.references().getOrDefault(component, Set.of()).stream()
                    .filter(planned::contains)
                    .forEach(waits::add);
            waits.addAll(assessment.attachers().getOrDefault(component, Set.of()));
        }
        if (!components.isEmpty()) {
            assessment
                    .references()
                    .values()
                    .forEach(references ->
                            references.stream().filter(open::contains).forEach(waits::add));
            if (assessment.history().completed() && assessment.desired() != null) {
                waits.addAll(assessment.desired().dependsOn());
            }
        }
        waits.remove(assessment.id());
        return waits;
    }

    private @Nullable Step undesired(ResourceAssessment assessment, Set<ResourceId> retained) {
        return switch (assessment.presence()) {
            case Presence.Present p
            when !retained.contains(assessment.id()) ->
                delete(assessment, p.known().identity().physicalId());
            case Presence.Deleting g
            when !retained.contains(assessment.id()) ->
                delete(assessment, g.known().identity().physicalId());
            case Presence.Missing a ->
                step(
                        assessment,
                        Action.Forget,
                        assessment.history().physicalId(),
                        List.of(),
                        Set.of(),
                        Weight.LIGHT,
                        "does not exist and is no longer desired");
            case Presence.Present p -> null;
            case Presence.Deleting g -> null;
            case Presence.NameTaken t -> null;
            case Presence.Unclear u -> null;
        };
    }

    private Step delete(ResourceAssessment assessment, String physicalId) {
        return step(
                assessment,
                Action.Delete,
                physicalId,
                List.of(),
                order.outsideOfCircles(assessment, order.lastUsers(assessment)),
                Weight.RISKY,
                "is no longer desired");
    }

    /** The undesired resources that are kept. */
    public Set<ResourceId> retained() {
        return undesired.retained();
    }

    /** By resource, the former dependencies that no object uses any more. */
    public Map<ResourceId, Set<ResourceId>> unused(Map<ResourceId, DependencyState> states) {
        return order.unused(states);
    }

    /** The undesired resources that cannot be read, and that are deleted as soon as a read shows them. */
    public Set<ResourceId> unreadDeletions() {
        return undesired.unread();
    }

    /** The properties of a step by which the guard judges it; see {@link Step}. */
    private record Weight(boolean deleteFirst, boolean risky, boolean rollout) {
        static final Weight LIGHT = new Weight(false, false, false);
        static final Weight RISKY = new Weight(false, true, false);
    }

    private Step step(
            ResourceAssessment assessment,
            Action action,
            @Nullable String physicalId,
            List<FieldChange> changes,
            Set<ResourceId> after,
            Weight weight,
            String reason) {
        String hash = Guard.isForetold(changes, assessment)
                ? StepHash.foretold(revision, assessment.id(), action, physicalId)
                : StepHash.of(revision, assessment.id(), action, physicalId, changes, reason);
        return new Step(
                assessment.id(),
                action,
                physicalId,
                List.copyOf(changes),
                Set.copyOf(after),
                weight.deleteFirst(),
                weight.risky(),
                weight.rollout(),
                false,
                reason,
                hash);
    }
}
