package dev.holdfast.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.desired.Interpolation.Literal;
import dev.holdfast.desired.Interpolation.Placeholder;
import dev.holdfast.desired.Interpolation.Segment;
import dev.holdfast.desired.Interpolation.Unclosed;
import dev.holdfast.kind.Unresolved;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds and resolves the references in a resource's spec.
 *
 * <p>The spec of a revision has the syntax of documents: a literal <code>${</code> in it is still escaped, however
 * often the revision is written and read. Only {@link #resolve} undoes the escape, so a resolved spec must not be
 * resolved again.
 */
public final class References {
    private References() {}

    /** All references in a spec, in order. */
    public static Set<Reference> in(JsonNode spec) {
        Set<Reference> found = new LinkedHashSet<>();
        texts(spec, text -> {
            for (Segment part : Interpolation.parse(text)) {
                if (part instanceof Placeholder placeholder) {
                    Reference reference = Reference.parse(placeholder.text());
                    if (reference != null) {
                        found.add(reference);
                    }
                }
            }
        });
        return found;
    }

    /**
     * The references of a spec that order the graph: all except those in fields that are declared deferred.
     *
     * @param type the kind's spec record
     */
    public static Set<Reference> ordering(ObjectNode spec, Class<? extends Record> type) {
        Set<Reference> found = new LinkedHashSet<>(in(spec));
        found.removeAll(deferred(spec, type));
        return found;
    }

    /** The references of a spec that occur only in deferred fields. */
    public static Set<Reference> deferred(ObjectNode spec, Class<? extends Record> type) {
        Set<Reference> firm = new LinkedHashSet<>();
        JsonType.walk(spec, JsonType.of(type), false, (text, deferred) -> {
            if (!deferred) {
                firm.addAll(in(TextNode.valueOf(text)));
            }
        });
        Set<Reference> found = new LinkedHashSet<>(in(spec));
        found.removeAll(firm);
        return found;
    }

    /**
     * A new spec with every reference replaced by its value and every escape undone.
     *
     * @param outputs returns null for a value that is not known yet; {@link Unresolved#of} of the reference's text
     *     replaces the reference then
     */
    public static ObjectNode resolve(ObjectNode spec, Function<Reference, @Nullable JsonNode> outputs) {
        ObjectNode resolved = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> field : spec.properties()) {
            resolved.set(field.getKey(), resolved(field.getValue(), outputs));
        }
        return resolved;
    }

    private static JsonNode resolved(JsonNode node, Function<Reference, @Nullable JsonNode> outputs) {
        if (node.isTextual()) {
            // A text without a reference is shared with the document: a stack has tens of thousands of them.
            return node.textValue().indexOf('$') < 0 ? node : resolved(node.textValue(), outputs);
        }
        if (node.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode(node.size());
            node.forEach(e -> array.add(resolved(e, outputs)));
            return array;
        }
        return node instanceof ObjectNode object ? resolve(object, outputs) : node;
    }

    private static JsonNode resolved(String text, Function<Reference, @Nullable JsonNode> outputs) {
        List<Segment> parts = Interpolation.parse(text);
        if (parts.size() == 1 && parts.getFirst() instanceof Placeholder placeholder) {
            return value(placeholder, outputs);
        }
        StringBuilder spliced = new StringBuilder();
        for (Segment part : parts) {
            switch (part) {
                case Literal l -> spliced.append(l.text());
                case Placeholder h -> {
                    JsonNode value = value(h, outputs);
                    spliced.append(value.isValueNode() ? value.asText() : value.toString());
                }
                case Unclosed u -> spliced.append(u.text());
            }
        }
        return TextNode.valueOf(spliced.toString());
    }

    private static JsonNode value(Placeholder placeholder, Function<Reference, @Nullable JsonNode> outputs) {
        Reference reference = Reference.parse(placeholder.text());
        // Validation admits only references to a revision. A text that was never validated stays as it is.
        if (reference == null) {
            return TextNode.valueOf("${" + placeholder.text() + "}");
        }
        JsonNode value = outputs.apply(reference);
        return value == null ? TextNode.valueOf(Unresolved.of(reference.text())) : value;
    }

    private static void texts(JsonNode node, Consumer<String> each) {
        if (node.isTextual()) {
            each.accept(node.textValue());
        } else {
            node.forEach(child -> texts(child, each));
        }
    }
}
