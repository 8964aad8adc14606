package dev.holdfast.plan;

import dev.holdfast.kind.RollsOut;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.Plan;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Decides the steps: what the presence of a resource and its difference call for, in the order of dependencies. Pure. */
public final class Planner {
    private final String stack;
    private final String revision;
    private final boolean prune;
    private final Map<ResourceId, ResourceAssessment> assessments;
    private final Set<ResourceId> suspects;
    private final DependencyOrder order;
    /** The resources of the steps so far, and those that are replaced; a resource comes after those that it refers to. */
    private final Set<ResourceId> planned = new HashSet<>();

    private final Set<ResourceId> replaced = new HashSet<>();

    /**
     * @param suspects stateful ones that may have been there, and held data, before the state was lost
     */
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
    }

    public Plan plan() {
        Set<ResourceId> retained = retained();
        Map<ResourceId, Set<ResourceId>> dependents = order.dependents();
        ExtraSteps extras = new ExtraSteps(revision, prune, assessments.values());
        List<Step> steps = new ArrayList<>();
        for (ResourceAssessment assessment : order.dependenciesFirst()) {
            if (assessment.isDesired()) {
                Step step = together(assessment, desired(assessment), foretold(assessment));
                if (step != null) {
                    steps.add(step);
                    planned.add(assessment.id());
                    if (step.action() == Action.Replace) {
                        replaced.add(assessment.id());
                    }
                }
            }
            steps.addAll(extras.of(assessment, dependents.getOrDefault(assessment.id(), Set.of())));
        }
        List<ResourceAssessment> reversed = new ArrayList<>(order.dependenciesFirst());
        java.util.Collections.reverse(reversed);
        for (ResourceAssessment assessment : reversed) {
            if (!assessment.isDesired()) {
                Step step = undesired(assessment, retained, dependents);
                if (step != null) {
                    steps.add(step);
                }
            }
        }
        return new Plan(stack, revision, List.copyOf(steps));
    }

    /**
     * The step that follows the replacement of a resource to which this one refers. It cannot begin yet, but the plan has to
     * contain it: people who approve the replacement, and limits, have to see everything that follows.
     */
    private @Nullable Step foretold(ResourceAssessment assessment) {
        if (!(assessment.presence() instanceof Presence.Present present)) {
            return null;
        }
        Set<String> components = new TreeSet<>();
        Set<ResourceId> waits = new TreeSet<>();
        assessment.references().forEach((component, references) -> {
            Set<ResourceId> anew = new TreeSet<>(references);
            anew.retainAll(replaced);
            if (!anew.isEmpty()) {
                components.add(component);
                waits.addAll(anew);
            }
        });
        List<FieldChange> changes =
                components.isEmpty() ? List.of() : assessment.following().apply(components);
        if (changes.isEmpty()) {
            return null;
        }
        boolean replaces = changes.stream().anyMatch(c -> c.effect() == FieldChange.Effect.Replace);
        boolean rollout = !replaces
                && startsRollout(
                        assessment, changes.stream().map(FieldChange::component).toList());
        return step(
                assessment,
                replaces ? Action.Replace : Action.Update,
                present.known().identity().physicalId(),
                changes,
                waits,
                replaces && assessment.keepsName() && !assessment.info().versioned(),
                replaces ? !assessment.info().versioned() : rollout,
                rollout,
                "follows a replacement");
    }

    /**
     * A resource that is going to be replaced is not updated before, because AWS would refuse half of the update: for example a
     * rule of the old load balancer that refers to a target group in the new VPC. A repair is made all the same.
     */
    private @Nullable Step together(ResourceAssessment assessment, @Nullable Step own, @Nullable Step follows) {
        if (own == null || follows == null) {
            return own == null ? follows : own;
        }
        if (own.action() != Action.Update
                || follows.action() != Action.Replace
                || assessment.diff().onlyDrift()) {
            return own;
        }
        Map<String, FieldChange> changes = new LinkedHashMap<>();
        own.changes().forEach(c -> changes.put(c.path(), c));
        follows.changes().forEach(c -> changes.putIfAbsent(c.path(), c));
        Set<ResourceId> after = new TreeSet<>(follows.after());
        after.addAll(own.after());
        return step(
                assessment,
                Action.Replace,
                own.physicalId(),
                List.copyOf(changes.values()),
                after,
                follows.deleteFirst(),
                follows.risky(),
                false,
                follows.reason());
    }

    private @Nullable Step desired(ResourceAssessment assessment) {
        return switch (assessment.presence()) {
            case Presence.Unclear u -> null;
            case Presence.Deleting g ->
                g.known().phase() == dev.holdfast.model.Phase.Restorable
                        ? create(assessment, "comes back from its deletion window")
                        : null;
            case Presence.NameTaken t -> adopt(assessment, t);
            case Presence.Missing a -> create(assessment, assessment.history().completed() ? "is gone" : "");
            case Presence.Present p -> present(assessment, p);
        };
    }

    private Step create(ResourceAssessment assessment, String reason) {
        boolean lost = isLost(assessment);
        return step(
                assessment,
                Action.Create,
                null,
                List.of(),
                assessment.dependencies(),
                false,
                lost,
                false,
                lost ? "LostStateful" : reason);
    }

    /** Data may be lost: a person decides whether the resource is created again, empty. */
    private boolean isLost(ResourceAssessment assessment) {
        if (!assessment.info().stateful() || assessment.info().recreate()) {
            return false;
        }
        return assessment.presence() instanceof Presence.Missing
                && (assessment.history().completed() || suspects.contains(assessment.id()));
    }

    private @Nullable Step adopt(ResourceAssessment assessment, Presence.NameTaken taken) {
        if (!taken.adoptable()) {
            return null;
        }
        return step(
                assessment,
                Action.Adopt,
                taken.known().identity().physicalId(),
                assessment.diff().changes(),
                assessment.dependencies(),
                false,
                true,
                false,
                "is not ours yet: " + taken.holder());
    }

    private @Nullable Step present(ResourceAssessment assessment, Presence.Present present) {
        Diff diff = assessment.diff();
        List<FieldChange> changes =
                diff.changes().stream().filter(c -> isDecidable(assessment, c)).toList();
        String physicalId = present.known().identity().physicalId();
        boolean pending = changes.stream().anyMatch(FieldChange::knownAfterApply);
        if (diff.isEmpty() && !pending && !assessment.history().again()) {
            return changes.isEmpty()
                    ? null
                    : step(
                            assessment,
                            Action.NoOp,
                            physicalId,
                            changes,
                            Set.of(),
                            false,
                            false,
                            false,
                            "releases fields");
        }
        if (changes.stream().anyMatch(c -> replaces(assessment, c))) {
            boolean deleteFirst = assessment.keepsName() && !assessment.info().versioned();
            return step(
                    assessment,
                    Action.Replace,
                    physicalId,
                    changes,
                    assessment.dependencies(),
                    deleteFirst,
                    !assessment.info().versioned(),
                    false,
                    "an immutable field changes");
        }
        boolean rollout = assessment.history().again() || startsRollout(assessment, diff.changed());
        return step(
                assessment,
                Action.Update,
                physicalId,
                changes,
                firstUses(assessment),
                false,
                rollout,
                rollout,
                assessment.history().again() ? "tried again" : diff.hasDrift() ? "repairs drift" : "applies a change");
    }

    /** A value that hangs on outputs of resources that cannot be read is neither the same nor another one. */
    private boolean isDecidable(ResourceAssessment assessment, FieldChange change) {
        Set<ResourceId> references = assessment.references().getOrDefault(change.component(), Set.of());
        return !change.knownAfterApply()
                || references.isEmpty()
                || references.stream()
                        .map(assessments::get)
                        .anyMatch(on -> on != null && !(on.presence() instanceof Presence.Unclear));
    }

    /**
     * A value that is not known yet replaces only if a resource that it hangs on is replaced. A resource that is gone, stalled
     * or taken gives no new value now, and perhaps the old one later.
     */
    private boolean replaces(ResourceAssessment assessment, FieldChange change) {
        return change.effect() == FieldChange.Effect.Replace
                && (!change.knownAfterApply()
                        || assessment.references().getOrDefault(change.component(), Set.of()).stream()
                                .anyMatch(replaced::contains));
    }

    private static boolean startsRollout(ResourceAssessment assessment, Collection<String> changed) {
        SpecModel model = SpecModel.of(assessment.info().spec());
        return changed.stream()
                .anyMatch(name ->
                        model.field(name).map(f -> f.has(RollsOut.class)).orElse(false));
    }

    /** A repair never waits; a change waits for new outputs, and for the steps of the resources that it refers to. */
    private Set<ResourceId> firstUses(ResourceAssessment assessment) {
        Set<ResourceId> waits = new TreeSet<>();
        boolean pending = false;
        for (FieldChange change : assessment.diff().changes()) {
            boolean follows = change.knownAfterApply() && !assessment.diff().isEmpty();
            if (change.effect() != FieldChange.Effect.Released
                    && change.cause() != FieldChange.Cause.Drift
                    && !follows) {
                Set<ResourceId> references = assessment.references().getOrDefault(change.component(), Set.of());
                Set<ResourceId> news = assessment.newUses().getOrDefault(change.component(), Set.of());
                references.stream()
                        .filter(id -> news.contains(id) || planned.contains(id))
                        .forEach(waits::add);
                pending = true;
            }
        }
        if (pending && assessment.history().completed() && assessment.desired() != null) {
            waits.addAll(assessment.desired().dependsOn());
        }
        waits.remove(assessment.id());
        return waits;
    }

    private @Nullable Step undesired(
            ResourceAssessment assessment, Set<ResourceId> retained, Map<ResourceId, Set<ResourceId>> dependents) {
        return switch (assessment.presence()) {
            case Presence.Present p
            when !retained.contains(assessment.id()) ->
                delete(assessment, p.known().identity().physicalId(), dependents);
            case Presence.Deleting g
            when !retained.contains(assessment.id()) ->
                delete(assessment, g.known().identity().physicalId(), dependents);
            case Presence.Missing a ->
                step(
                        assessment,
                        Action.Forget,
                        assessment.history().physicalId(),
                        List.of(),
                        Set.of(),
                        false,
                        false,
                        false,
                        "is gone and no longer desired");
            case Presence.Present p -> null;
            case Presence.Deleting g -> null;
            case Presence.NameTaken t -> null;
            case Presence.Unclear u -> null;
        };
    }

    private Step delete(ResourceAssessment assessment, String physicalId, Map<ResourceId, Set<ResourceId>> dependents) {
        return step(
                assessment,
                Action.Delete,
                physicalId,
                List.of(),
                order.outsideOfCircles(assessment, dependents.getOrDefault(assessment.id(), Set.of())),
                false,
                true,
                false,
                "is no longer desired");
    }

    /** Undesired resources that stay: by their lifecycle, with prune off, and all that a staying one refers to. */
    public Set<ResourceId> retained() {
        Set<ResourceId> kept = new HashSet<>();
        List<ResourceAssessment> open = new ArrayList<>();
        for (ResourceAssessment assessment : assessments.values()) {
            if (!assessment.isDesired()
                    && (!prune || assessment.onDelete() == Lifecycle.OnDelete.Retain)
                    && !(assessment.presence() instanceof Presence.Missing)) {
                kept.add(assessment.id());
                open.add(assessment);
            }
        }
        while (!open.isEmpty()) {
            for (ResourceId needed : open.removeLast().history().dependsOn()) {
                ResourceAssessment assessment = assessments.get(needed);
                if (assessment != null && !assessment.isDesired() && kept.add(needed)) {
                    open.add(assessment);
                }
            }
        }
        return kept;
    }

    private Step step(
            ResourceAssessment assessment,
            Action action,
            @Nullable String physicalId,
            List<FieldChange> changes,
            Set<ResourceId> after,
            boolean deleteFirst,
            boolean risky,
            boolean rollout,
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
                deleteFirst,
                risky,
                rollout,
                false,
                reason,
                hash);
    }
}
