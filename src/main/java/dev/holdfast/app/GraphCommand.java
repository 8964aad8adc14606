package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.app.StackInspector.StackPart;
import jakarta.enterprise.context.Dependent;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Dependent
@Command(
        name = "graph",
        mixinStandardHelpOptions = true,
        description = "Shows the dependencies of the resources, with the status of each resource.")
class GraphCommand extends InspectCommand {
    /** In lower case, as people type them. */
    enum GraphFormat {
        text,
        dot,
        json
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "KIND/NAME",
            description = "Shows only this resource and its dependencies. Default: the whole stack.")
    private @Nullable String resource;

    @Option(names = "--reverse", description = "Shows the dependents of each resource instead of its dependencies.")
    private boolean reverse;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}; dot is for Graphviz. Default: ${DEFAULT-VALUE}")
    private GraphFormat output = GraphFormat.text;

    GraphCommand(CommandContext context) {
        super(context);
    }

    @Override
    int show(StackInspector inspector) {
        String root = resource == null ? null : new KindWords(context.catalog()).id(resource);
        String stack = stack(inspector);
        JsonNode json = inspector.part(stack, StackPart.GRAPH);
        DependencyTree tree = DependencyTree.of(json, reverse);
        if (root != null && !tree.contains(root)) {
            throw new CommandFailure("stack " + stack + " has no " + root + ": "
                    + KindWords.near(root, tree.nodes().keySet()));
        }
        switch (output) {
            case text -> print(tree.lines(root, palette()));
            case dot -> print(tree.dot(stack, root));
            case json -> print(root == null ? json : part(json, tree.reached(root)), OutputFormat.json);
        }
        return ExitCodes.FINE;
    }

    private static ObjectNode part(JsonNode graph, Set<String> kept) {
        ObjectNode part = JsonNodeFactory.instance.objectNode();
        ArrayNode nodes = part.putArray("nodes");
        graph.path("nodes").forEach(n -> {
            if (kept.contains(InspectedRows.text(n, "id"))) {
                nodes.add(n);
            }
        });
        ArrayNode edges = part.putArray("edges");
        graph.path("edges").forEach(e -> {
            if (kept.contains(e.path(0).asText()) && kept.contains(e.path(1).asText())) {
                edges.add(e);
            }
        });
        return part;
    }
}
