package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Lists the resources of a stack that need a person, each cause once, and the commands that may help. */
final class AttentionText {
    private static final int NAMED = 5;

    private AttentionText() {}

    /** @param resources the resources that need a person */
    static List<String> of(String stack, List<JsonNode> resources) {
        Map<String, String> causes =
                resources.stream().collect(Collectors.toMap(ResourceChoice::id, r -> text(r, "message"), (a, b) -> a));
        Map<String, List<String>> groups = new LinkedHashMap<>();
        Set<String> reasons = new TreeSet<>();
        Set<String> statuses = new TreeSet<>();
        for (JsonNode resource : resources) {
            if (!repeats(text(resource, "message"), causes)) {
                groups.computeIfAbsent(problem(resource), cause -> new ArrayList<>())
                        .add(ResourceChoice.id(resource));
            }
            reasons.add(text(resource, "reason"));
            statuses.add(text(resource, "status"));
        }
        List<String> lines = new ArrayList<>();
        groups.forEach((cause, ids) -> lines.add(stack + ": " + names(ids) + " " + cause));
        lines.addAll(advice(stack, groups, statuses, reasons));
        return lines;
    }

    /** A composite repeats the message of one of its parts, after the part's name. */
    private static boolean repeats(String message, Map<String, String> causes) {
        int colon = message.indexOf(": ");
        return colon > 0 && message.substring(colon + 2).equals(causes.get(message.substring(0, colon)));
    }

    private static String problem(JsonNode resource) {
        String message = text(resource, "message");
        return text(resource, "status") + ": " + text(resource, "reason") + (message.isEmpty() ? "" : ": " + message);
    }

    private static String names(List<String> ids) {
        return ids.size() <= NAMED
                ? String.join(", ", ids)
                : ids.size() + " resources (" + String.join(", ", ids.subList(0, NAMED)) + " and "
                        + (ids.size() - NAMED) + " more)";
    }

    private static List<String> advice(
            String stack, Map<String, List<String>> groups, Set<String> statuses, Set<String> reasons) {
        if (groups.isEmpty()) {
            return List.of();
        }
        String of = " --stack " + stack;
        List<String> lines = new ArrayList<>(List.of("", "What to do:"));
        lines.add(
                "  holdfast describe " + groups.values().iterator().next().getFirst() + of + "   # shows the details");
        if (statuses.contains("AwaitingApproval")) {
            lines.add("  holdfast approve" + of + " --all   # approves all steps; --resource KIND/NAME its steps");
        }
        if (statuses.contains("AwaitingApproval") || reasons.contains("RolloutHeld")) {
            lines.add("  holdfast rollback" + of + " --to previous   # publishes the previous revision; it asks first");
        }
        if (statuses.contains("Paused")) {
            lines.add("  holdfast resume" + of + "   # ends a pause");
        }
        return lines;
    }

    private static String text(JsonNode resource, String member) {
        return InspectedRows.text(resource.path("status"), member);
    }
}
