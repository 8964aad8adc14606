package dev.holdfast.kind;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A field of a spec, at any depth, whose change is a risk.
 *
 * @param path the names of the components that lead to the field, from the top; lists and maps on the way add no part
 */
public record RiskyField(FieldRisk risk, List<String> path) {
    /** The kind of roles. A reference to a role passes its permissions on. */
    private static final String ROLE = "Role";

    private static final Map<Class<?>, List<RiskyField>> KNOWN = new ConcurrentHashMap<>();

    public RiskyField {
        path = List.copyOf(path);
    }

    /** The risky fields of a spec, or of a record inside one. */
    public static List<RiskyField> of(Class<?> record) {
        List<RiskyField> known = KNOWN.get(record);
        if (known == null) {
            List<RiskyField> found = new ArrayList<>();
            add(record, List.of(), new HashSet<>(), found);
            known = List.copyOf(found);
            KNOWN.put(record, known);
        }
        return known;
    }

    /** The first field of a spec that has this risk; empty if no field has it. */
    public static Optional<RiskyField> of(Class<?> record, FieldRisk risk) {
        return of(record).stream().filter(field -> field.risk() == risk).findFirst();
    }

    private static void add(Class<?> record, List<String> above, Set<Class<?>> open, List<RiskyField> found) {
        if (!open.add(record)) {
            return;
        }
        for (SpecModel.Field field : SpecModel.of(record).fields()) {
            List<String> path = new ArrayList<>(above);
            path.add(field.name());
            FieldRisk risk = risk(field);
            if (risk != null) {
                found.add(new RiskyField(risk, path));
            }
            Class<?> inner = field.isCollection() || field.isMap() ? field.element() : field.raw();
            if (inner.isRecord() && risk == null) {
                add(inner, path, open, found);
            }
        }
        open.remove(record);
    }

    private static @Nullable FieldRisk risk(SpecModel.Field field) {
        Risk said = field.get(Risk.class);
        if (said != null) {
            return said.value();
        }
        Ref ref = field.get(Ref.class);
        return field.has(PolicyDocument.class)
                ? FieldRisk.RESOURCE_POLICY
                : ref != null && Arrays.asList(ref.value()).contains(ROLE) ? FieldRisk.PASSED_ROLE : null;
    }

    /** The top-level component of the spec that contains the field. */
    public String component() {
        return path.getFirst();
    }

    /**
     * The values of the field in a spec as JSON, one for each element of the lists that contain it, without absent
     * values.
     */
    public List<JsonNode> in(JsonNode spec) {
        List<JsonNode> values = new ArrayList<>();
        collect(spec, 0, values);
        return values;
    }

    private void collect(JsonNode node, int depth, List<JsonNode> values) {
        if (depth == path.size()) {
            if (!node.isMissingNode() && !node.isNull()) {
                values.add(node);
            }
        } else if (node.isArray()) {
            node.forEach(element -> collect(element, depth, values));
        } else if (node.has(path.get(depth))) {
            collect(node.get(path.get(depth)), depth + 1, values);
        } else if (node.isObject() && depth > 0) {
            // The values of a map.
            node.forEach(value -> {
                if (value.isContainerNode()) {
                    collect(value, depth, values);
                }
            });
        }
    }
}
