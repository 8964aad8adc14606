package dev.holdfast.app;

import static dev.holdfast.app.ExitCodes.USAGE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the stacks of a running daemon. Not safe for use by many threads. */
final class ServerInspector implements StackInspector {
    private static final String STACKS = "/api/v1/stacks";

    private final DaemonHttp daemon;
    private final Map<String, DaemonHttp.ToldByDaemon> told = new HashMap<>();

    ServerInspector(DaemonHttp daemon) {
        this.daemon = daemon;
    }

    @Override
    public JsonNode stacks() {
        return daemon.get(STACKS);
    }

    @Override
    public JsonNode part(String stack, StackPart part) {
        String path = path(stack, part.path);
        DaemonHttp.ToldByDaemon now = daemon.get(path, told.get(path));
        told.put(path, now);
        return now.answer();
    }

    @Override
    public JsonNode events(String stack, long after) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        ArrayNode items = all.putArray("items");
        String next = Long.toString(after);
        while (next != null) {
            JsonNode page = daemon.get(path(stack, "/events?after=" + next));
            page.path("items").forEach(items::add);
            next = page.path("next").textValue();
        }
        return all;
    }

    @Override
    public JsonNode installationAlerts() {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        ArrayNode items = all.putArray("items");
        daemon.get("/api/v1/alerts").path("items").forEach(alert -> {
            if (alert.path("stack").textValue() == null) {
                items.add(alert);
            }
        });
        return all;
    }

    @Override
    public JsonNode revisions(String stack) {
        return daemon.get(path(stack, "/revisions"));
    }

    @Override
    public @Nullable String source(String stack) {
        return null;
    }

    @Override
    public String onlyStack() {
        List<String> stacks = stacks().path("items")
                .valueStream()
                .map(s -> s.path("name").asText())
                .toList();
        if (stacks.size() == 1) {
            return stacks.getFirst();
        }
        throw new CommandFailure(
                stacks.isEmpty()
                        ? "the daemon at " + daemon.server() + " has no stack"
                        : "the daemon has the stacks " + String.join(", ", stacks) + ": choose one with --stack",
                USAGE);
    }

    private static String path(String stack, String below) {
        return STACKS + "/" + stack + below;
    }

    @Override
    public void close() {}
}
