package dev.holdfast.events;

import dev.holdfast.events.KnownStack.KnownResource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The texts by which events name a resource. */
final class ResourceNames {
    /** Outputs that name the resource itself, and no other one. */
    private static final Set<String> NAMING = Set.of("id", "arn", "name", "groupName", "fullName", "url");

    private ResourceNames() {}

    /** A text, and what a service may write in its place: the last parts of an ARN or a path, a domain name without its dot. */
    static void parts(String text, Set<String> into) {
        String trimmed = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        into.add(text);
        into.add(trimmed);
        String last = trimmed.startsWith("arn:") ? afterArn(trimmed) : trimmed;
        into.add(last);
        if (last.length() <= 512 && (last.indexOf('/') >= 0 || last.indexOf(':') >= 0)) {
            into.addAll(List.of(last.split("[/:]")));
        }
    }

    private static String afterArn(String arn) {
        String[] fields = arn.split(":", 6);
        return fields.length == 6 ? fields[5] : arn;
    }

    /**
     * The sets of texts of which each names the resource: an event that has all texts of one set is about it. The last text of a
     * set is the one that fewest resources share.
     */
    static Set<List<String>> of(KnownResource view) {
        Set<List<String>> names = new HashSet<>();
        String id = view.physicalId();
        if (id == null) {
            return names;
        }
        names.add(List.of(id));
        view.outputs().forEach((output, value) -> {
            if (NAMING.contains(output) && value instanceof String text && !text.isEmpty()) {
                names.add(List.of(text));
            }
        });
        String rest = id.startsWith("arn:") ? afterArn(id) : id;
        List<String> parts = new ArrayList<>(List.of(rest.split("[/:]")));
        parts.removeIf(String::isEmpty);
        if (id.startsWith("arn:") && parts.size() > 1) {
            // The type of the resource, which no call repeats.
            parts.removeFirst();
        }
        if (!parts.isEmpty() && (id.startsWith("arn:") || parts.size() > 1)) {
            names.add(List.copyOf(parts));
        }
        return names;
    }
}
