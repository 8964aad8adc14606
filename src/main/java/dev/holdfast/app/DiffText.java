package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.desired.RevisionDiff.DocumentChange;
import dev.holdfast.desired.RevisionDiff.ValueChange;
import dev.holdfast.model.SafeText;
import java.util.ArrayList;
import java.util.List;

/** The differences between two revisions in the notation of a plan. Not safe for use by many threads. */
final class DiffText {
    private final Palette palette;
    private final List<String> lines = new ArrayList<>();

    DiffText(Palette palette) {
        this.palette = palette;
    }

    List<String> lines(List<DocumentChange> changes) {
        for (DocumentChange change : changes) {
            String owner = change.owner() == null ? "" : "  (part of " + change.owner() + ")";
            switch (change.type()) {
                case Added -> lines.add(palette.added(SafeText.line("  + " + change.id() + owner)));
                case Removed -> lines.add(palette.removed(SafeText.line("  - " + change.id() + owner)));
                case Changed -> lines.add(palette.changed(SafeText.line("  ~ " + change.id() + owner)));
            }
            change.fields().forEach(this::value);
        }
        lines.add(
                changes.isEmpty()
                        ? "There are no differences."
                        : changes.size() + (changes.size() == 1 ? " difference." : " differences."));
        return lines;
    }

    private void value(ValueChange value) {
        JsonNode before = value.before();
        JsonNode after = value.after();
        if (before != null && after != null && before.isArray() && after.isArray()) {
            lines.add(palette.changed(SafeText.line("      ~ " + value.path())));
            elements(before, after, "-");
            elements(after, before, "+");
            return;
        }
        String mark = before == null ? "+" : after == null ? "-" : "~";
        String text = "      " + mark + " " + value.path() + ": "
                + (before == null || after == null
                        ? PlanText.value(before == null ? after : before)
                        : PlanText.value(before) + " -> " + PlanText.value(after));
        lines.add(
                switch (mark) {
                    case "+" -> palette.added(SafeText.line(text));
                    case "-" -> palette.removed(SafeText.line(text));
                    default -> palette.changed(SafeText.line(text));
                });
    }

    /** Adds the elements of one list that the other list lacks. */
    private void elements(JsonNode of, JsonNode other, String mark) {
        List<JsonNode> left = new ArrayList<>(other.valueStream().toList());
        for (JsonNode element : of) {
            if (!left.remove(element)) {
                String line = SafeText.line("        " + mark + " " + PlanText.value(element));
                lines.add(mark.equals("+") ? palette.added(line) : palette.removed(line));
            }
        }
    }
}
