package dev.holdfast.desired;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.composites.CompositeInfo;
import dev.holdfast.composites.Composites;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.Ref;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON Schemas (2020-12) for editors: one for each kind, one for stacks, and one for any file of the desired state.
 * They are derived from the same {@link JsonType} that the validation uses. Only the validation finds mistakes that
 * involve several documents.
 *
 * <p>The schemas have no {@code $id}, so that they refer to each other by file name in any folder.
 */
public final class Schemas {
    /** A text that is exactly one placeholder, which may stand for a value of any type. */
    private static final String WHOLE = "^\\$\\{[^}]+\\}$";

    /** A text that contains a placeholder. */
    private static final String SPLICED = "^.*\\$\\{.+$";

    private final Map<Class<?>, String> names = new LinkedHashMap<>();
    private final ObjectNode definitions = object();

    private Schemas() {}

    /**
     * The schemas of these kinds and of all composites.
     *
     * @return the schemas by file name: {@code Vpc.json} and so on, {@code Stack.json}, {@code Document.json}
     */
    public static Map<String, ObjectNode> of(KindCatalog catalog) {
        Map<String, ObjectNode> schemas = new TreeMap<>();
        Composites.ALL.all().forEach((name, composite) -> {
            CompositeInfo<?> info = composite.info();
            schemas.put(name + ".json", new Schemas().resource(name, info.spec(), info.description()));
        });
        catalog.all().forEach((name, kind) -> {
            KindInfo<?> info = kind.info();
            String description = info.description() + " " + info.page();
            schemas.put(name + ".json", new Schemas().resource(name, info.spec(), description));
        });
        schemas.put("Stack.json", new Schemas().stack());
        schemas.put(GuardrailsReader.KIND + ".json", new Schemas().guardrails());
        schemas.put(
                "Document.json", document(Composites.ALL.namesWith(catalog.all().keySet())));
        return schemas;
    }

    private ObjectNode resource(String kind, Class<? extends Record> spec, String description) {
        ObjectNode schema = root(kind, description);
        ObjectNode envelope = fields(JsonType.of(Documents.ResourceDocument.class), true);
        ObjectNode properties = (ObjectNode) envelope.get("properties");
        ((ObjectNode) properties.get("kind")).put("const", kind);
        properties.set(
                "spec",
                described(
                        fields(JsonType.of(spec), false),
                        properties.get("spec").get("description").textValue()));
        return finished(schema, envelope);
    }

    private ObjectNode stack() {
        ObjectNode schema = root(Documents.STACK, "A stack: its settings, its files and its patches.");
        ObjectNode envelope = fields(JsonType.of(Documents.StackDocument.class), true);
        ((ObjectNode) envelope.get("properties").get("kind")).put("const", Documents.STACK);
        return finished(schema, envelope);
    }

    private ObjectNode guardrails() {
        ObjectNode schema = root(GuardrailsReader.KIND, "Guardrails, which no document of the desired state can lift.");
        ObjectNode envelope = fields(JsonType.of(GuardrailsDocument.class), true);
        ((ObjectNode) envelope.get("properties").get("kind")).put("const", GuardrailsReader.KIND);
        return finished(schema, envelope);
    }

    private static ObjectNode document(Collection<String> kinds) {
        ObjectNode schema = root("Document", "A file of the desired state: one document, or a list of documents.");
        ObjectNode document = object().put("type", "object");
        document.putArray("required").add("kind");
        ObjectNode kind = object();
        ArrayNode known = kind.putArray("enum");
        ArrayNode cases = object().putArray("allOf");
        for (String name : kinds) {
            known.add(name);
            cases.add(choice(name));
        }
        known.add(Documents.STACK);
        cases.add(choice(Documents.STACK));
        document.putObject("properties").set("kind", kind);
        document.set("allOf", cases);
        schema.putObject("$defs").set("document", document);
        schema.putObject("if").put("type", "array");
        schema.putObject("then").putObject("items").put("$ref", "#/$defs/document");
        schema.putObject("else").put("$ref", "#/$defs/document");
        return schema;
    }

    private static ObjectNode choice(String kind) {
        ObjectNode one = object();
        ObjectNode condition = one.putObject("if");
        condition.putObject("properties").putObject("kind").put("const", kind);
        condition.putArray("required").add("kind");
        one.putObject("then").put("$ref", kind + ".json");
        return one;
    }

    private static ObjectNode root(String title, String description) {
        return object().put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("title", title)
                .put("description", description);
    }

    private ObjectNode finished(ObjectNode schema, ObjectNode envelope) {
        schema.setAll(envelope);
        if (!definitions.isEmpty()) {
            schema.set("$defs", definitions);
        }
        return schema;
    }

    /** @param outermost whether this is the document itself, which no placeholder may replace */
    private ObjectNode fields(JsonType.RecordType type, boolean outermost) {
        ObjectNode schema = outermost ? object().put("type", "object") : typed("object", false);
        schema.put("additionalProperties", false);
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = object().putArray("required");
        type.fields().values().forEach(field -> {
            properties.set(field.name(), field(field));
            if (field.required()) {
                required.add(field.name());
            }
        });
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema;
    }

    private ObjectNode field(JsonType.FieldType field) {
        boolean optional = !field.required();
        String pattern = field.format() == null ? null : field.format().regex();
        PhysicalName name = field.physicalName();
        if (name != null) {
            pattern = pattern(name);
        }
        ObjectNode schema = schema(field.type(), optional, pattern);
        if (field.range() != null) {
            schema.put("minimum", field.range().min())
                    .put("maximum", field.range().max());
        }
        if (field.switchable()) {
            ObjectNode either = object();
            either.putArray("anyOf").add(schema).addObject().put("type", "boolean");
            schema = either;
        }
        return described(schema, description(field));
    }

    private static String description(JsonType.FieldType field) {
        StringBuilder text = new StringBuilder(field.doc());
        Ref ref = field.ref();
        if (ref != null && ref.value().length > 0) {
            text.append(" Points to: ").append(String.join(" or ", ref.value())).append('.');
        }
        if (field.immutable()) {
            text.append(" A change replaces the resource.");
        }
        return text.toString();
    }

    private static ObjectNode described(ObjectNode schema, String text) {
        return schema.put("description", text);
    }

    private ObjectNode schema(JsonType type, boolean optional, @Nullable String pattern) {
        return switch (type) {
            case JsonType.AnyType any -> object();
            case JsonType.RecordType fields -> object().put("$ref", "#/$defs/" + definition(fields));
            case JsonType.ListType many -> {
                ObjectNode list = typed("array", optional);
                list.set("items", schema(many.element(), false, null));
                yield many.distinct() ? list.put("uniqueItems", true) : list;
            }
            case JsonType.MapType table -> {
                ObjectNode map = typed("object", optional);
                map.set("additionalProperties", schema(table.value(), true, null));
                yield map;
            }
            case JsonType.ChoiceType choice -> choice(choice, optional);
            case JsonType.ScalarType scalar -> scalar(scalar, optional, pattern);
        };
    }

    private static ObjectNode choice(JsonType.ChoiceType choice, boolean optional) {
        ObjectNode schema = object();
        ArrayNode any = schema.putArray("anyOf");
        ArrayNode values = any.addObject().putArray("enum");
        choice.values().forEach(values::add);
        if (optional) {
            values.addNull();
        }
        any.addObject().put("type", "string").put("pattern", SPLICED);
        return schema;
    }

    private static ObjectNode scalar(JsonType.ScalarType scalar, boolean optional, @Nullable String pattern) {
        String type = switch (scalar.kind()) {
            case TEXT -> "string";
            case INT, LONG -> "integer";
            case NUMBER -> "number";
            case BOOLEAN -> "boolean";
        };
        if (!type.equals("string")) {
            return typed(type, optional);
        }
        ObjectNode schema = object();
        if (optional) {
            schema.putArray("type").add("string").add("null");
        } else {
            schema.put("type", "string");
        }
        return pattern == null ? schema : schema.put("pattern", pattern + "|" + SPLICED);
    }

    /** A type, or one placeholder that stands for it. The pattern applies to strings only. */
    private static ObjectNode typed(String type, boolean optional) {
        ObjectNode schema = object();
        ArrayNode types = schema.putArray("type").add(type).add("string");
        if (optional) {
            types.add("null");
        }
        return schema.put("pattern", WHOLE);
    }

    private String definition(JsonType.RecordType type) {
        String known = names.get(type.record());
        if (known != null) {
            return known;
        }
        String simple = type.record().getSimpleName();
        String name = names.containsValue(simple) ? simple + names.size() : simple;
        names.put(type.record(), name);
        // The name is recorded first, because a record may contain itself.
        ObjectNode schema = fields(type, false);
        ((ArrayNode) schema.get("type")).add("null");
        definitions.set(name, schema);
        return name;
    }

    private static String pattern(PhysicalName name) {
        StringBuilder also = new StringBuilder();
        name.also().chars().forEach(c -> {
            if ("\\]^-[".indexOf(c) >= 0) {
                also.append('\\');
            }
            also.append((char) c);
        });
        return "^[" + (name.lower() ? "" : "A-Z") + "a-z0-9" + also + "-]{1," + name.max() + "}$";
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
