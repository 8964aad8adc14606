package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.app.StackInspector.StackPart;
import jakarta.enterprise.context.Dependent;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Dependent
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        description = "Shows the details of one resource or stack: its conditions, differences, dependencies, steps and"
                + " events. For programs, use 'holdfast get … -o json'.")
class DescribeCommand extends InspectCommand {
    @Parameters(arity = "1..2", paramLabel = "KIND/NAME", description = "KIND/NAME, KIND NAME, stack/NAME or stack.")
    private List<String> what = List.of();

    DescribeCommand(CommandContext context) {
        super(context);
    }

    @Override
    int show(StackInspector inspector) {
        ResourceChoice choice = ResourceChoice.of(what, new KindWords(context.catalog()));
        if (choice.ofStacks()) {
            List<JsonNode> stacks =
                    choice.of(inspector.stacks().path("items").valueStream().toList(), "the installation");
            String stack = choice.isOne() ? InspectedRows.text(stacks.getFirst(), "name") : stack(inspector);
            if (choice.isOne()) {
                sayFrom(inspector.source(stack));
            }
            print(new Description(palette()).stack(inspector, stack));
            return ExitCodes.FINE;
        }
        if (!choice.isOne()) {
            throw new CommandFailure("name one resource: KIND/NAME; 'holdfast get' lists them", ExitCodes.USAGE);
        }
        String stack = stack(inspector);
        List<JsonNode> all = inspector
                .part(stack, StackPart.RESOURCES)
                .path("items")
                .valueStream()
                .toList();
        JsonNode resource = choice.of(all, "stack " + stack).getFirst();
        print(new Description(palette()).resource(inspector, stack, resource, all));
        return ExitCodes.FINE;
    }
}
