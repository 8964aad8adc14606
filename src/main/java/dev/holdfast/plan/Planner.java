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

/** Decides the steps: what a subject's presence and difference call for, in the order of dependencies. Pure. */
public final class Planner {
    private final String stack;
    private final String revision;
    private final boolean prune;
    private final Map<ResourceId, ResourceAssessment> subjects;
    private final Set<ResourceId> suspects;
    private final DependencyOrder order;

    /**
     * @param suspects stateful ones that may have been there, and held data, before the state was lost
     */
    public Planner(
            String stack,
            String revision,
            boolean prune,
            Map<ResourceId, ResourceAssessment> subjects,
            Set<ResourceId> suspects) {
        this.stack = stack;
        this.revision = revision;
        this.prune = prune;
        this.subjects = subjects;
        this.suspects = suspects;
        this.order = new DependencyOrder(subjects);
    }

    public Plan plan() {
        Set<ResourceId> retained = retained();
        Map<ResourceId, Set<ResourceId>> dependents = order.dependents();
        List<Step> steps = new ArrayList<>();
        Set<ResourceId> replaced = new HashSet<>();
        for (ResourceAssessment subject : order.dependenciesFirst()) {
            if (subject.isDesired()) {
                Step step = together(subject, desired(subject), foretold(subject, replaced));
                if (step != null) {
                    steps.add(step);
                    if (step.action() == Action.Replace) {
                        replaced.add(subject.id());
                    }
                }
            }
            steps.addAll(deposed(subject, dependents));
        }
        List<ResourceAssessment> reversed = new ArrayList<>(order.dependenciesFirst());
        java.util.Collections.reverse(reversed);
        for (ResourceAssessment subject : reversed) {
            if (!subject.isDesired()) {
                Step step = undesired(subject, retained, dependents);
                if (step != null) {
                    steps.add(step);
                }
            }
        }
        return new Plan(stack, revision, List.copyOf(steps));
    }

    /**
     * What follows when something it refers to is replaced: it cannot be done yet, but whoever decides on the replacement, and
     * whatever counts what a plan does, has to see all of it.
     */
    private @Nullable Step foretold(ResourceAssessment subject, Set<ResourceId> replaced) {
        if (!(subject.presence() instanceof Presence.Present present)) {
            return null;
        }
        Set<String> components = new TreeSet<>();
        Set<ResourceId> waits = new TreeSet<>();
        subject.references().forEach((component, references) -> {
            Set<ResourceId> anew = new TreeSet<>(references);
            anew.retainAll(replaced);
            if (!anew.isEmpty()) {
                components.add(component);
                waits.addAll(anew);
            }
        });
        List<FieldChange> changes =
                components.isEmpty() ? List.of() : subject.following().apply(components);
        if (changes.isEmpty()) {
            return null;
        }
        boolean replaces = changes.stream().anyMatch(c -> c.effect() == FieldChange.Effect.Replace);
        boolean rollout = !replaces
                && startsRollout(
                        subject, changes.stream().map(FieldChange::component).toList());
        return step(
                subject,
                replaces ? Action.Replace : Action.Update,
                present.known().identity().physicalId(),
                changes,
                waits,
                replaces && subject.keepsName() && !subject.info().versioned(),
                replaces ? !subject.info().versioned() : rollout,
                rollout,
                "follows a replacement");
    }

    /**
     * What is going to be replaced is not changed before: AWS would refuse half of it, such as a rule of the old load balancer
     * that is to lead to a target group in the new VPC. A repair goes all the same.
     */
    private @Nullable Step together(ResourceAssessment subject, @Nullable Step own, @Nullable Step follows) {
        if (own == null || follows == null) {
            return own == null ? follows : own;
        }
        if (own.action() != Action.Update
                || follows.action() != Action.Replace
                || subject.diff().onlyDrift()) {
            return own;
        }
        Map<String, FieldChange> changes = new LinkedHashMap<>();
        own.changes().forEach(c -> changes.put(c.path(), c));
        follows.changes().forEach(c -> changes.putIfAbsent(c.path(), c));
        Set<ResourceId> after = new TreeSet<>(follows.after());
        after.addAll(own.after());
        return step(
                subject,
                Action.Replace,
                own.physicalId(),
                List.copyOf(changes.values()),
                after,
                follows.deleteFirst(),
                follows.risky(),
                false,
                follows.reason());
    }

    private @Nullable Step desired(ResourceAssessment subject) {
        return switch (subject.presence()) {
            case Presence.Unclear u -> null;
            case Presence.Deleting g ->
                g.known().phase() == dev.holdfast.model.Phase.Restorable
                        ? create(subject, "comes back from its deletion window")
                        : null;
            case Presence.NameTaken t -> adopt(subject, t);
            case Presence.Missing a -> create(subject, subject.memory().applied() ? "is gone" : "is new");
            case Presence.Present p -> present(subject, p);
        };
    }

    private Step create(ResourceAssessment subject, String reason) {
        boolean lost = isLost(subject);
        return step(
                subject,
                Action.Create,
                null,
                List.of(),
                subject.dependencies(),
                false,
                lost,
                false,
                lost ? "LostStateful" : reason);
    }

    /** Data that was there once: making it again, empty, is for a person to decide. */
    private boolean isLost(ResourceAssessment subject) {
        if (!subject.info().stateful() || subject.info().recreate()) {
            return false;
        }
        return subject.presence() instanceof Presence.Missing
                && (subject.memory().applied() || suspects.contains(subject.id()));
    }

    private @Nullable Step adopt(ResourceAssessment subject, Presence.NameTaken taken) {
        if (!taken.adoptable()) {
            return null;
        }
        return step(
                subject,
                Action.Adopt,
                taken.known().identity().physicalId(),
                subject.diff().changes(),
                subject.dependencies(),
                false,
                true,
                false,
                "is not ours yet: " + taken.holder());
    }

    private @Nullable Step present(ResourceAssessment subject, Presence.Present present) {
        Diff diff = subject.diff();
        String physicalId = present.known().identity().physicalId();
        boolean pending = diff.changes().stream().anyMatch(FieldChange::knownAfterApply);
        if (diff.isEmpty() && !pending && !subject.memory().again()) {
            return diff.changes().isEmpty()
                    ? null
                    : step(
                            subject,
                            Action.NoOp,
                            physicalId,
                            diff.changes(),
                            Set.of(),
                            false,
                            false,
                            false,
                            "releases fields");
        }
        boolean replaces = diff.replaces() && !(diff.isEmpty() && pending && !waitsOnReplacement(subject));
        Set<ResourceId> waits = firstUses(subject);
        if (replaces) {
            boolean deleteFirst = subject.keepsName() && !subject.info().versioned();
            return step(
                    subject,
                    Action.Replace,
                    physicalId,
                    diff.changes(),
                    subject.dependencies(),
                    deleteFirst,
                    !subject.info().versioned(),
                    false,
                    "an immutable field changes");
        }
        boolean rollout = subject.memory().again() || startsRollout(subject, diff.changed());
        return step(
                subject,
                Action.Update,
                physicalId,
                diff.changes(),
                waits,
                false,
                rollout,
                rollout,
                subject.memory().again() ? "tried again" : diff.hasDrift() ? "repairs drift" : "applies a change");
    }

    /** An immutable field that hangs on what is being replaced will change; one whose source is merely not there yet may. */
    private boolean waitsOnReplacement(ResourceAssessment subject) {
        return subject.diff().changes().stream()
                .filter(c -> c.knownAfterApply() && c.effect() == FieldChange.Effect.Replace)
                .flatMap(c -> subject.references().getOrDefault(c.component(), Set.of()).stream())
                .map(subjects::get)
                .anyMatch(s -> s != null && s.diff().replaces());
    }

    private static boolean startsRollout(ResourceAssessment subject, Collection<String> changed) {
        SpecModel model = SpecModel.of(subject.info().spec());
        return changed.stream()
                .anyMatch(name ->
                        model.field(name).map(f -> f.has(RollsOut.class)).orElse(false));
    }

    /** A repair never waits; a field that takes up something new waits for what it points to. */
    private static Set<ResourceId> firstUses(ResourceAssessment subject) {
        Set<ResourceId> waits = new TreeSet<>();
        boolean pending = false;
        for (FieldChange change : subject.diff().changes()) {
            boolean follows = change.knownAfterApply() && !subject.diff().isEmpty();
            if (change.effect() != FieldChange.Effect.Released
                    && change.cause() != FieldChange.Cause.Drift
                    && !follows) {
                waits.addAll(subject.references().getOrDefault(change.component(), Set.of()));
                pending = true;
            }
        }
        if (pending && subject.memory().completed() && subject.desired() != null) {
            waits.addAll(subject.desired().dependsOn());
        }
        waits.remove(subject.id());
        return waits;
    }

    private List<Step> deposed(ResourceAssessment subject, Map<ResourceId, Set<ResourceId>> dependents) {
        List<String> old = subject.memory().deposed();
        int keep = subject.isDesired() ? subject.info().keepVersions() : 0;
        List<Step> steps = new ArrayList<>();
        for (String physicalId : old.subList(0, Math.max(0, old.size() - keep))) {
            Set<ResourceId> after = new TreeSet<>(dependents.getOrDefault(subject.id(), Set.of()));
            after.add(subject.id());
            subjects.values().stream()
                    .filter(s -> s.isDesired() && s.deferred().contains(subject.id()))
                    .forEach(s -> after.add(s.id()));
            steps.add(step(subject, Action.Delete, physicalId, List.of(), after, false, false, false, "was replaced"));
        }
        return steps;
    }

    private @Nullable Step undesired(
            ResourceAssessment subject, Set<ResourceId> retained, Map<ResourceId, Set<ResourceId>> dependents) {
        return switch (subject.presence()) {
            case Presence.Present p
            when !retained.contains(subject.id()) ->
                delete(subject, p.known().identity().physicalId(), dependents);
            case Presence.Deleting g
            when !retained.contains(subject.id()) ->
                delete(subject, g.known().identity().physicalId(), dependents);
            case Presence.Missing a ->
                step(
                        subject,
                        Action.Forget,
                        subject.memory().physicalId(),
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

    private Step delete(ResourceAssessment subject, String physicalId, Map<ResourceId, Set<ResourceId>> dependents) {
        return step(
                subject,
                Action.Delete,
                physicalId,
                List.of(),
                order.outsideOfCircles(subject, dependents.getOrDefault(subject.id(), Set.of())),
                false,
                true,
                false,
                "is no longer desired");
    }

    /** Undesired resources that stay: by their lifecycle, with prune off, and all that a staying one refers to. */
    public Set<ResourceId> retained() {
        Set<ResourceId> kept = new HashSet<>();
        List<ResourceAssessment> open = new ArrayList<>();
        for (ResourceAssessment subject : subjects.values()) {
            if (!subject.isDesired()
                    && (!prune || subject.onDelete() == Lifecycle.OnDelete.Retain)
                    && !(subject.presence() instanceof Presence.Missing)) {
                kept.add(subject.id());
                open.add(subject);
            }
        }
        while (!open.isEmpty()) {
            for (ResourceId needed : open.removeLast().memory().dependsOn()) {
                ResourceAssessment subject = subjects.get(needed);
                if (subject != null && !subject.isDesired() && kept.add(needed)) {
                    open.add(subject);
                }
            }
        }
        return kept;
    }

    private Step step(
            ResourceAssessment subject,
            Action action,
            @Nullable String physicalId,
            List<FieldChange> changes,
            Set<ResourceId> after,
            boolean deleteFirst,
            boolean risky,
            boolean rollout,
            String reason) {
        String hash = Guard.isForetold(changes, subject)
                ? StepHash.foretold(revision, subject.id(), action, physicalId)
                : StepHash.of(revision, subject.id(), action, physicalId, changes, reason);
        return new Step(
                subject.id(),
                action,
                physicalId,
                List.copyOf(changes),
                Set.copyOf(after),
                deleteFirst,
                risky,
                rollout,
                reason,
                hash);
    }
}
