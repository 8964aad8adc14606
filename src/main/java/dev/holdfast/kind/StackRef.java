package dev.holdfast.kind;

import dev.holdfast.model.ResourceId;
import java.util.Map;

/** Whose resources these are: an installation's stack. */
public record StackRef(String installation, String stack, String account, String region) {
    public static final String STACK_TAG = "holdfast:stack";
    public static final String RESOURCE_TAG = "holdfast:resource";

    /** The value of the tag {@code holdfast:stack}. */
    public String owner() {
        return installation + "/" + stack;
    }

    /** Whether the tags say that a resource is the stack's. */
    public boolean owns(Map<String, String> tags) {
        return owner().equals(tags.get(STACK_TAG));
    }

    /** The two tags by which a resource is known to be ours. */
    public Map<String, String> ownershipTags(ResourceId id) {
        return Map.of(STACK_TAG, owner(), RESOURCE_TAG, id.toString());
    }
}
