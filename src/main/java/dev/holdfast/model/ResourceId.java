package dev.holdfast.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** The identifier of a resource within its stack: {@code Kind/name}. */
public record ResourceId(String kind, String name) implements Comparable<ResourceId> {
    /** @throws IllegalArgumentException if the text is not of the form {@code Kind/name} */
    @JsonCreator
    public static ResourceId parse(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1) {
            throw new IllegalArgumentException("'" + text + "' is not of the form Kind/name");
        }
        return new ResourceId(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    public int compareTo(ResourceId other) {
        // Most comparisons are within one kind, where both ids share one String, so that equals is fast.
        return kind.equals(other.kind) ? name.compareTo(other.name) : kind.compareTo(other.kind);
    }

    @JsonValue
    @Override
    public String toString() {
        return kind + "/" + name;
    }
}
