package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.app.StackInspector.StackPart;
import dev.holdfast.model.SafeText;
import jakarta.enterprise.context.Dependent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Dependent
@Command(
        name = "drift",
        mixinStandardHelpOptions = true,
        description =
                "Shows drift, field by field: the fields that differ although the desired state has not changed, and"
                        + " the repairs of the last 24 hours.")
class DriftCommand extends InspectCommand {
    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES}; wide adds the physical ids. Default: ${DEFAULT-VALUE}")
    private OutputFormat output = OutputFormat.table;

    @Option(names = "--detailed-exitcode", description = "Exits with 2 if there is drift that is not repaired.")
    private boolean detailed;

    DriftCommand(CommandContext context) {
        super(context);
    }

    @Override
    int show(StackInspector inspector) {
        String stack = stack(inspector);
        JsonNode drift = inspector.part(stack, StackPart.DRIFT);
        List<JsonNode> items = drift.path("items").valueStream().toList();
        switch (output) {
            case json, yaml -> print(drift, output);
            case name ->
                print(items.stream()
                        .map(i -> SafeText.line(InspectedRows.text(i, "resource")))
                        .distinct()
                        .toList());
            case table, wide -> table(items);
        }
        boolean differs =
                items.stream().anyMatch(i -> !InspectedRows.text(i, "state").equals("Repaired"));
        return detailed && differs ? ExitCodes.CHANGES : ExitCodes.FINE;
    }

    private void table(List<JsonNode> items) {
        if (items.isEmpty()) {
            err().println("no drift was found, and none was repaired in the last 24 hours");
            err().flush();
            return;
        }
        boolean wide = output == OutputFormat.wide;
        Instant now = Instant.now();
        TextTable table = wide
                ? new TextTable("RESOURCE", "TYPE", "STATE", "SEEN", "REPAIRED", "BY", "PHYSICAL ID")
                : new TextTable("RESOURCE", "TYPE", "STATE", "SEEN", "REPAIRED", "BY");
        for (JsonNode item : items) {
            List<String> cells = new ArrayList<>();
            Consumer<String> cell = name -> cells.add(InspectedRows.text(item, name));
            cell.accept("resource");
            cell.accept("type");
            cell.accept("state");
            cells.add(AgeWords.since(InspectedRows.text(item, "firstSeen"), now));
            cells.add(AgeWords.since(InspectedRows.text(item, "repairedAt"), now));
            cells.add(author(item.path("by")));
            if (wide) {
                cell.accept("physicalId");
            }
            table.row(cells);
        }
        List<String> rows = table.lines(true, palette()::status);
        List<String> lines = new ArrayList<>(List.of(rows.getFirst()));
        for (int i = 0; i < items.size(); i++) {
            lines.add(rows.get(i + 1));
            items.get(i).path("fields").forEach(field -> lines.add("    " + field(field)));
        }
        print(lines);
    }

    /** The author of the change, if the operator reads change events. */
    private static String author(JsonNode by) {
        return InspectedRows.text(by, "who");
    }

    /** The same words as in a plan. */
    static String field(JsonNode field) {
        String cause = InspectedRows.text(field, "cause");
        return SafeText.line(InspectedRows.text(field, "words") + ": " + difference(field)
                + (cause.isEmpty() ? "" : "  [" + cause + "]"));
    }

    /** If a whole element is added or removed, the words of the field describe it already. */
    private static String difference(JsonNode field) {
        JsonNode observed = field.path("observed");
        JsonNode desired = field.path("desired");
        if (field.path("knownAfterApply").asBoolean()) {
            return value(observed, "(none)") + " -> (known after apply)";
        }
        if (observed.isObject() && !desired.isContainerNode()) {
            return "exists, and is not desired";
        }
        if (desired.isObject() && !observed.isContainerNode()) {
            return "is desired, and does not exist";
        }
        return value(observed, "(none)") + " -> " + value(desired, "(none)");
    }

    private static String value(JsonNode value, String none) {
        return value.isNull() || value.isMissingNode() ? none : value.toString();
    }
}
