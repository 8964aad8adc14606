package dev.holdfast.composites;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Specs;
import dev.holdfast.model.ResourceId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One resource that a composite expands to, with what each of its fields comes from. */
public final class CompositePart {
    private final ResourceId id;
    private final ObjectNode spec = JsonNodeFactory.instance.objectNode();
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, String> after = new LinkedHashMap<>();

    CompositePart(ResourceId id) {
        this.id = id;
    }

    public ResourceId id() {
        return id;
    }

    public ObjectNode spec() {
        return spec;
    }

    /** By JSON pointer into the part's spec: the JSON pointer into the composite's spec that decided what is there. */
    public Map<String, String> sources() {
        return sources;
    }

    /**
     * What it comes after beyond what it refers to: {@code Kind/name}, or a reference to outputs of another composite; with
     * the JSON pointer into the composite's spec that says so.
     */
    public Map<String, String> after() {
        return after;
    }

    /** A reference to its default output. */
    String ref() {
        return "${" + id + "}";
    }

    String ref(String output) {
        return "${" + id + "." + output + "}";
    }

    /** Null: the field is left out. */
    CompositePart set(String field, @Nullable Object value) {
        JsonNode json = Specs.json(value);
        if (!json.isNull()) {
            spec.set(field, json);
        }
        return this;
    }

    /** @param source the pointer into the composite's spec that the value comes from */
    CompositePart set(String field, @Nullable Object value, String source) {
        sources.put("/" + field, source);
        return set(field, value);
    }

    /** @param pointer into this part's spec */
    CompositePart from(String pointer, String source) {
        sources.put(pointer, source);
        return this;
    }

    CompositePart after(String resource, String source) {
        after.put(resource, source);
        return this;
    }
}
