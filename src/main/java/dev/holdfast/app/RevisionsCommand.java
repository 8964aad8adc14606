package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.app.StackInspector.StackPart;
import dev.holdfast.model.SafeText;
import jakarta.enterprise.context.Dependent;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Dependent
@Command(
        name = "revisions",
        mixinStandardHelpOptions = true,
        description = "Lists the last 50 commits to a stack, newest first. 'holdfast diff' compares two of them, and"
                + " 'holdfast rollback' publishes one again.")
class RevisionsCommand extends InspectCommand {
    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description =
                    "${COMPLETION-CANDIDATES}; wide adds the whole hash, the commit in the version control system and the"
                            + " key of the signature. Default: ${DEFAULT-VALUE}")
    private OutputFormat output = OutputFormat.table;

    RevisionsCommand(CommandContext context) {
        super(context);
    }

    @Override
    int show(StackInspector inspector) {
        String stack = stack(inspector);
        JsonNode revisions = inspector.revisions(stack);
        List<JsonNode> heads = revisions.path("items").valueStream().toList();
        switch (output) {
            case json, yaml -> print(revisions, output);
            case name ->
                print(heads.stream()
                        .map(h -> SafeText.line(InspectedRows.text(h, "revision")))
                        .toList());
            case table, wide -> table(heads, inspector.part(stack, StackPart.STACK));
        }
        return ExitCodes.FINE;
    }

    private void table(List<JsonNode> heads, JsonNode stack) {
        if (heads.isEmpty()) {
            err().println("the desired state keeps no commits: only a location of 'holdfast publish' keeps them");
            err().flush();
            return;
        }
        boolean wide = output == OutputFormat.wide;
        TextTable table = wide
                ? new TextTable("NUMBER", "REVISION", "TIME", "AUTHOR", "STATE", "MESSAGE", "COMMIT", "SIGNED WITH")
                : new TextTable("NUMBER", "REVISION", "TIME", "AUTHOR", "STATE", "MESSAGE");
        String enforced = InspectedRows.text(stack, "revision");
        long number = stack.path("published").path("number").asLong();
        boolean first = true;
        for (JsonNode head : heads) {
            String revision = InspectedRows.text(head, "revision");
            boolean inForce = revision.equals(enforced)
                    && (number == 0 || number == head.path("number").asLong());
            List<String> cells = new ArrayList<>(List.of(
                    InspectedRows.text(head, "number"),
                    wide ? revision : InspectedRows.shortened(revision),
                    InspectedRows.text(head, "time"),
                    InspectedRows.text(head, "author"),
                    (first ? "head" : "") + (first && inForce ? ", " : "") + (inForce ? "enforced" : ""),
                    InspectedRows.text(head, "message").lines().findFirst().orElse("")));
            if (wide) {
                cells.add(InspectedRows.text(head, "commit"));
                cells.add(InspectedRows.text(head.path("signature"), "key"));
            }
            table.row(cells);
            first = false;
        }
        print(table.lines(true, palette()::status));
    }
}
