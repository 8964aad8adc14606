package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.SpecModel.Field;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The cases of one kind, from {@code fields/<Kind>.json}:
 *
 * <pre>{@code
 * { "shared": [ {"kind": "Vpc", "name": "v", "spec": {}} ],           the resources that all cases use
 *   "variants": { "plain": {
 *     "each": [ {"kind": "Vpc", "name": "v-{n}", "spec": {}} ],        the resources of each case
 *     "lifecycle": {}, "spec": {},                                     the resource; it owns every tested field
 *     "fields": { "/ingress/0/toPort": 90,                             the other value, by pointer in the spec
 *                 "/period": {"$to": 90, "$and": {"/x": 1}, "$inside": 7} } } },
 *   "exempt": { "/field": "why no case can be made" } }
 * }</pre>
 *
 * <p>In strings {@code {n}} is the case's number; the string {@code {n+100}} is the number plus 100.
 */
final class FieldFixture {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NUMBER = Pattern.compile("\\{n\\+(\\d+)}");

    final Kind<?> kind;
    final List<FieldCase> cases = new ArrayList<>();
    private final JsonNode root;

    private FieldFixture(Kind<?> kind, JsonNode root) {
        this.kind = kind;
        this.root = root;
        int number = 0;
        for (Map.Entry<String, JsonNode> variant : root.path("variants").properties()) {
            for (Map.Entry<String, JsonNode> field :
                    variant.getValue().path("fields").properties()) {
                cases.add(read(++number, variant.getKey(), field.getKey(), field.getValue()));
            }
        }
    }

    /** @return null if the kind has no fixture */
    static @Nullable FieldFixture of(Kind<?> kind) {
        String file = "/fields/" + kind.info().name() + ".json";
        try (InputStream in = FieldFixture.class.getResourceAsStream(file)) {
            return in == null ? null : new FieldFixture(kind, JSON.readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }

    private FieldCase read(int number, String variant, String pointer, JsonNode value) {
        List<Field> chain = FieldCase.chain(kind.info().spec(), pointer);
        boolean more = value.has("$to") || value.has("$inside");
        Map<String, JsonNode> and = new LinkedHashMap<>();
        value.path("$and").properties().forEach(e -> and.put(e.getKey(), filled(e.getValue(), number)));
        if (at(spec(variant, number), pointer) == null) {
            throw new IllegalArgumentException(pointer + ": the spec of the variant " + variant + " does not own it");
        }
        return new FieldCase(
                number,
                variant,
                pointer,
                FieldCase.path(chain),
                filled(more ? value.path("$to") : value, number),
                and,
                value.has("$inside") ? filled(value.get("$inside"), number) : null,
                value.has("$outside") ? filled(value.get("$outside"), number) : null,
                chain);
    }

    /** The errors of the fixture itself: fields without a case, exemptions without a reason. */
    Map<String, String> gaps() {
        Map<String, String> gaps = new TreeMap<>();
        Set<String> covered = new TreeSet<>();
        cases.forEach(c -> covered.add(c.field()));
        List<String> all = FieldCase.fields(kind.info().spec());
        for (Map.Entry<String, JsonNode> exempt : root.path("exempt").properties()) {
            if (!all.contains(exempt.getKey())) {
                gaps.put(exempt.getKey(), "is exempt, but there is no such field");
            } else if (!covered.add(exempt.getKey())) {
                gaps.put(exempt.getKey(), "is exempt, but has a case");
            } else if (exempt.getValue().asText().split("\\s+").length < 4) {
                gaps.put(exempt.getKey(), "is exempt without a reason in words");
            }
        }
        cases.stream()
                .filter(c -> c.tolerant()
                        && cases.stream().noneMatch(o -> o.field().equals(c.field()) && o.inside() != null))
                .forEach(c -> gaps.put(c.field(), "tolerates something, and no case says what: $inside"));
        all.stream().filter(f -> !covered.contains(f)).forEach(f -> gaps.put(f, "has no case and no exemption"));
        return gaps;
    }

    /** The documents of all cases; the functions change the base specs of the cases' resources. */
    String documents(Map<FieldCase, UnaryOperator<ObjectNode>> changes) {
        return documents(cases, changes);
    }

    /** The documents of two cases of each variant, so that lists have several entries. */
    String documentsOfFew() {
        Map<String, Integer> perVariant = new TreeMap<>();
        List<FieldCase> few = cases.stream()
                .filter(c -> perVariant.merge(c.variant(), 1, Integer::sum) <= 2)
                .toList();
        return documents(few, Map.of());
    }

    /** Whether the fixture exempts a field from having a case. */
    boolean exempt(String field) {
        return root.path("exempt").has(field);
    }

    /** The documents of these cases. */
    String documents(List<FieldCase> some, Map<FieldCase, UnaryOperator<ObjectNode>> changes) {
        ArrayNode documents = JSON.createArrayNode();
        root.path("shared").forEach(d -> documents.add(document(d)));
        for (FieldCase one : some) {
            JsonNode variant = root.path("variants").path(one.variant());
            variant.path("each").forEach(d -> documents.add(document(filled(d, one.number()))));
            ObjectNode resource = JSON.createObjectNode();
            resource.put("kind", kind.info().name());
            resource.put("name", "c-" + one.number());
            if (variant.has("lifecycle")) {
                resource.set("lifecycle", variant.get("lifecycle"));
            }
            ObjectNode spec = spec(one.variant(), one.number());
            resource.set(
                    "spec", changes.getOrDefault(one, UnaryOperator.identity()).apply(spec));
            documents.add(document(resource));
        }
        // The world reads ' as ", which keeps text blocks readable.
        return documents.toString().replace("'", "\\u0027");
    }

    ObjectNode spec(String variant, int number) {
        return (ObjectNode) filled(root.path("variants").path(variant).path("spec"), number);
    }

    private static ObjectNode document(JsonNode brief) {
        ObjectNode document = JSON.createObjectNode();
        document.put("apiVersion", "holdfast.dev/v1");
        document.set("kind", brief.path("kind"));
        ObjectNode metadata = document.putObject("metadata");
        metadata.set("name", brief.path("name"));
        if (brief.has("dependsOn")) {
            metadata.set("dependsOn", brief.get("dependsOn"));
        }
        if (brief.has("lifecycle")) {
            document.set("lifecycle", brief.get("lifecycle"));
        }
        document.set("spec", brief.path("spec"));
        return document;
    }

    static UnaryOperator<ObjectNode> changed(FieldCase one, JsonNode value) {
        return spec -> {
            set(spec, one.pointer(), value);
            one.and().forEach((pointer, other) -> set(spec, pointer, other));
            return spec;
        };
    }

    private static @Nullable JsonNode at(JsonNode spec, String pointer) {
        JsonNode found = spec.at(pointer);
        return found.isMissingNode() ? null : found;
    }

    /** @param value the new value; null removes the member */
    static void set(ObjectNode spec, String pointer, JsonNode value) {
        int slash = pointer.lastIndexOf('/');
        JsonNode parent = slash == 0 ? spec : spec.at(pointer.substring(0, slash));
        String last = pointer.substring(slash + 1).replace("~1", "/").replace("~0", "~");
        switch (parent) {
            case ObjectNode object when value.isNull() -> object.remove(last);
            case ObjectNode object -> object.set(last, value);
            case ArrayNode array -> array.set(Integer.parseInt(last), value);
            default -> throw new IllegalArgumentException(pointer + " leads nowhere in " + spec);
        }
    }

    private static JsonNode filled(JsonNode node, int number) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode copy = JSON.createObjectNode();
                object.properties()
                        .forEach(e -> copy.set(
                                e.getKey().replace("{n}", Integer.toString(number)), filled(e.getValue(), number)));
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = JSON.createArrayNode();
                array.forEach(e -> copy.add(filled(e, number)));
                yield copy;
            }
            case JsonNode text when text.isTextual() -> filled(text.textValue(), number);
            default -> node;
        };
    }

    private static JsonNode filled(String text, int number) {
        Matcher sum = NUMBER.matcher(text);
        return sum.matches()
                ? JsonNodeFactory.instance.numberNode(Integer.parseInt(sum.group(1)) + number)
                : JsonNodeFactory.instance.textNode(text.replace("{n}", Integer.toString(number)));
    }
}
