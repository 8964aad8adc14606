package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.model.Event;
import dev.holdfast.model.SafeText;
import jakarta.enterprise.context.Dependent;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Dependent
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        description =
                "Shows the events of a stack, oldest first: up to 2000 from a running daemon, or the last 200 from the"
                        + " state.")
class EventsCommand extends InspectCommand {
    @Option(
            names = {"-f", "--follow"},
            description = "Continues with new events until you interrupt the command.")
    private boolean follow;

    @Option(names = "--timeout", description = "With --follow: ends after this time (30m, PT30M).")
    private @Nullable Duration timeout;

    @Option(names = "--resource", paramLabel = "KIND/NAME", description = "Shows only the events of this resource.")
    private @Nullable String resource;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description =
                    "${COMPLETION-CANDIDATES}. With --follow, json is one event a line. Default: ${DEFAULT-VALUE}")
    private OutputFormat output = OutputFormat.table;

    /** The table that was printed last, whose columns the next rows keep. */
    private @Nullable TextTable above;

    EventsCommand(CommandContext context) {
        super(context);
    }

    @Override
    int show(StackInspector inspector) {
        String only = resource == null ? null : new KindWords(context.catalog()).id(resource);
        String stack = stack(inspector);
        long last = 0;
        boolean first = true;
        Poll poll = new Poll(follow ? timeout : Duration.ZERO);
        Outage outage = new Outage(err());
        do {
            long after = last;
            JsonNode told = outage.survived(() -> inspector.events(stack, after));
            if (told == null) {
                continue;
            }
            JsonNode all = told.path("items");
            if (missed(last, all) > 0) {
                err().println(missed(last, all)
                        + " events are missing here: they came too fast to be kept until this read;"
                        + " a daemon (--server) keeps the last 2000");
                err().flush();
            }
            for (JsonNode event : all) {
                last = Math.max(last, event.path("id").asLong());
            }
            print(
                    all.valueStream()
                            .filter(e -> only == null || only.equals(InspectedRows.text(e, "resource")))
                            .toList(),
                    first);
            first = false;
        } while (follow && poll.goesOn());
        return ExitCodes.FINE;
    }

    /**
     * The number of events that were lost between two reads. Ids of one generation have no gaps, so that each missing
     * id is an event that was no longer kept. The last events of a process that has ended cannot be counted.
     */
    static long missed(long last, JsonNode later) {
        long next = later.isEmpty() ? 0 : later.get(0).path("id").asLong();
        return last == 0 || next / Event.GENERATION != last / Event.GENERATION ? 0 : Math.max(0, next - last - 1);
    }

    private void print(List<JsonNode> events, boolean first) {
        switch (output) {
            case json -> {
                if (follow) {
                    print(events.stream().map(JsonNode::toString).toList());
                } else {
                    print(list(events), output);
                }
            }
            case yaml -> {
                if (first || !events.isEmpty()) {
                    print(list(events), output);
                }
            }
            case name ->
                print(events.stream()
                        .map(e -> SafeText.line(InspectedRows.text(e, "id")))
                        .toList());
            case table, wide -> table(events, first);
        }
    }

    private void table(List<JsonNode> events, boolean first) {
        if (events.isEmpty()) {
            if (first && !follow) {
                err().println("there are no events");
                err().flush();
            }
            return;
        }
        TextTable table = new TextTable("TIME", "SEVERITY", "RESOURCE", "REASON", "MESSAGE");
        events.forEach(e -> table.row(
                seconds(InspectedRows.text(e, "at")),
                InspectedRows.text(e, "severity"),
                InspectedRows.text(e, "resource"),
                InspectedRows.text(e, "reason"),
                InspectedRows.text(e, "message")));
        boolean heads = above == null;
        above = above == null ? table : table.below(above);
        print(table.lines(heads, palette()::status));
    }

    private static String seconds(String time) {
        return time.replaceFirst("\\.\\d+Z$", "Z");
    }
}
