package dev.holdfast.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.model.SafeText;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** A command that shows the stacks and resources of an installation: through a running daemon, or from the state. */
abstract class InspectCommand extends LocalCommand {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Mixin
    private InstallationAccess access = new InstallationAccess();

    InspectCommand(CommandContext context) {
        super(context);
    }

    @Override
    public final Integer call() {
        try (StackInspector inspector = access.inspector()) {
            return show(inspector);
        }
    }

    /** @return the exit code */
    abstract int show(StackInspector inspector);

    /** The stack that the user named, or the only one. Prints the source of the data if it is not a daemon. */
    final String stack(StackInspector inspector) {
        String named = access.stack();
        String stack = named == null ? inspector.onlyStack() : named;
        sayFrom(inspector.source(stack));
        return stack;
    }

    /** The stack that the user named; null if the user named none. */
    final @Nullable String namedStack() {
        return access.stack();
    }

    final void sayFrom(@Nullable String source) {
        if (source != null) {
            err().println(SafeText.line(source));
            err().flush();
        }
    }

    final Palette palette() {
        return Palette.of(context);
    }

    /** The items as the answer of the HTTP API has them. */
    static ObjectNode list(List<JsonNode> items) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.putArray("items").addAll(items);
        return list;
    }

    final void print(List<String> lines) {
        PrintWriter out = out();
        lines.forEach(out::println);
        out.flush();
    }

    /** @param format json or yaml */
    final void print(JsonNode json, OutputFormat format) {
        PrintWriter out = out();
        out.print(format == OutputFormat.yaml ? YamlText.of(json) : pretty(json) + "\n");
        out.flush();
    }

    private static String pretty(JsonNode json) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
