package dev.holdfast.plan;

import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.Plan;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.StackSettings;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says of each step of a whole plan, before the first write, whether it may go. Pure. */
public final class Guard {
    /** Writes in a row without effect after which a difference is no longer work but a bug. */
    public static final int NEVER_CONVERGES = 3;

    private final GuardInput input;
    private final Map<ResourceId, Subject> subjects;
    private final Plan plan;

    private Guard(GuardInput input, Map<ResourceId, Subject> subjects, Plan plan) {
        this.input = input;
        this.subjects = subjects;
        this.plan = plan;
    }

    /** @return a verdict for every step, in the plan's order */
    public static Map<Step, Verdict> check(GuardInput input, Map<ResourceId, Subject> subjects, Plan plan) {
        Guard guard = new Guard(input, subjects, plan);
        Map<Step, Verdict> verdicts = new LinkedHashMap<>();
        plan.steps().forEach(step -> verdicts.put(step, guard.verdict(step)));
        return verdicts;
    }

    private Verdict verdict(Step step) {
        Subject subject = subjects.get(step.resource());
        if (subject == null) {
            throw new IllegalStateException("the plan has a step for " + step.resource() + " which nobody asked about");
        }
        Verdict held = held(step, subject);
        if (held != null) {
            return held;
        }
        Verdict blocked = blocked(step, subject);
        if (blocked != null) {
            return blocked;
        }
        Instant retryAt = input.retryAt().get(step.resource());
        if (retryAt != null && input.now().isBefore(retryAt)) {
            return new Verdict.Later("Backoff", retryAt);
        }
        Instant notBefore = subject.memory().repairs().notBefore();
        if (notBefore != null && input.now().isBefore(notBefore)) {
            return new Verdict.Later(
                    subject.memory().repairs().contested() > 0 ? "Contested" : "AwaitingEffect", notBefore);
        }
        return new Verdict.Go();
    }

    private @Nullable Verdict held(Step step, Subject subject) {
        if (step.action() == Action.Forget || step.action() == Action.NoOp) {
            return null;
        }
        if (input.settings().mode() == StackSettings.Mode.Observe) {
            Status status = subject.diff().hasDrift() ? Status.Drifted : Status.Pending;
            return new Verdict.Held(status, "ModeObserve", "the stack's mode is Observe: nothing is written");
        }
        String paused = input.paused() != null
                ? input.paused()
                : input.pausedResources().get(step.resource());
        if (paused != null || subject.lifecycle().paused()) {
            return new Verdict.Held(Status.Paused, "Paused", paused != null ? paused : "lifecycle.paused is set");
        }
        if (step.action() == Action.Replace && subject.lifecycle().onReplace() == Lifecycle.OnReplace.Never) {
            return new Verdict.Held(
                    Status.Stalled,
                    "ReplaceForbidden",
                    "lifecycle.onReplace is Never, and " + replaced(step) + " can only be changed by a replacement");
        }
        if (input.approved().contains(step.hash())) {
            return null;
        }
        if (subject.memory().repairs().ineffective() >= NEVER_CONVERGES) {
            return new Verdict.Held(
                    Status.Stalled,
                    "NeverConverges",
                    NEVER_CONVERGES + " writes in a row changed nothing: " + fields(step) + "; 'retry' tries again");
        }
        if (step.reason().equals("LostStateful")) {
            return new Verdict.Held(
                    Status.Stalled,
                    "LostStateful",
                    "it held data and is gone; an approval of " + step.hash() + " creates it anew, empty");
        }
        if (input.upgraded()) {
            return approval("UpgradeHold", "the operator's version changed and the revision did not", step);
        }
        if (step.action() == Action.Replace && needsApproval(step, subject)) {
            return approval("ReplaceNeedsApproval", replaced(step) + " can only be changed by a replacement", step);
        }
        return overLimit(step, subject);
    }

    private static boolean needsApproval(Step step, Subject subject) {
        Lifecycle.OnReplace said = subject.lifecycle().onReplace();
        return said == null ? subject.info().stateful() || step.deleteFirst() : said == Lifecycle.OnReplace.Approve;
    }

    private static Verdict approval(String reason, String message, Step step) {
        return new Verdict.Held(Status.AwaitingApproval, reason, message + "; approve " + step.hash());
    }

    private @Nullable Verdict overLimit(Step step, Subject subject) {
        if (!counts(step, subject)) {
            return null;
        }
        StackSettings.Limits limits = input.settings().limits();
        GuardInput.Spent spent = input.spent();
        long limit;
        long already;
        String name;
        if (step.rollout()) {
            limit = limits.maxRollouts();
            already = spent.rollouts();
            name = "maxRollouts";
        } else {
            switch (step.action()) {
                case Delete -> {
                    limit = limits.maxDeletes();
                    already = spent.deletes();
                    name = "maxDeletes";
                }
                case Replace -> {
                    limit = limits.maxReplaces();
                    already = spent.replaces();
                    name = "maxReplaces";
                }
                case Update -> {
                    limit = limits.maxUpdates();
                    already = spent.updates();
                    name = "maxUpdates";
                }
                case Create, Adopt, Forget, NoOp -> {
                    return null;
                }
                default -> throw new IllegalStateException("an action without a limit: " + step.action());
            }
        }
        long planned = plan.steps().stream().filter(other -> alike(step, other)).count();
        if (planned + already <= limit) {
            return null;
        }
        return approval(
                "LimitExceeded",
                "the plan has " + (planned + already) + " such steps, and limits." + name + " is " + limit,
                step);
    }

    private boolean alike(Step step, Step other) {
        Subject subject = subjects.get(other.resource());
        return other.rollout() == step.rollout()
                && (step.rollout() || other.action() == step.action())
                && subject != null
                && counts(other, subject)
                && !input.approved().contains(other.hash());
    }

    /** Limits count what can do harm: not what completes a creation, and not what a replacement left over. */
    public static boolean counts(Step step, Subject subject) {
        return switch (step.action()) {
            case Delete -> step.risky();
            case Replace -> step.risky();
            case Update -> subject.memory().completed();
            case Create, Adopt, Forget, NoOp -> false;
        };
    }

    private @Nullable Verdict blocked(Step step, Subject subject) {
        boolean deletes = step.action() == Action.Delete;
        for (ResourceId on : step.after()) {
            Standing standing = input.standings().getOrDefault(on, Standing.Gone);
            boolean open = standing == Standing.Settled || (deletes && standing == Standing.Gone);
            if (!open) {
                return new Verdict.Blocked(reason(standing), on, null);
            }
        }
        for (FieldChange change : step.changes()) {
            if (change.knownAfterApply()
                    && (step.action() == Action.Replace || subject.diff().isEmpty())) {
                return new Verdict.Blocked(
                        "DependencyNotReady", anyReference(subject, change), change.path() + " is known after apply");
            }
        }
        if (step.action() == Action.Create && !subject.unresolved().isEmpty()) {
            String field = subject.unresolved().iterator().next();
            return new Verdict.Blocked(
                    "DependencyNotReady",
                    subject.references()
                            .getOrDefault(field, java.util.Set.of(step.resource()))
                            .iterator()
                            .next(),
                    "/" + field + " is known after apply");
        }
        return null;
    }

    private static ResourceId anyReference(Subject subject, FieldChange change) {
        return subject.references().getOrDefault(change.component(), java.util.Set.of()).stream()
                .findFirst()
                .orElse(subject.id());
    }

    private static String reason(Standing standing) {
        return switch (standing) {
            case Stalled -> "DependencyStalled";
            case Unknown -> "DependencyUnknown";
            case NotReady, Gone, Settled -> "DependencyNotReady";
        };
    }

    private static String replaced(Step step) {
        return step.changes().stream()
                .filter(c -> c.effect() == FieldChange.Effect.Replace)
                .map(FieldChange::path)
                .findFirst()
                .orElse("a field");
    }

    private static String fields(Step step) {
        return String.join(", ", step.changes().stream().map(FieldChange::path).toList());
    }
}
