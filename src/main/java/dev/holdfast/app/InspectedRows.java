package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Stacks and resources as rows of a table. */
record InspectedRows(boolean stacks, boolean wide, Instant now) {
    private static final int SHORT = 12;

    TextTable table(List<JsonNode> items) {
        TextTable table = new TextTable(headers());
        items.forEach(item -> table.row(cells(item)));
        return table;
    }

    private String[] headers() {
        List<String> headers = new ArrayList<>(
                stacks
                        ? List.of("NAME", "STATUS", "MODE", "RESOURCES", "HELD", "REVISION", "PUBLISHED")
                        : List.of("NAME", "STATUS", "READY", "CHANGED"));
        if (wide) {
            headers.addAll(
                    stacks
                            ? List.of("ACCOUNT", "REGION", "PASSED", "AUTHOR", "REASON")
                            : List.of("PHYSICAL ID", "OWNER", "REASON", "MESSAGE"));
        }
        return headers.toArray(String[]::new);
    }

    private List<String> cells(JsonNode item) {
        return stacks ? stack(item) : resource(item);
    }

    private List<String> stack(JsonNode stack) {
        int resources = 0;
        for (JsonNode count : stack.path("counts")) {
            resources += count.asInt();
        }
        JsonNode published = stack.path("published");
        List<String> cells = new ArrayList<>(List.of(
                text(stack, "name"),
                text(stack, "status"),
                text(stack, "mode"),
                Integer.toString(resources),
                stack.path("heldSteps").path("held").asText("0"),
                shortened(text(stack, "revision")),
                AgeWords.since(text(published, "time"), now)));
        if (wide) {
            cells.addAll(List.of(
                    text(stack, "account"),
                    text(stack, "region"),
                    AgeWords.since(text(stack, "lastGoodPassAt"), now),
                    text(published, "author"),
                    String.join(
                            ",",
                            stack.path("conditions")
                                    .valueStream()
                                    .map(c -> text(c, "reason"))
                                    .toList())));
        }
        return cells;
    }

    private List<String> resource(JsonNode resource) {
        JsonNode status = resource.path("status");
        List<String> cells = new ArrayList<>(List.of(
                ResourceChoice.id(resource),
                text(status, "status"),
                ready(status),
                AgeWords.since(text(status.path("lastChange"), "at"), now)));
        if (wide) {
            cells.addAll(List.of(
                    text(status, "physicalId"),
                    text(resource.path("metadata"), "owner"),
                    text(status, "reason"),
                    text(status, "message")));
        }
        return cells;
    }

    static String ready(JsonNode status) {
        return status.path("conditions")
                .valueStream()
                .filter(c -> text(c, "type").equals("Ready"))
                .map(c -> text(c, "status"))
                .findFirst()
                .orElse("");
    }

    /** The content of a row without its ages. With --watch, a row is printed again when this content changes. */
    String key(JsonNode item) {
        if (stacks) {
            return text(item, "status")
                    + item.path("counts")
                    + item.path("heldSteps")
                    + text(item, "revision")
                    + item.path("conditions");
        }
        JsonNode status = item.path("status");
        return text(status, "status") + "\n" + ready(status) + "\n" + text(status, "physicalId") + "\n"
                + text(status, "reason") + "\n" + text(status, "message") + "\n" + status.path("lastChange");
    }

    String name(JsonNode item) {
        return stacks ? "stack/" + text(item, "name") : ResourceChoice.id(item);
    }

    /** The first digits of a revision, as people write it. */
    static String shortened(String revision) {
        return revision.substring(0, Math.min(SHORT, revision.length()));
    }

    /** The text of a member; empty if it is missing or null. */
    static String text(JsonNode object, String member) {
        JsonNode value = object.path(member);
        return value.isNull() || value.isMissingNode() ? "" : value.asText();
    }
}
