package dev.holdfast.desired;

import dev.holdfast.model.ResourceId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A reference to an output of a resource: {@code ${Kind/name}} or {@code ${Kind/name.output}}.
 *
 * @param output null: the kind's default output
 * @param text the text between the braces
 */
public record Reference(ResourceId resource, @Nullable String output, String text) {
    private static final Pattern FORM =
            Pattern.compile("([A-Za-z][A-Za-z0-9]*)/([A-Za-z0-9][A-Za-z0-9-]*)(?:\\.([A-Za-z][A-Za-z0-9]*))?");

    /** @return null if the text between the braces is not a reference */
    static @Nullable Reference parse(String text) {
        Matcher m = FORM.matcher(text);
        return m.matches() ? new Reference(new ResourceId(m.group(1), m.group(2)), m.group(3), text) : null;
    }
}
