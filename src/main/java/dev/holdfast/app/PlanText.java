package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Verdict;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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

    /** The lines as a block that none of them can end, cut to the limit. */
    static String block(List<String> lines) {
        if (lines.isEmpty()) {
            return "";
        }
        StringBuilder diff = new StringBuilder();
        int shown = 0;
        while (shown < lines.size() && diff.length() + lines.get(shown).length() < LONGEST_DIFF) {
            diff.append(lines.get(shown++)).append('\n');
        }
        String fence = "```";
        while (diff.indexOf(fence) >= 0) {
            fence += "`";
        }
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
            paint(step.action(), "  " + mark(step.action()) + " " + step.resource());
            if (!step.reason().isEmpty()) {
                out.append("  (").append(step.reason()).append(")");
            }
            if (step.physicalId() != null) {
                out.append("  ").append(step.physicalId());
            }
            if (approvable(verdict)) {
                out.append("  #").append(step.hash());
            }
            out.append('\n');
            if (step.action() == Action.Create) {
                created(view, step);
            }
            step.changes().forEach(this::field);
            note(verdict);
        });
        view.resources().values().forEach(this::pending);
        // They have no step, but a reader must not take them for resources in sync.
        view.resources().values().stream()
                .filter(resource -> resource.status() == Status.Stalled)
                .forEach(resource -> out.append("  ! ")
                        .append(resource.id())
                        .append(" is stalled: ")
                        .append(resource.reason())
                        .append(": ")
                        .append(resource.message())
                        .append('\n'));
    }

    private void pending(ResourceView resource) {
        Instant until = resource.outlook().pendingUntil();
        if (until != null) {
            out.append("  . ")
                    .append(resource.id())
                    .append(": AWS changes ")
                    .append(String.join(", ", resource.outlook().pending()))
                    .append(" in the maintenance window at ")
                    .append(until)
                    .append('\n');
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
            paint(Action.Create, "      + " + field.getKey())
                    .append(": ")
                    .append(field.getValue())
                    .append('\n');
        }
    }

    private void field(FieldChange change) {
        if (change.effect() == FieldChange.Effect.Released) {
            out.append("      < ")
                    .append(change.words())
                    .append(": released; it keeps ")
                    .append(value(change.observed()))
                    .append('\n');
            return;
        }
        Action action = change.observed() == null
                ? Action.Create
                : change.desired() == null && !change.knownAfterApply() ? Action.Delete : Action.Update;
        paint(action, "      " + mark(action) + " " + change.words()).append(": ");
        switch (action) {
            case Create -> out.append(desired(change));
            case Delete -> out.append(value(change.observed()));
            default -> out.append(value(change.observed())).append(" -> ").append(desired(change));
        }
        out.append("  ")
                .append(
                        switch (change.cause()) {
                            case Drift -> "[drift]";
                            case PendingChange -> "[change]";
                            case Unrecorded -> "[unrecorded]";
                        });
        out.append(change.effect() == FieldChange.Effect.Replace ? " # forces replacement\n" : "\n");
    }

    private static String desired(FieldChange change) {
        return change.knownAfterApply() ? "(known after apply)" : value(change.desired());
    }

    private static String value(@Nullable JsonNode value) {
        return value == null ? "(none)" : value.toString();
    }

    private void note(Verdict verdict) {
        switch (verdict) {
            case Verdict.Allowed go -> {}
            case Verdict.Held held ->
                out.append("      ! held: ")
                        .append(held.reason())
                        .append(": ")
                        .append(held.message())
                        .append('\n');
            case Verdict.Blocked blocked ->
                out.append("      . after ").append(blocked.on()).append('\n');
            case Verdict.AfterReplacement follows ->
                out.append("      . once ")
                        .append(follows.on())
                        .append(" is replaced")
                        .append(follows.approvable() ? "; a limit holds it" : "")
                        .append('\n');
            case Verdict.RetryAt later ->
                out.append("      . not before ")
                        .append(later.at())
                        .append(" (")
                        .append(later.reason())
                        .append(")\n");
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
        text.append(
                view.heldSteps().count() == 0 ? "." : "; " + view.heldSteps().words() + ".");
        return unknown == 0
                ? text.toString()
                : text + " The state of " + unknown + " resources is unknown, because their reads failed.";
    }

    private StringBuilder paint(Action action, String words) {
        if (!colours) {
            return out.append(words);
        }
        return out.append(
                        switch (action) {
                            case Create, Adopt -> "\u001b[32m";
                            case Update, Restart -> "\u001b[33m";
                            case Replace -> "\u001b[35m";
                            case Delete, Forget -> "\u001b[31m";
                            case NoOp -> "";
                        })
                .append(words)
                .append(RESET);
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
