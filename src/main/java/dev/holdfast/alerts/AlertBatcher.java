package dev.holdfast.alerts;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;

/**
 * Combines the alerts of one pass that have the same reason into one message, because one cause often affects many
 * resources. Pure.
 */
final class AlertBatcher {
    /** The number of resources that a message names; the message only counts the others. */
    static final int NAMED = 10;

    /**
     * The number of resources that one message covers: SNS accepts 256 KB, including the attribute that lists all
     * resources, and Lambda has the same limit.
     */
    static final int MOST = 500;

    private AlertBatcher() {}

    private record BatchKey(String reason, Alert.AlertSeverity severity, Alert.AlertPhase phase) {}

    /** @param alerts of one stack, in order */
    static List<Alert> of(List<Alert> alerts) {
        Map<Object, List<Alert>> groups = new LinkedHashMap<>();
        for (Alert alert : alerts) {
            Object key =
                    alert.resource() == null ? alert : new BatchKey(alert.reason(), alert.severity(), alert.phase());
            groups.computeIfAbsent(key, k -> new ArrayList<>()).add(alert);
        }
        return groups.values().stream()
                .flatMap(group -> group.stream().gather(Gatherers.windowFixed(MOST)))
                .map(group -> group.size() == 1 ? group.getFirst() : one(group))
                .toList();
    }

    private static Alert one(List<Alert> group) {
        Alert first = group.getFirst();
        return new Alert(
                first.stack(),
                null,
                first.reason(),
                first.severity(),
                first.phase(),
                words(group),
                group.stream().map(Alert::since).min(Comparator.naturalOrder()).orElseThrow(),
                group.stream().map(Alert::at).max(Comparator.naturalOrder()).orElseThrow(),
                List.copyOf(group));
    }

    private static String words(List<Alert> group) {
        String named = group.stream()
                .limit(NAMED)
                .map(a -> "\n" + a.resource() + ": " + a.message())
                .collect(Collectors.joining());
        return group.size() + " resources:" + named
                + (group.size() > NAMED ? "\nand " + (group.size() - NAMED) + " more" : "");
    }
}
