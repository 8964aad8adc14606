package dev.holdfast.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.composites.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where a composite's document says what becomes of it.
 *
 * @param whole the place of what the document does not say
 * @param spec the composite's
 */
record Places(Place whole, Located.Obj spec) {
    /** The place of the deepest value on the way to what the pointer names. */
    Place of(String pointer) {
        Place place = whole;
        Located at = spec;
        for (String token : pointer.isEmpty()
                ? List.<String>of()
                : List.of(pointer.substring(1).split("/", -1))) {
            String name = token.replace("~1", "/").replace("~0", "~");
            Located next = switch (at) {
                case Located.Obj o -> o.get(name);
                case Located.Arr a ->
                    name.matches("[0-9]{1,4}")
                                    && Integer.parseInt(name) < a.elements().size()
                            ? a.elements().get(Integer.parseInt(name))
                            : null;
                case Located.Value v -> null;
            };
            if (next == null) {
                break;
            }
            at = next;
            place = next.place();
        }
        return place;
    }

    Located.Obj document(Part part, Located.Obj composite) {
        Located.Obj metadata = Located.nothing(whole)
                .with("name", text(part.id().name()))
                .with("dependsOn", dependsOn(part, composite));
        Located.Obj document = Located.nothing(whole)
                .with("apiVersion", text(Documents.API_VERSION))
                .with("kind", text(part.id().kind()));
        if (composite.get("metadata") instanceof Located.Obj own) {
            for (String field : List.of("region", "labels")) {
                Located value = own.get(field);
                metadata = value == null ? metadata : metadata.with(field, value);
            }
        }
        Located lifecycle = composite.get("lifecycle");
        document = document.with("metadata", metadata);
        document = lifecycle == null ? document : document.with("lifecycle", lifecycle);
        return document.with("spec", value(part.spec(), "", part.sources(), whole));
    }

    private Located dependsOn(Part part, Located.Obj composite) {
        List<Located> after = new ArrayList<>();
        part.after().forEach((text, source) -> after.add(new Located.Value(of(source), TextNode.valueOf(text))));
        if (composite.get("metadata") instanceof Located.Obj own && own.get("dependsOn") instanceof Located.Arr a) {
            after.addAll(a.elements());
        }
        return new Located.Arr(whole, after);
    }

    private Located text(String text) {
        return new Located.Value(whole, TextNode.valueOf(text));
    }

    Located value(JsonNode node, String source) {
        return value(node, "", Map.of("", source), whole);
    }

    /** Each value has the place of what it comes from, or else that of what it lies in. */
    private Located value(JsonNode node, String pointer, Map<String, String> sources, Place around) {
        String source = sources.get(pointer);
        if (source != null) {
            return sourced(node, source);
        }
        return switch (node) {
            case ObjectNode object -> {
                Located.Obj result = Located.nothing(around);
                for (Map.Entry<String, JsonNode> e : object.properties()) {
                    String inner = pointer + "/" + Place.escape(e.getKey());
                    result = result.with(e.getKey(), value(e.getValue(), inner, sources, around));
                }
                yield result;
            }
            case ArrayNode array -> {
                List<Located> elements = new ArrayList<>();
                for (int i = 0; i < array.size(); i++) {
                    elements.add(value(array.get(i), pointer + "/" + i, sources, around));
                }
                yield new Located.Arr(around, elements);
            }
            default -> new Located.Value(around, node);
        };
    }

    /** What lies inside is sought under the same names in the source. */
    private Located sourced(JsonNode node, String source) {
        Place place = of(source);
        return switch (node) {
            case ObjectNode object -> {
                Located.Obj result = Located.nothing(place);
                for (Map.Entry<String, JsonNode> e : object.properties()) {
                    String inner = source + "/" + Place.escape(e.getKey());
                    result = result.with(e.getKey(), sourced(e.getValue(), inner));
                }
                yield result;
            }
            case ArrayNode array -> {
                List<Located> elements = new ArrayList<>();
                for (int i = 0; i < array.size(); i++) {
                    elements.add(sourced(array.get(i), source + "/" + i));
                }
                yield new Located.Arr(place, elements);
            }
            default -> new Located.Value(place, node);
        };
    }
}
