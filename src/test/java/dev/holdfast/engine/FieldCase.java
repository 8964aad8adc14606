package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.Band;
import dev.holdfast.kind.DeleteOnly;
import dev.holdfast.kind.Environment;
import dev.holdfast.kind.Floor;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.InitialOnly;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.Sensitive;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.VersionPrefix;
import dev.holdfast.kind.WriteOnly;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One field of one kind, with another value. Each case is a resource of its own, so that all cases of a kind need only
 * a few passes together.
 *
 * @param number the number in the name of the resource, {@code c-<number>}
 * @param pointer the pointer into the variant's spec
 * @param field the path of components for the same field: {@code /ingress/*}{@code /fromPort}
 * @param to the other value
 * @param and the other fields that have to change too, by pointer
 * @param inside a tolerated value, for fields that tolerate one
 * @param outside a value that is not tolerated, where another principal could set one
 * @param chain the components on the path of the pointer
 */
record FieldCase(
        int number,
        String variant,
        String pointer,
        String field,
        JsonNode to,
        Map<String, JsonNode> and,
        @Nullable JsonNode inside,
        @Nullable JsonNode outside,
        List<Field> chain) {

    /** @throws IllegalArgumentException if the spec has no field at the pointer */
    static List<Field> chain(Class<?> spec, String pointer) {
        List<Field> chain = new ArrayList<>();
        Class<?> type = spec;
        boolean element = false;
        for (String segment : pointer.substring(1).split("/")) {
            if (element) {
                element = false;
                continue;
            }
            if (!type.isRecord()) {
                break;
            }
            Class<?> owner = type;
            Field field = SpecModel.of(type)
                    .field(segment)
                    .orElseThrow(() ->
                            new IllegalArgumentException(pointer + ": no " + segment + " in " + owner.getSimpleName()));
            chain.add(field);
            element = field.isCollection() || field.isMap();
            type = element ? field.element() : field.raw();
        }
        return chain;
    }

    /** The paths of all fields that a spec has, in components. */
    static List<String> fields(Class<?> spec) {
        List<String> all = new ArrayList<>();
        collect(spec, "", all);
        return all;
    }

    private static void collect(Class<?> type, String prefix, List<String> all) {
        for (Field field : SpecModel.of(type).fields()) {
            String path = prefix + "/" + field.name();
            all.add(path);
            boolean many = field.isCollection() || field.isMap();
            Class<?> inner = many ? field.element() : field.raw();
            if (inner.isRecord()) {
                collect(inner, many ? path + "/*" : path, all);
            }
        }
    }

    static String path(List<Field> chain) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < chain.size(); i++) {
            Field field = chain.get(i);
            path.append('/').append(field.name());
            if (i < chain.size() - 1 && (field.isCollection() || field.isMap())) {
                path.append("/*");
            }
        }
        return path.toString();
    }

    private boolean any(Class<? extends Annotation> annotation) {
        return chain.stream().anyMatch(f -> f.has(annotation));
    }

    boolean immutable() {
        return any(Immutable.class) || any(PhysicalName.class);
    }

    boolean neverCompared() {
        return any(InitialOnly.class) || any(DeleteOnly.class);
    }

    /** AWS does not return the field's value, or the engine must not read it. */
    boolean hidden() {
        return any(WriteOnly.class) || any(Sensitive.class);
    }

    boolean environment() {
        return any(Environment.class);
    }

    boolean tolerant() {
        return any(Floor.class) || any(Band.class) || any(VersionPrefix.class);
    }

    boolean band() {
        return any(Band.class);
    }

    String component() {
        return chain.getFirst().name();
    }

    String resource(String kind) {
        return kind + "/c-" + number;
    }

    /**
     * Whether a path of the drift report names this field, or a field that had to change with it: a generated name
     * changes with immutable fields.
     */
    boolean tells(String path, Class<?> spec) {
        String name = SpecModel.of(spec)
                .with(PhysicalName.class)
                .map(f -> "/" + f.name())
                .orElse("");
        return (immutable() && path.equals(name)) || tells(path);
    }

    private boolean tells(String path) {
        return and.keySet().stream().anyMatch(p -> meets(p, path)) || meets(pointer, path);
    }

    /** A path names elements by key, and a pointer by position. Either of both may end first. */
    private static boolean meets(String pointer, String path) {
        String[] ours = pointer.split("/");
        String[] theirs = path.split("/");
        for (int i = 0; i < Math.min(ours.length, theirs.length); i++) {
            if (!ours[i].equals(theirs[i]) && !ours[i].matches("\\d+")) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return pointer + (variant.isEmpty() ? "" : " (" + variant + ")");
    }
}
