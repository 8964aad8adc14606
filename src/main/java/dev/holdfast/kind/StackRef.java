package dev.holdfast.kind;

import dev.holdfast.model.ResourceId;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whose resources these are: an installation's stack. */
public record StackRef(String installation, String stack, String account, String region) {
    public static final String STACK_TAG = "holdfast:stack";
    public static final String RESOURCE_TAG = "holdfast:resource";

    private static final Pattern MARKER = Pattern.compile(STACK_TAG + "=(\\S+) " + RESOURCE_TAG + "=(\\S+)$");

    /** The value of the tag {@code holdfast:stack}. */
    public String owner() {
        return installation + "/" + stack;
    }

    /** Whether the tags say that a resource is the stack's. */
    public boolean owns(Map<String, String> tags) {
        return owner().equals(tags.get(STACK_TAG));
    }

    /** The same as {@link #ownershipTags}, in one text, for what has no tags. */
    public String marker(ResourceId id) {
        return STACK_TAG + "=" + owner() + " " + RESOURCE_TAG + "=" + id;
    }

    /** The ownership tags that a text says; none if it says none. */
    public static Map<String, String> marked(@Nullable String text) {
        Matcher marker = MARKER.matcher(text == null ? "" : text);
        return marker.find() ? Map.of(STACK_TAG, marker.group(1), RESOURCE_TAG, marker.group(2)) : Map.of();
    }

    /** The two tags by which a resource is known to be ours. */
    public Map<String, String> ownershipTags(ResourceId id) {
        return Map.of(STACK_TAG, owner(), RESOURCE_TAG, id.toString());
    }
}
