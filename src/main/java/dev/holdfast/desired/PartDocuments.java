package dev.holdfast.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.composites.CompositePart;
import dev.holdfast.model.JsonPointers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Creates the documents of a composite's parts. Each value has the location of the composite's field that decided it.
 *
 * @param whole the location of values that no field of the composite decided
 * @param spec the composite's spec
 */
record PartDocuments(SourceLocation whole, LocatedJson.Obj spec) {
    /** The location of the deepest existing value on the path of the pointer. */
    SourceLocation of(String pointer) {
        SourceLocation location = whole;
        LocatedJson at = spec;
        for (String name : JsonPointers.names(pointer)) {
            LocatedJson next = switch (at) {
                case LocatedJson.Obj o -> o.get(name);
                case LocatedJson.Arr a ->
                    name.matches("[0-9]{1,4}")
                                    && Integer.parseInt(name) < a.elements().size()
                            ? a.elements().get(Integer.parseInt(name))
                            : null;
                case LocatedJson.Value v -> null;
            };
            if (next == null) {
                break;
            }
            at = next;
            location = next.location();
        }
        return location;
    }

    LocatedJson.Obj document(CompositePart part, LocatedJson.Obj composite) {
        LocatedJson.Obj metadata = LocatedJson.nothing(whole)
                .with("name", text(part.id().name()))
                .with("dependsOn", dependsOn(part, composite));
        LocatedJson.Obj document = LocatedJson.nothing(whole)
                .with("apiVersion", text(Documents.API_VERSION))
                .with("kind", text(part.id().kind()));
        if (composite.get("metadata") instanceof LocatedJson.Obj own) {
            for (String field : List.of("region", "labels")) {
                LocatedJson value = own.get(field);
                metadata = value == null ? metadata : metadata.with(field, value);
            }
        }
        metadata = part.region() == null ? metadata : metadata.with("region", text(part.region()));
        LocatedJson lifecycle = composite.get("lifecycle");
        document = document.with("metadata", metadata);
        document = lifecycle == null ? document : document.with("lifecycle", lifecycle);
        return document.with("spec", value(part.spec(), "", part.sources(), whole));
    }

    private LocatedJson dependsOn(CompositePart part, LocatedJson.Obj composite) {
        List<LocatedJson> after = new ArrayList<>();
        part.after().forEach((text, source) -> after.add(new LocatedJson.Value(of(source), TextNode.valueOf(text))));
        if (composite.get("metadata") instanceof LocatedJson.Obj own
                && own.get("dependsOn") instanceof LocatedJson.Arr a) {
            after.addAll(a.elements());
        }
        return new LocatedJson.Arr(whole, after);
    }

    private LocatedJson text(String text) {
        return new LocatedJson.Value(whole, TextNode.valueOf(text));
    }

    LocatedJson value(JsonNode node, String source) {
        return value(node, "", Map.of("", source), whole);
    }

    /** Each value has the location of its source, or of the value that contains it if it has none. */
    private LocatedJson value(JsonNode node, String pointer, Map<String, String> sources, SourceLocation around) {
        String source = sources.get(pointer);
        if (source != null) {
            return sourced(node, source);
        }
        return switch (node) {
            case ObjectNode object -> {
                LocatedJson.Obj result = LocatedJson.nothing(around);
                for (Map.Entry<String, JsonNode> e : object.properties()) {
                    String inner = pointer + "/" + JsonPointers.escaped(e.getKey());
                    result = result.with(e.getKey(), value(e.getValue(), inner, sources, around));
                }
                yield result;
            }
            case ArrayNode array -> {
                List<LocatedJson> elements = new ArrayList<>();
                for (int i = 0; i < array.size(); i++) {
                    elements.add(value(array.get(i), pointer + "/" + i, sources, around));
                }
                yield new LocatedJson.Arr(around, elements);
            }
            default -> new LocatedJson.Value(around, node);
        };
    }

    /** Members and elements are looked up under the same names in the source. */
    private LocatedJson sourced(JsonNode node, String source) {
        SourceLocation location = of(source);
        return switch (node) {
            case ObjectNode object -> {
                LocatedJson.Obj result = LocatedJson.nothing(location);
                for (Map.Entry<String, JsonNode> e : object.properties()) {
                    String inner = source + "/" + JsonPointers.escaped(e.getKey());
                    result = result.with(e.getKey(), sourced(e.getValue(), inner));
                }
                yield result;
            }
            case ArrayNode array -> {
                List<LocatedJson> elements = new ArrayList<>();
                for (int i = 0; i < array.size(); i++) {
                    elements.add(sourced(array.get(i), source + "/" + i));
                }
                yield new LocatedJson.Arr(location, elements);
            }
            default -> new LocatedJson.Value(location, node);
        };
    }
}
