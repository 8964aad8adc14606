package dev.holdfast.events;

import dev.holdfast.events.KnownStack.KnownResource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The texts by which events name a resource. */
final class ResourceNames {
    /** Outputs that name the resource itself, and no other resource. */
    private static final Set<String> NAMING =
            Set.of("id", "arn", "name", "groupName", "fullName", "url", "associationIds");

    /** The resource type before the name in an ARN. */
    private static final Pattern TYPE = Pattern.compile("^[a-z-]+[/:]");

    private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9_*\\\\-]+(\\.[A-Za-z0-9_*\\\\-]+)+");

    private ResourceNames() {}

    /**
     * Adds a text and the forms in which a service may write it: the last parts of an ARN or a path, or a domain name
     * without its final dot, in lower case and with a plain asterisk.
     *
     * @see <a href="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html">Domain name format</a>
     */
    static void parts(String text, Set<String> into) {
        String trimmed = domain(text);
        into.add(text);
        into.add(trimmed);
        String last = trimmed.startsWith("arn:") ? afterArn(trimmed) : trimmed;
        into.add(last);
        if (!last.equals(trimmed)) {
            // The name of a secret may contain slashes, and callers may write its ARN without the random suffix.
            into.add(TYPE.matcher(last).replaceFirst(""));
        }
        if (last.length() <= 512 && (last.indexOf('/') >= 0 || last.indexOf(':') >= 0)) {
            into.addAll(List.of(last.split("[/:]")));
        }
    }

    private static String domain(String text) {
        String trimmed = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        return trimmed.length() <= 255 && DOMAIN.matcher(trimmed).matches()
                ? trimmed.replace("\\052", "*").toLowerCase(Locale.ROOT)
                : trimmed;
    }

    /** The texts of an output: a single text, the elements of a list, or the values of a map. */
    private static List<String> texts(Object value) {
        return switch (value) {
            case String text -> text.isEmpty() ? List.of() : List.of(text);
            case Map<?, ?> map -> texts(map.values());
            case Collection<?> all ->
                all.stream().flatMap(one -> texts(one).stream()).toList();
            default -> List.of();
        };
    }

    private static String afterArn(String arn) {
        String[] fields = arn.split(":", 6);
        return fields.length == 6 ? fields[5] : arn;
    }

    /**
     * The sets of texts that name the resource: an event that contains all texts of one set concerns the resource. The
     * last text of a set is the one that the fewest resources share.
     */
    static Set<List<String>> of(KnownResource view) {
        Set<List<String>> names = new HashSet<>();
        view.former().forEach(former -> names.add(List.of(former)));
        String id = view.physicalId();
        if (id == null) {
            return names;
        }
        names.add(List.of(id));
        view.outputs().forEach((output, value) -> {
            if (NAMING.contains(output)) {
                texts(value).forEach(text -> names.add(List.of(text)));
            }
        });
        String rest = id.startsWith("arn:") ? afterArn(id) : id;
        List<String> parts = new ArrayList<>();
        for (String part : rest.split("[/:]")) {
            parts.add(domain(part));
        }
        parts.removeIf(String::isEmpty);
        if (id.startsWith("arn:") && parts.size() > 1) {
            // No call repeats the resource type.
            parts.removeFirst();
        }
        if (!parts.isEmpty() && (id.startsWith("arn:") || parts.size() > 1)) {
            names.add(List.copyOf(parts));
        }
        return names;
    }
}
