package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.app.StackInspector.StackPart;
import dev.holdfast.model.SafeText;
import dev.holdfast.model.Status;
import jakarta.enterprise.context.Dependent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Dependent
@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        description = "Lists stacks, or the resources of a stack with their status, in kubectl's vocabulary.")
class GetCommand extends InspectCommand {
    @Parameters(
            arity = "0..*",
            paramLabel = "WHAT",
            description = "stacks, stack/NAME, KIND, KIND/NAME or KIND NAME…; kinds in any case, singular or plural."
                    + " Default: all resources of the stack.")
    private List<String> what = List.of();

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private OutputFormat output = OutputFormat.table;

    @Option(names = "--status", description = "Lists only resources with this status: ${COMPLETION-CANDIDATES}.")
    private @Nullable Status status;

    @Option(
            names = {"-w", "--watch"},
            description = "Prints a row again whenever it changes, until you interrupt the command.")
    private boolean watch;

    @Option(names = "--timeout", description = "With --watch: ends after this time (30m, PT30M).")
    private @Nullable Duration timeout;

    GetCommand(CommandContext context) {
        super(context);
    }

    @Override
    int show(StackInspector inspector) {
        ResourceChoice choice = ResourceChoice.of(what, new KindWords(context.catalog()));
        String stack = choice.ofStacks() ? null : stack(inspector);
        Map<String, String> shown = new TreeMap<>();
        TextTable above = null;
        Poll poll = new Poll(watch ? timeout : Duration.ZERO);
        Outage outage = new Outage(err());
        do {
            List<JsonNode> items = outage.survived(() -> items(inspector, choice, stack));
            if (items == null) {
                continue;
            }
            InspectedRows rows = rows(choice);
            TextTable table = rows.table(items);
            if (above == null) {
                first(items, choice, stack, table);
                above = table;
            } else {
                above = table.below(above);
                again(items, choice, shown, table);
            }
            shown.clear();
            items.forEach(item -> shown.put(rows.name(item), rows.key(item)));
        } while (watch && poll.goesOn());
        return ExitCodes.FINE;
    }

    private List<JsonNode> items(StackInspector inspector, ResourceChoice choice, @Nullable String stack) {
        if (stack == null) {
            List<JsonNode> stacks =
                    choice.of(inspector.stacks().path("items").valueStream().toList(), "the installation");
            return stacks.stream()
                    .filter(s -> namedStack() == null
                            || InspectedRows.text(s, "name").equals(namedStack()))
                    .toList();
        }
        return choice
                .of(
                        inspector
                                .part(stack, StackPart.RESOURCES)
                                .path("items")
                                .valueStream()
                                .toList(),
                        "stack " + stack)
                .stream()
                .filter(r -> status == null
                        || InspectedRows.text(r.path("status"), "status").equals(status.name()))
                .toList();
    }

    private InspectedRows rows(ResourceChoice choice) {
        return new InspectedRows(choice.ofStacks(), output == OutputFormat.wide, Instant.now());
    }

    private void first(List<JsonNode> items, ResourceChoice choice, @Nullable String stack, TextTable table) {
        InspectedRows rows = rows(choice);
        switch (output) {
            case json, yaml -> print(choice.isOne() && items.size() == 1 ? items.getFirst() : list(items), output);
            case name ->
                print(items.stream().map(rows::name).map(SafeText::line).toList());
            case table, wide -> {
                if (items.isEmpty()) {
                    err().println(SafeText.line(
                            stack == null
                                    ? "the installation has no such stack"
                                    : "stack " + stack + " has no such resource"));
                    err().flush();
                } else {
                    print(table.lines(true, palette()::status));
                }
            }
        }
    }

    /** Prints the rows that have changed since the last read, and the names of those that no longer exist. */
    private void again(List<JsonNode> items, ResourceChoice choice, Map<String, String> before, TextTable table) {
        InspectedRows rows = rows(choice);
        List<String> lines = table.lines(false, palette()::status);
        List<String> changed = new ArrayList<>();
        Map<String, String> gone = new TreeMap<>(before);
        for (int i = 0; i < items.size(); i++) {
            JsonNode item = items.get(i);
            String name = rows.name(item);
            gone.remove(name);
            if (rows.key(item).equals(before.get(name))) {
                continue;
            }
            switch (output) {
                case json -> print(item, output);
                case yaml -> {
                    print(List.of("---"));
                    print(item, output);
                }
                case name -> changed.add(SafeText.line(name));
                case table, wide -> changed.add(lines.get(i));
            }
        }
        print(changed);
        if (output == OutputFormat.table || output == OutputFormat.wide) {
            print(gone.keySet().stream()
                    .map(name -> SafeText.line(name) + "   Gone")
                    .toList());
        }
    }
}
