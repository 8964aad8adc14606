package dev.holdfast.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.aws.PolicyStatements;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.Unresolved;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The desired elements of a component that its value omits, because a reference in them is not resolved yet. An observed
 * element may be one of them, or may have been ours before; any other element is drift. Pure.
 *
 * @param elements with {@link Unresolved} strings
 * @param ours the keys of the elements that earlier revisions desired; null: no record shows them
 */
public record OmittedElements(
        List<JsonNode> elements, @Nullable Set<String> ours) {
    private static final OmittedElements NONE = new OmittedElements(List.of(), null);

    /** The omitted elements at the position of a value of the field; none below a component. */
    static OmittedElements of(DiffInput<?> input, Field field, FieldPosition place) {
        if (!place.omitsElements()) {
            return NONE;
        }
        Set<String> ours = input.applied() == null ? null : new HashSet<>();
        if (ours != null) {
            Stream.of(input.applied(), input.granted())
                    .filter(Objects::nonNull)
                    .map(spec -> SpecValues.byKey(field, SpecValues.list(field.read(spec))))
                    .forEach(elements -> ours.addAll(elements.keySet()));
        }
        return new OmittedElements(input.desired().partial().getOrDefault(field.name(), List.of()), ours);
    }

    /**
     * The spec to record as applied while some components omit elements: the desired one, in which these components also
     * contain the observed elements that were applied before. They stay ours until the omitted elements are known.
     */
    public static <S extends Record> S applied(Specs.Bound<S> desired, S observed, @Nullable S applied) {
        if (applied == null) {
            return desired.spec();
        }
        SpecModel model = SpecModel.of(desired.spec().getClass());
        Object[] values = model.fields().stream()
                .map(field -> {
                    Object known = field.read(desired.spec());
                    List<JsonNode> omitted = desired.partial().get(field.name());
                    return omitted == null
                            ? known
                            : new OmittedElements(omitted, null)
                                    .recorded(field, known, field.read(observed), field.read(applied));
                })
                .toArray();
        @SuppressWarnings("unchecked") // the model is that of the spec's own class
        S all = (S) model.make(values);
        return all;
    }

    private @Nullable Object recorded(
            Field field, @Nullable Object desired, @Nullable Object observed, @Nullable Object applied) {
        if (observed == null || applied == null) {
            return desired;
        }
        if (observed instanceof JsonNode there) {
            return desired == null ? applied : policy((JsonNode) desired, there, (JsonNode) applied);
        }
        Map<String, Object> all = SpecValues.byKey(field, SpecValues.list(desired));
        Set<String> ours = SpecValues.byKey(field, SpecValues.list(applied)).keySet();
        SpecValues.byKey(field, SpecValues.list(observed)).forEach((key, element) -> {
            if (ours.contains(key)) {
                all.putIfAbsent(key, element);
            }
        });
        return Withdrawals.collection(field, all.values());
    }

    /** Whether the observed element is neither one of these, nor one of ours. */
    boolean isForeign(Field field, String key, Object observed) {
        return ours != null && !ours.contains(key) && !mayBe(field, key, observed);
    }

    private boolean mayBe(Field field, String key, Object observed) {
        if (!(observed instanceof Record there)) {
            return !elements.isEmpty();
        }
        SpecModel model = SpecModel.of(there.getClass());
        return elements.stream()
                .map(element -> Specs.read(there.getClass(), element))
                .anyMatch(element -> {
                    Object[] values = model.fields().stream()
                            .map(part -> Unresolved.is(part.read(element)) ? part.read(there) : part.read(element))
                            .toArray();
                    return SpecValues.byKey(field, List.of(model.make(values))).containsKey(key);
                });
    }

    /**
     * The policy to have until these statements are known: the known statements, and the observed ones that are one of
     * these, or that were applied.
     *
     * @param known the desired policy without these statements
     * @param applied null: nothing shows which statements were ours, so that all stay
     */
    JsonNode policy(JsonNode known, @Nullable JsonNode observed, @Nullable JsonNode applied) {
        if (elements.isEmpty() || observed == null) {
            return known;
        }
        Set<JsonNode> before = applied == null ? Set.of() : PolicyStatements.meanings(applied);
        return PolicyStatements.with(
                known, observed, statement -> applied == null || before.contains(statement) || mayBe(statement));
    }

    private boolean mayBe(JsonNode statement) {
        return elements.stream()
                .map(element -> JsonNodeFactory.instance.objectNode().<ObjectNode>set("Statement", element))
                .flatMap(element -> PolicyStatements.meanings(element).stream())
                .anyMatch(element -> fits(element, statement));
    }

    /** Whether a value with unresolved strings may become the observed one. */
    private static boolean fits(JsonNode element, JsonNode observed) {
        if (element.isObject() && observed.isObject()) {
            return element.size() == observed.size()
                    && element.properties().stream()
                            .allMatch(member -> observed.has(member.getKey())
                                    && fits(member.getValue(), observed.get(member.getKey())));
        }
        if (element.isArray() && observed.isArray()) {
            return element.size() == observed.size()
                    && observed.valueStream()
                            .allMatch(value -> element.valueStream().anyMatch(part -> fits(part, value)));
        }
        return element.isTextual() && observed.isTextual()
                ? Unresolved.mayBecome(element.textValue(), observed.textValue())
                : element.equals(observed);
    }
}
