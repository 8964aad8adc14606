package dev.holdfast.policy;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.types.StructTypeReference;
import dev.holdfast.kind.SpecModel;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The types of the variables of a policy: the specs of its kinds, the step, the stack and the author. */
final class PolicyTypes {
    private static final CelType TEXTS = ListType.create(SimpleType.STRING);

    private final Map<String, CelType> types = new LinkedHashMap<>();

    /** @param specs the specs of the policy's kinds; a field whose type differs between them has a dynamic type */
    PolicyTypes(Collection<Class<? extends Record>> specs) {
        struct(
                "Step",
                Map.of(
                        "action", SimpleType.STRING,
                        "kind", SimpleType.STRING,
                        "name", SimpleType.STRING,
                        "resource", SimpleType.STRING,
                        "composite", SimpleType.STRING,
                        "changed", TEXTS,
                        "risks", TEXTS));
        struct(
                "Stack",
                Map.of(
                        "name", SimpleType.STRING,
                        "account", SimpleType.STRING,
                        "region", SimpleType.STRING,
                        "tags", MapType.create(SimpleType.STRING, SimpleType.STRING)));
        struct("Author", Map.of("name", SimpleType.STRING, "message", SimpleType.STRING));
        Map<String, CelType> fields = new LinkedHashMap<>();
        for (Class<? extends Record> spec : specs) {
            fields(spec).forEach((name, type) -> fields.merge(name, type, (a, b) -> a.equals(b) ? a : SimpleType.DYN));
        }
        struct("Spec", fields);
    }

    /** The variables of an expression. */
    static Map<String, CelType> variables() {
        return Map.of(
                "step", StructTypeReference.create("Step"),
                "stack", StructTypeReference.create("Stack"),
                "author", StructTypeReference.create("Author"),
                "desired", StructTypeReference.create("Spec"),
                "observed", StructTypeReference.create("Spec"));
    }

    /** The types by their names. */
    CelTypeProvider provider() {
        return new KnownTypes(ImmutableMap.copyOf(types));
    }

    private record KnownTypes(ImmutableMap<String, CelType> known) implements CelTypeProvider {
        @Override
        public ImmutableCollection<CelType> types() {
            return known.values();
        }

        @Override
        public Optional<CelType> findType(String name) {
            return Optional.ofNullable(known.get(name));
        }
    }

    private void struct(String name, Map<String, CelType> fields) {
        ImmutableMap<String, CelType> known = ImmutableMap.copyOf(fields);
        types.put(name, StructType.create(name, known.keySet(), field -> Optional.ofNullable(known.get(field))));
    }

    private Map<String, CelType> fields(Class<?> record) {
        Map<String, CelType> fields = new LinkedHashMap<>();
        for (SpecModel.Field field : SpecModel.of(record).fields()) {
            fields.put(field.name(), type(field.type()));
        }
        return fields;
    }

    private CelType type(Type type) {
        if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            Type[] arguments = generic.getActualTypeArguments();
            CelType last = type(arguments[arguments.length - 1]);
            return Collection.class.isAssignableFrom(raw)
                    ? ListType.create(last)
                    : Map.class.isAssignableFrom(raw) ? MapType.create(SimpleType.STRING, last) : SimpleType.DYN;
        }
        return type instanceof Class<?> plain ? plain(plain) : SimpleType.DYN;
    }

    private CelType plain(Class<?> type) {
        if (type == String.class || type.isEnum()) {
            return SimpleType.STRING;
        }
        if (List.of(Integer.class, Long.class, int.class, long.class).contains(type)) {
            return SimpleType.INT;
        }
        if (List.of(Double.class, Float.class, BigDecimal.class, double.class, float.class)
                .contains(type)) {
            return SimpleType.DOUBLE;
        }
        if (type == Boolean.class || type == boolean.class) {
            return SimpleType.BOOL;
        }
        return type.isRecord() ? record(type) : SimpleType.DYN;
    }

    private CelType record(Class<?> type) {
        String name = type.getName().replace('$', '.');
        if (!types.containsKey(name)) {
            // A record may contain itself, so that its name is registered before its fields are known.
            types.put(name, SimpleType.DYN);
            struct(name, fields(type));
        }
        return StructTypeReference.create(name);
    }
}
