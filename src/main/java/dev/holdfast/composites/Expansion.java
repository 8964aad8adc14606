package dev.holdfast.composites;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Specs;
import dev.holdfast.model.ResourceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The result of the expansion of one composite: parts, outputs and mistakes. */
public final class Expansion {
    /** The name of the Network or Ingress that a composite uses by default. */
    static final String MAIN = "main";

    static final String OVERRIDES = "Changes to the parts, by Kind or Kind/name. Each is merged over the part's spec"
            + " according to RFC 7386: null removes a field, and a list is replaced as a whole.";
    static final String WITHOUT = "The parts to leave out, by Kind or Kind/name.";

    /** The stack that contains the composite. */
    public record StackContext(String name, String region, String account) {}

    /** @param pointer a JSON pointer into the composite's spec */
    public record Mistake(String pointer, String message, String hint) {}

    /** The reason why this composite has no value for an output of its kind, and the way out. */
    public record Withheld(String why, String hint) {}

    private final String name;
    private final StackContext stack;
    private final ObjectNode spec;
    private final List<CompositePart> parts = new ArrayList<>();
    private final Map<String, JsonNode> outputs = new LinkedHashMap<>();
    private final Map<String, Withheld> withheld = new TreeMap<>();
    private final List<Mistake> mistakes = new ArrayList<>();

    /** @param spec the spec of the document, with defaults filled in */
    public Expansion(String name, StackContext stack, ObjectNode spec) {
        this.name = name;
        this.stack = stack;
        this.spec = spec;
    }

    public List<CompositePart> parts() {
        return parts;
    }

    /** The outputs as in a document: references to the parts' outputs, and lists of them. */
    public Map<String, JsonNode> outputs() {
        return outputs;
    }

    /** The outputs of the kind for which this composite has no value, if there is a reason to report. */
    public Map<String, Withheld> withheld() {
        return withheld;
    }

    public List<Mistake> mistakes() {
        return mistakes;
    }

    /** The composite's name. */
    String name() {
        return name;
    }

    StackContext stack() {
        return stack;
    }

    /** A field as in the document; null if the document does not have it. */
    @Nullable
    JsonNode raw(String field) {
        return spec.get(field);
    }

    /** A reference to an output of the Network with this name. */
    static String network(String network, String output) {
        return "${Network/" + network + "." + output + "}";
    }

    /** Adds the only part of this kind. It has the composite's name. */
    CompositePart part(String kind) {
        return add(kind, name);
    }

    /** Adds the part {@code Kind/<composite>-<part>}. */
    CompositePart part(String kind, String part) {
        return add(kind, name + "-" + part);
    }

    private CompositePart add(String kind, String full) {
        CompositePart added = new CompositePart(new ResourceId(kind, full));
        parts.add(added);
        return added;
    }

    void output(String output, Object value) {
        outputs.put(output, Specs.json(value));
    }

    /** Leaves an output without a value: a document that refers to the output is rejected with this reason. */
    void withhold(String output, String why, String hint) {
        withheld.put(output, new Withheld(why, hint));
    }

    void mistake(String pointer, String message, String hint) {
        mistakes.add(new Mistake(pointer, message, hint));
    }

    /** The user's tags, and a Name tag for the console. */
    Map<String, String> named(CompositePart part, @Nullable Map<String, String> tags) {
        Map<String, String> all = new TreeMap<>();
        all.put("Name", stack.name() + "-" + part.id().name());
        all.putAll(tags == null ? Map.of() : tags);
        return all;
    }
}
