package dev.holdfast.composites;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Specs;
import dev.holdfast.model.ResourceId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One resource that a composite expands to, and for each of its fields the field of the composite that decided its
 * value.
 */
public final class CompositePart {
    private final ResourceId id;
    private final ObjectNode spec = JsonNodeFactory.instance.objectNode();
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, String> after = new LinkedHashMap<>();

    private @Nullable String region;

    CompositePart(ResourceId id) {
        this.id = id;
    }

    public ResourceId id() {
        return id;
    }

    public ObjectNode spec() {
        return spec;
    }

    /**
     * By JSON pointer into the part's spec: the JSON pointer into the composite's spec that decided the value there.
     */
    public Map<String, String> sources() {
        return sources;
    }

    /**
     * The dependencies in addition to the references: {@code Kind/name}, or a reference to an output of another
     * composite, each with the JSON pointer into the composite's spec that requires it.
     */
    public Map<String, String> after() {
        return after;
    }

    /** The region of this part; null means the region of the composite. */
    public @Nullable String region() {
        return region;
    }

    CompositePart region(String where) {
        region = where;
        return this;
    }

    /** A reference to the part's default output. */
    String ref() {
        return "${" + id + "}";
    }

    String ref(String output) {
        return "${" + id + "." + output + "}";
    }

    /** Sets a field. A null value leaves the field out. */
    CompositePart set(String field, @Nullable Object value) {
        JsonNode json = Specs.json(value);
        if (!json.isNull()) {
            spec.set(field, json);
        }
        return this;
    }

    /** @param source the JSON pointer into the composite's spec that decided the value */
    CompositePart set(String field, @Nullable Object value, String source) {
        sources.put("/" + field, source);
        return set(field, value);
    }

    /** Sets the tags that the user of the composite gives to all parts. */
    CompositePart tags(@Nullable Map<String, String> tags) {
        return set("tags", tags, "/tags");
    }

    /** Lets the part, an alarm, report its beginning and its end to the topics of the composite's alarms. */
    CompositePart reportsTo(Set<String> topics) {
        return set("actionsEnabled", true)
                .set("alarmActions", topics, "/alarms/actions")
                .set("okActions", topics, "/alarms/actions");
    }

    /** @param pointer a JSON pointer into this part's spec */
    CompositePart from(String pointer, String source) {
        sources.put(pointer, source);
        return this;
    }

    CompositePart after(String resource, String source) {
        after.put(resource, source);
        return this;
    }
}
