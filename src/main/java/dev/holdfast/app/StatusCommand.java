package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.app.StackInspector.StackPart;
import dev.holdfast.model.SafeText;
import jakarta.enterprise.context.Dependent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

@Dependent
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description =
                "Shows all stacks, and below them the resources that need a person. Exits with 2 if there are any.")
class StatusCommand extends InspectCommand {
    /** The statuses of resources that do not continue without a person. */
    private static final Set<String> NEED_A_PERSON =
            Set.of("AwaitingApproval", "Stalled", "Failed", "Unknown", "Paused");

    StatusCommand(CommandContext context) {
        super(context);
    }

    @Override
    int show(StackInspector inspector) {
        List<JsonNode> stacks = inspector
                .stacks()
                .path("items")
                .valueStream()
                .filter(s ->
                        namedStack() == null || InspectedRows.text(s, "name").equals(namedStack()))
                .toList();
        if (stacks.isEmpty()) {
            String named = namedStack();
            throw new CommandFailure(
                    named == null ? "the installation has no stack" + alerts(inspector) : "there is no stack " + named);
        }
        print(new InspectedRows(true, false, Instant.now()).table(stacks).lines(true, palette()::status));
        List<String> lines = new ArrayList<>();
        inspector.installationAlerts().path("items").forEach(alert -> lines.add("the installation: " + text(alert)));
        for (JsonNode stack : stacks) {
            String name = InspectedRows.text(stack, "name");
            sayFrom(inspector.source(name));
            stack.path("conditions").forEach(c -> lines.add(name + ": " + text(c)));
            lines.addAll(AttentionText.of(
                    name,
                    inspector
                            .part(name, StackPart.RESOURCES)
                            .path("items")
                            .valueStream()
                            .filter(r -> NEED_A_PERSON.contains(InspectedRows.text(r.path("status"), "status")))
                            .toList()));
        }
        if (lines.isEmpty()) {
            return ExitCodes.FINE;
        }
        print(List.of(""));
        print(lines.stream().map(SafeText::line).toList());
        return ExitCodes.CHANGES;
    }

    /** The reason why there is no stack may be one of the open alerts. */
    private static String alerts(StackInspector inspector) {
        return inspector
                .installationAlerts()
                .path("items")
                .valueStream()
                .map(alert -> "; " + text(alert))
                .collect(Collectors.joining());
    }

    private static String text(JsonNode condition) {
        String message = InspectedRows.text(condition, "message");
        return InspectedRows.text(condition, "reason") + (message.isEmpty() ? "" : ": " + message);
    }
}
