package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Plan;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.SafeText;
import dev.holdfast.model.StackSettings.Mode;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Verdict;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A plan in the usual notation: {@code + ~ - ±}, indented fields and a summary line, as text for a terminal or as
 * Markdown.
 */
final class PlanText {
    private static final String RESET = "\u001b[0m";
    /** A comment on GitHub may have 65,536 characters. */
    private static final int LONGEST_DIFF = 60_000;

    private final boolean colours;
    private final StringBuilder out = new StringBuilder();

    private PlanText(boolean colours) {
        this.colours = colours;
    }

    static String text(StackView view, boolean colours) {
        PlanText plan = new PlanText(colours);
        plan.steps(view);
        plan.out.append(summary(view)).append('\n');
        return plan.out.toString();
    }

    /** The plan for a comment on a pull request: never longer than GitHub accepts. */
    static String markdown(StackView view) {
        PlanText plan = new PlanText(false);
        plan.steps(view);
        return "### Holdfast plan: `" + view.name() + "`\n\n" + summary(view) + "\n"
                + block(plan.out.toString().lines().map(PlanText::forDiff).toList());
    }

    /** The lines as a fenced block that no line can end, cut to the limit. */
    static String block(List<String> lines) {
        if (lines.isEmpty()) {
            return "";
        }
        StringBuilder diff = new StringBuilder();
        int shown = 0;
        while (shown < lines.size() && diff.length() + lines.get(shown).length() < LONGEST_DIFF) {
            diff.append(lines.get(shown++)).append('\n');
        }
        String fence = SafeText.fence(diff.toString());
        String rest = shown == lines.size()
                ? ""
                : "\nThe plan is too long for a comment: " + (lines.size() - shown)
                        + " more lines are shown by `holdfast plan`.\n";
        return "\n<details><summary>Steps</summary>\n\n" + fence + "diff\n" + diff + fence + "\n" + rest
                + "</details>\n";
    }

    /** A diff block colours each line by its first character. */
    private static String forDiff(String line) {
        String mark = line.stripLeading();
        if (mark.startsWith("±") || mark.startsWith("~") || mark.startsWith("<")) {
            return "!" + line;
        }
        return mark.startsWith("+") || mark.startsWith("-")
                ? mark.charAt(0) + line.replaceFirst("[+-]", " ")
                : " " + line;
    }

    private void steps(StackView view) {
        view.verdicts().forEach((step, verdict) -> {
            if (step.action() == Action.NoOp && step.changes().isEmpty()) {
                return;
            }
            line(
                    step.action(),
                    "  " + mark(step.action()) + " " + step.resource(),
                    (step.reason().isEmpty() ? "" : "  (" + step.reason() + ")")
                            + (step.physicalId() == null ? "" : "  " + step.physicalId())
                            + (approvable(verdict) ? "  #" + step.hash() : ""));
            if (step.action() == Action.Create) {
                created(view, step);
            }
            step.changes().forEach(this::field);
            note(verdict);
            Plan plan = view.plan();
            if (plan != null) {
                plan.warnings(step).forEach(warning -> line("      ! warning: " + warning));
            }
        });
        view.resources().values().forEach(this::pending);
        Set<ResourceId> told = view.verdicts().entrySet().stream()
                .filter(e -> e.getValue() instanceof Verdict.Held || e.getValue() instanceof Verdict.AfterReplacement)
                .map(e -> e.getKey().resource())
                .collect(Collectors.toUnmodifiableSet());
        // A stalled resource has no step, or a step that does not end the stall. A reader must not take it for one in
        // sync.
        view.resources().values().stream()
                .filter(resource -> resource.status() == Status.Stalled && !told.contains(resource.id()))
                .forEach(resource ->
                        line("  ! " + resource.id() + " is stalled: " + resource.reason() + ": " + resource.message()));
    }

    private void pending(ResourceView resource) {
        Instant until = resource.outlook().pendingUntil();
        if (until != null) {
            line("  . " + resource.id() + ": AWS changes "
                    + String.join(", ", resource.outlook().pending()) + " in the maintenance window at " + until);
        }
    }

    /** Only the hash of a step that waits for an approval is of use to a reader. */
    private static boolean approvable(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Held held -> held.approvable();
            case Verdict.AfterReplacement follows -> follows.approvable();
            case Verdict.Allowed go -> false;
            case Verdict.Blocked blocked -> false;
            case Verdict.RetryAt later -> false;
        };
    }

    private void created(StackView view, Step step) {
        var resource = view.resources().get(step.resource());
        JsonNode spec = resource == null ? null : resource.spec();
        if (spec == null) {
            return;
        }
        for (Map.Entry<String, JsonNode> field : spec.properties()) {
            line(Action.Create, "      + " + field.getKey(), ": " + field.getValue());
        }
    }

    private void field(FieldChange change) {
        if (change.effect() == FieldChange.Effect.Released) {
            line("      < " + change.words() + ": released; it keeps " + value(change.observed()));
            return;
        }
        Action action = change.observed() == null
                ? Action.Create
                : change.desired() == null && !change.knownAfterApply() ? Action.Delete : Action.Update;
        String values = switch (action) {
            case Create -> desired(change);
            case Delete -> value(change.observed());
            default -> value(change.observed()) + " -> " + desired(change);
        };
        String cause = switch (change.cause()) {
            case Drift -> "[drift]";
            case PendingChange -> "[change]";
            case Unrecorded -> "[unrecorded]";
        };
        line(
                action,
                "      " + mark(action) + " " + change.words(),
                ": " + values + "  " + cause + (change.forcesReplacement() ? " # forces replacement" : ""));
    }

    private static String desired(FieldChange change) {
        return change.knownAfterApply() ? "(known after apply)" : value(change.desired());
    }

    /** A value of a document, as plans and differences show it. */
    static String value(@Nullable JsonNode value) {
        return value == null ? "(none)" : value.toString();
    }

    private void note(Verdict verdict) {
        switch (verdict) {
            case Verdict.Allowed go -> {}
            case Verdict.Held held -> line("      ! held: " + held.reason() + ": " + held.message());
            case Verdict.Blocked blocked ->
                line("      . after " + blocked.on() + (blocked.message() == null ? "" : ": " + blocked.message()));
            case Verdict.AfterReplacement follows ->
                line("      . once " + follows.on() + " is replaced"
                        + (follows.approvable() ? "; a limit holds it" : ""));
            case Verdict.RetryAt later -> line("      . not before " + later.at() + " (" + later.reason() + ")");
        }
    }

    static String summary(StackView view) {
        Map<Action, Integer> counts = new EnumMap<>(Action.class);
        view.verdicts().keySet().forEach(s -> counts.merge(s.action(), 1, Integer::sum));
        long unknown = view.resources().values().stream()
                .filter(r -> r.status() == dev.holdfast.model.Status.Unknown)
                .count();
        StringBuilder text = new StringBuilder("Plan: ")
                .append(counts.getOrDefault(Action.Create, 0))
                .append(" to create, ")
                .append(counts.getOrDefault(Action.Update, 0))
                .append(" to update, ")
                .append(counts.getOrDefault(Action.Replace, 0))
                .append(" to replace, ")
                .append(counts.getOrDefault(Action.Delete, 0))
                .append(" to delete");
        if (counts.containsKey(Action.Adopt)) {
            text.append(", ").append(counts.get(Action.Adopt)).append(" to adopt");
        }
        if (counts.containsKey(Action.NoOp)) {
            text.append(", ").append(counts.get(Action.NoOp)).append(" to release");
        }
        text.append(view.heldSteps().count() == 0 ? "." : "; " + waiting(view) + ".");
        return unknown == 0
                ? text.toString()
                : text + " The state of " + unknown + " resources is unknown, because their reads failed.";
    }

    private static String waiting(StackView view) {
        boolean observes = view.settings() != null && view.settings().mode() == Mode.Observe;
        return observes
                ? "the mode is Observe: nothing is written"
                : view.heldSteps().words();
    }

    /** Adds a line, and escapes its parts so that they cannot end it. */
    private void line(Action action, String head, String rest) {
        String safe = SafeText.line(head);
        out.append(colours ? colour(action) + safe + RESET : safe)
                .append(SafeText.line(rest))
                .append('\n');
    }

    private void line(String text) {
        out.append(SafeText.line(text)).append('\n');
    }

    private static String colour(Action action) {
        return switch (action) {
            case Create, Adopt -> "\u001b[32m";
            case Update, Restart -> "\u001b[33m";
            case Replace -> "\u001b[35m";
            case Delete, Forget -> "\u001b[31m";
            case NoOp -> "";
        };
    }

    private static String mark(Action action) {
        return switch (action) {
            case Create -> "+";
            case Update -> "~";
            case Replace -> "±";
            case Restart -> "!";
            case Delete -> "-";
            case Adopt -> ">";
            case Forget -> "x";
            case NoOp -> "<";
        };
    }
}
