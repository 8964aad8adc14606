package dev.holdfast.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.Unresolved;
import dev.holdfast.kind.WithdrawnLast;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
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
    static OmittedElements of(DiffInput<?> input, Field field) {
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
        if (applied == null || desired.partial().isEmpty()) {
            return desired.spec();
        }
        SpecModel model = SpecModel.of(desired.spec().getClass());
        Object[] values = model.fields().stream()
                .map(field -> desired.partial().containsKey(field.name())
                        ? new OmittedElements(desired.partial().getOrDefault(field.name(), List.of()), null)
                                .recorded(field, field.read(desired.spec()), field.read(observed), field.read(applied))
                        : field.read(desired.spec()))
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

    /**
     * The elements that a component whose desired value is not known keeps until then; null if it keeps all observed ones.
     * Elements that grant access stay as they were last applied, or as an update has written them since.
     */
    static @Nullable List<?> lastApplied(DiffInput<?> input, Field field) {
        WithdrawnLast withdrawn = field.get(WithdrawnLast.class);
        Object applied = input.applied() == null ? null : field.read(input.applied());
        if (withdrawn == null || withdrawn.moves() || applied == null) {
            return null;
        }
        Map<String, Object> last = SpecValues.byKey(field, SpecValues.list(applied));
        Map<String, Object> there = SpecValues.byKey(field, SpecValues.list(field.read(input.observed())));
        if (input.granted() != null) {
            SpecValues.byKey(field, SpecValues.list(field.read(input.granted())))
                    .forEach((key, since) -> {
                        if (Withdrawals.same(since, there.get(key))) {
                            last.put(key, since);
                        }
                    });
        }
        return List.copyOf(last.values());
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
        Set<JsonNode> want = meanings(known);
        Set<JsonNode> ours = applied == null ? Set.of() : meanings(applied);
        List<JsonNode> kept = statements(observed).stream()
                .filter(statement -> {
                    JsonNode meaning = meaning(statement);
                    return !want.contains(meaning) && (applied == null || ours.contains(meaning) || mayBe(meaning));
                })
                .toList();
        if (kept.isEmpty() || !(known instanceof ObjectNode document)) {
            return known;
        }
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        return document.deepCopy()
                .set("Statement", all.addAll(statements(known)).addAll(kept));
    }

    private boolean mayBe(JsonNode observed) {
        return elements.stream().anyMatch(element -> fits(meaning(element), observed));
    }

    private static List<JsonNode> statements(JsonNode policy) {
        JsonNode value = policy.path("Statement");
        return value.isArray() ? value.valueStream().toList() : value.isObject() ? List.of(value) : List.of();
    }

    private static Set<JsonNode> meanings(JsonNode policy) {
        return statements(policy).stream().map(OmittedElements::meaning).collect(Collectors.toSet());
    }

    /** The canonical form of a statement. */
    private static JsonNode meaning(JsonNode statement) {
        JsonNode policy = JsonNodeFactory.instance.objectNode().set("Statement", statement);
        return PolicyDocuments.canonical(policy).path("Statement").path(0);
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
        return element.equals(observed)
                || (element.isTextual() && Unresolved.is(element.textValue()) && observed.isTextual());
    }
}
