package dev.holdfast.kind;

import dev.holdfast.model.ResourceId;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The stack of an installation that owns resources. */
public record StackRef(String installation, String stack, String account, String region) {
    public static final String STACK_TAG = "holdfast:stack";
    public static final String RESOURCE_TAG = "holdfast:resource";

    private static final Pattern MARKER = Pattern.compile(STACK_TAG + "=(\\S+) " + RESOURCE_TAG + "=(\\S+)$");

    /** The value of the tag {@code holdfast:stack}. */
    public String owner() {
        return installation + "/" + stack;
    }

    /** Whether the tags show that a resource belongs to the stack. */
    public boolean owns(Map<String, String> tags) {
        return owner().equals(tags.get(STACK_TAG));
    }

    /** The content of {@link #ownershipTags} as one text, for resources without tags. */
    public String marker(ResourceId id) {
        return STACK_TAG + "=" + owner() + " " + RESOURCE_TAG + "=" + id;
    }

    /** The ownership tags in a text; empty if it contains none. */
    public static Map<String, String> marked(@Nullable String text) {
        Matcher marker = MARKER.matcher(text == null ? "" : text);
        return marker.find() ? Map.of(STACK_TAG, marker.group(1), RESOURCE_TAG, marker.group(2)) : Map.of();
    }

    /** The two tags that mark a resource as ours. */
    public Map<String, String> ownershipTags(ResourceId id) {
        return Map.of(STACK_TAG, owner(), RESOURCE_TAG, id.toString());
    }
}
