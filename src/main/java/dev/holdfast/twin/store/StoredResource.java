package dev.holdfast.twin.store;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** One resource of a {@link ResourceStore}: its shape, its tags and its attributes. */
public final class StoredResource<T> {
    private final String id;
    private final Instant createdAt;
    private final Map<String, String> tags = new TreeMap<>();
    private final Map<String, String> attributes = new TreeMap<>();
    private final TagRules tagRules;
    private T shape;
    private @Nullable String text;

    StoredResource(String id, T shape, Instant createdAt, TagRules tagRules) {
        this.id = id;
        this.shape = shape;
        this.createdAt = createdAt;
        this.tagRules = tagRules;
    }

    public String id() {
        return id;
    }

    public T shape() {
        return shape;
    }

    void shape(T changed) {
        shape = changed;
        text = null;
    }

    /**
     * The shape as a text. The text is cached, because a shape never changes and the inventory reads the texts of all
     * resources.
     */
    public String text() {
        String made = text;
        if (made == null) {
            made = shape.toString();
            text = made;
        }
        return made;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Map<String, String> tags() {
        return tags;
    }

    /** Adds tags. If the rules of the store refuse them, it throws the service's error and adds none. */
    public void tag(Map<String, String> more) {
        TwinTags.put(tags, more, tagRules);
    }

    public void untag(Collection<String> keys) {
        tags.keySet().removeAll(keys);
    }

    /** The answer to a call that lists the tags. */
    public <R extends SdkPojo & SdkBuilder<R, A>, A> A showTags(R response) {
        return TwinTags.show(tags, response).build();
    }

    /** Adds the tags of a request, and returns the answer; it shows all tags if the answer has a member for them. */
    public <R extends SdkPojo & SdkBuilder<R, A>, A> A tag(SdkPojo request, R response) {
        tag(TwinTags.in(request));
        return showTags(response);
    }

    /** Removes tags, and returns the answer; it shows the other tags if the answer has a member for them. */
    public <R extends SdkPojo & SdkBuilder<R, A>, A> A untag(Collection<String> keys, R response) {
        untag(keys);
        return showTags(response);
    }

    /** Settings that the service reads and writes by name, with separate calls. */
    public Map<String, String> attributes() {
        return attributes;
    }
}
