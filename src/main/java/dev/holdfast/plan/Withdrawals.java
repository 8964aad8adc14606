package dev.holdfast.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.aws.PolicyStatements;
import dev.holdfast.kind.PolicyDocument;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.WithdrawnLast;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.FieldChange.Cause;
import dev.holdfast.model.FieldChange.Effect;
import dev.holdfast.model.JsonPointers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Separates the part of a change that grants access from the part that withdraws access ({@link WithdrawnLast}). Pure.
 *
 * @param observed the spec as a read showed it
 * @param applied the spec as last applied; null: none is recorded, so that nothing shows which elements were ours, or
 *     the kind has no component that is {@link #concern withdrawn last}
 * @param granted the elements that updates since then have left in place, whether AWS received them or not; null: none
 */
public record Withdrawals<S extends Record>(
        S observed, @Nullable S applied, @Nullable S granted) {
    /** Whether a component of the type grants access, and is withdrawn last. */
    public static boolean concern(Class<?> type) {
        return SpecModel.of(type)
                .with(WithdrawnLast.class)
                .filter(field -> !moves(field))
                .isPresent();
    }

    /**
     * Whether the elements of a component of the type move between resources. The type then has no other component that
     * is withdrawn last.
     */
    static boolean move(Class<?> type) {
        return SpecModel.of(type)
                .with(WithdrawnLast.class)
                .filter(Withdrawals::moves)
                .isPresent();
    }

    private static boolean moves(Field field) {
        return Objects.requireNonNull(field.get(WithdrawnLast.class)).moves();
    }

    /** The keys of the elements that move between resources of the kind; empty if the kind has no such component. */
    static Set<String> movable(Record spec) {
        return SpecModel.of(spec.getClass())
                .with(WithdrawnLast.class)
                .filter(Withdrawals::moves)
                .map(field -> elements(field, spec).keySet())
                .orElse(Set.of());
    }

    /**
     * The desired spec of an update that withdraws nothing: the desired elements, and those observed elements and
     * statements that an earlier revision desired. An element that no revision desired is not part of it, unless it
     * moves between resources.
     *
     * @param unresolved the components whose values are not known yet
     */
    public S interim(S desired, Set<String> unresolved) {
        if (applied == null && !move(desired.getClass())) {
            return desired;
        }
        SpecModel model = SpecModel.of(desired.getClass());
        Object[] values = model.fields().stream()
                .map(field -> field.has(WithdrawnLast.class) && !unresolved.contains(field.name())
                        ? together(field, desired)
                        : field.read(desired))
                .toArray();
        @SuppressWarnings("unchecked") // the model is that of the spec's own class
        S interim = (S) model.make(values);
        return interim;
    }

    /**
     * The difference with its withdrawals marked. An element that an update granted and that is no longer desired is a
     * pending change, although the spec as last applied lacks it.
     */
    public Diff marked(Diff diff, Specs.Bound<S> desired) {
        if (diff.isEmpty() || (applied == null && !move(desired.spec().getClass()))) {
            return diff;
        }
        S interim = interim(desired.spec(), desired.unresolved());
        Set<String> kept = new HashSet<>();
        for (Field field : SpecModel.of(desired.spec().getClass()).fields()) {
            if (field.has(WithdrawnLast.class)) {
                Map<String, Object> want = elements(field, desired.spec());
                Map<String, Object> have = elements(field, observed);
                elements(field, interim).forEach((key, element) -> {
                    if (same(element, have.get(key)) && !same(element, want.get(key))) {
                        kept.add("/" + field.name() + "/" + JsonPointers.escaped(key));
                    }
                });
            }
        }
        Set<String> withdrawn = new HashSet<>();
        List<FieldChange> changes = new ArrayList<>();
        for (FieldChange change : diff.changes()) {
            boolean later = change.effect() == Effect.Update
                    && !change.knownAfterApply()
                    && kept.stream().anyMatch(pointer -> JsonPointers.covers(pointer, change.path()));
            if (later) {
                withdrawn.add(change.path());
            }
            changes.add(later && applied != null ? change.because(Cause.PendingChange) : change);
        }
        return new Diff(List.copyOf(changes), diff.changed(), diff.staleTags(), Set.copyOf(withdrawn));
    }

    /** The components of a spec that grant access, in the form in which the state records them; null: there are none. */
    public static @Nullable JsonNode grants(Record spec) {
        if (!concern(spec.getClass())) {
            return null;
        }
        ObjectNode grants = JsonNodeFactory.instance.objectNode();
        for (Field field : SpecModel.of(spec.getClass()).fields()) {
            Object value = field.has(WithdrawnLast.class) ? field.read(spec) : null;
            if (value != null) {
                grants.set(field.name(), Specs.json(value));
            }
        }
        return grants;
    }

    /**
     * The elements that a component has as long as its desired value is not known: those last applied, or written by an
     * update since. Null if they do not grant access, or if no record shows them: then it has the observed ones.
     */
    static @Nullable List<?> lastApplied(DiffInput<?> input, Field field) {
        WithdrawnLast withdrawn = field.get(WithdrawnLast.class);
        if (withdrawn == null || withdrawn.moves() || input.applied() == null || field.read(input.applied()) == null) {
            return null;
        }
        Map<String, Object> last = new LinkedHashMap<>(elements(field, input.applied()));
        Map<String, Object> have = elements(field, input.observed());
        if (input.granted() != null) {
            elements(field, input.granted()).forEach((key, since) -> {
                if (same(since, have.get(key))) {
                    last.put(key, since);
                }
            });
        }
        return List.copyOf(last.values());
    }

    private @Nullable Object together(Field field, S desired) {
        Object value = field.read(desired);
        if (value == null) {
            return null;
        }
        Map<String, Object> want = elements(field, desired);
        Map<String, Object> have = elements(field, observed);
        List<Map<String, Object>> ours = Stream.of(applied, granted)
                .filter(Objects::nonNull)
                .map(spec -> elements(field, spec))
                .toList();
        Map<String, Object> all = new LinkedHashMap<>();
        want.forEach((key, element) -> all.put(key, withStatements(element, have.get(key), at(key, ours))));
        have.forEach((key, element) -> {
            List<Object> former = at(key, ours);
            Object own = moves(field) ? element : former.isEmpty() ? null : ownStatements(element, former);
            if (own != null && !want.containsKey(key)) {
                all.put(key, own);
            }
        });
        return fits(field, all.values()) ? collection(field, all.values()) : value;
    }

    private static List<Object> at(String key, List<Map<String, Object>> specs) {
        return specs.stream().map(s -> s.get(key)).filter(Objects::nonNull).toList();
    }

    /** The desired element with the statements of the observed one that are ours. */
    private static Object withStatements(Object desired, @Nullable Object observed, List<Object> ours) {
        return observed instanceof Record there && desired instanceof Record want
                ? replaced(
                        want,
                        (field, document) -> field.read(there) instanceof JsonNode have
                                ? PolicyStatements.retaining(document, have, documents(field, ours))
                                : document)
                : desired;
    }

    /** The observed element without statements that are not ours; null if no statement is ours. */
    private static @Nullable Object ownStatements(Object observed, List<Object> ours) {
        if (!(observed instanceof Record there)) {
            return observed;
        }
        Record own = replaced(
                there, (field, document) -> PolicyStatements.retaining(null, document, documents(field, ours)));
        boolean empty = SpecModel.of(own.getClass())
                .with(PolicyDocument.class)
                .filter(field -> field.read(own) == null)
                .isPresent();
        return empty ? null : own;
    }

    private interface Rewriting {
        @Nullable
        JsonNode of(Field field, JsonNode document);
    }

    private static Record replaced(Record element, Rewriting rewriting) {
        SpecModel model = SpecModel.of(element.getClass());
        return model.with(PolicyDocument.class).isEmpty()
                ? element
                : model.make(model.fields().stream()
                        .map(field -> {
                            Object value = field.read(element);
                            return field.has(PolicyDocument.class) && value instanceof JsonNode document
                                    ? rewriting.of(field, document)
                                    : value;
                        })
                        .toArray());
    }

    private static List<JsonNode> documents(Field field, List<Object> elements) {
        return elements.stream()
                .map(element -> field.read((Record) element))
                .filter(JsonNode.class::isInstance)
                .map(JsonNode.class::cast)
                .toList();
    }

    private static boolean fits(Field field, Collection<Object> elements) {
        WithdrawnLast limits = Objects.requireNonNull(field.get(WithdrawnLast.class));
        return elements.size() <= limits.elements()
                && (limits.characters() == Integer.MAX_VALUE
                        || elements.stream()
                                        .mapToInt(e ->
                                                String.valueOf(Specs.json(e)).length())
                                        .sum()
                                <= limits.characters());
    }

    static Object collection(Field field, Collection<Object> elements) {
        return Set.class.isAssignableFrom(field.raw())
                ? Collections.unmodifiableSet(new LinkedHashSet<>(elements))
                : List.copyOf(elements);
    }

    private static Map<String, Object> elements(Field field, Record spec) {
        return field.read(spec) instanceof Collection<?> elements
                ? SpecValues.byKey(field, List.copyOf(elements))
                : Map.of();
    }

    /** Whether two elements grant the same. */
    private static boolean same(@Nullable Object one, @Nullable Object other) {
        if (!(one instanceof Record a) || !(other instanceof Record b)) {
            return SpecValues.same(one, other);
        }
        return SpecModel.of(a.getClass()).fields().stream()
                .allMatch(field -> field.has(PolicyDocument.class)
                        ? PolicyDocuments.canonical((JsonNode) field.read(a))
                                .equals(PolicyDocuments.canonical((JsonNode) field.read(b)))
                        : SpecValues.same(field.read(a), field.read(b)));
    }
}
