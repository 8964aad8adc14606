package dev.holdfast.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Environment;
import dev.holdfast.kind.Sensitive;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.WriteOnly;
import java.util.Collection;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Specs in a form that may be shown or stored: secrets hidden or hashed, at any depth. */
public final class Masks {
    private Masks() {}

    /** An observed value in the form to show. */
    static JsonNode hideEnvironment(Object value, boolean showEnvironment) {
        return rewrite(value, secret -> "(sensitive)", !showEnvironment);
    }

    /** A desired spec in the form to show. Its environment is visible, because the documents contain it anyway. */
    public static JsonNode shown(Record desired) {
        return rewrite(desired, secret -> "(sensitive)", false);
    }

    /** An observed spec in the form to show. */
    public static JsonNode shownObserved(Record observed, boolean showEnvironment) {
        return hideEnvironment(observed, showEnvironment);
    }

    /** A desired spec in the form to store, with secrets as keyed hashes. */
    public static JsonNode stored(Record desired, UnaryOperator<String> hasher) {
        return rewrite(desired, hasher, false);
    }

    /**
     * The formerly applied spec with the secrets that were written since, because no read ever shows secrets.
     *
     * @param written the written components
     */
    public static JsonNode withWrittenSecrets(
            JsonNode applied, Record desired, Set<String> written, UnaryOperator<String> hasher) {
        JsonNode now = stored(desired, hasher);
        ObjectNode merged = applied.deepCopy();
        for (Field field : SpecModel.of(desired.getClass()).fields()) {
            if (written.contains(field.name()) && now.has(field.name()) && holdsSecret(field)) {
                merged.set(field.name(), now.get(field.name()));
            }
        }
        return merged;
    }

    private static boolean holdsSecret(Field field) {
        if (field.has(WriteOnly.class) || field.has(Sensitive.class)) {
            return true;
        }
        Class<?> inner = field.isCollection() || field.isMap() ? field.element() : field.raw();
        return inner.isRecord() && SpecModel.of(inner).fields().stream().anyMatch(Masks::holdsSecret);
    }

    private static JsonNode rewrite(Object value, UnaryOperator<String> secret, boolean environment) {
        return switch (value) {
            case Record record -> rewriteRecord(record, secret, environment);
            case Collection<?> elements
            when elements.stream().anyMatch(Record.class::isInstance) -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                elements.forEach(e -> array.add(rewrite(e, secret, environment)));
                yield array;
            }
            default -> Specs.json(value);
        };
    }

    private static JsonNode rewriteRecord(Record record, UnaryOperator<String> secret, boolean environment) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (Field field : SpecModel.of(record.getClass()).fields()) {
            Object value = field.read(record);
            if (value == null) {
                continue;
            }
            if (field.has(WriteOnly.class) || field.has(Sensitive.class)) {
                object.put(field.name(), secret.apply(value.toString()));
            } else if (field.has(Environment.class) && environment) {
                object.set(field.name(), hiddenEnvironment(value));
            } else {
                object.set(field.name(), rewrite(value, secret, environment));
            }
        }
        return object;
    }

    private static @Nullable JsonNode hiddenEnvironment(Object value) {
        JsonNode json = Specs.json(value);
        if (json instanceof ObjectNode object) {
            object.fieldNames().forEachRemaining(name -> object.set(name, Differ.MASKED));
            return object;
        }
        return Differ.MASKED;
    }
}
