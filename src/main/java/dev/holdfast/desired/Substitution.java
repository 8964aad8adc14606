package dev.holdfast.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.desired.Interpolation.Literal;
import dev.holdfast.desired.Interpolation.Placeholder;
import dev.holdfast.desired.Interpolation.Segment;
import dev.holdfast.desired.Interpolation.Unclosed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Substitutes params and the stack's own values in documents. References and escapes stay as they are: the result has
 * the syntax of documents again.
 */
final class Substitution {
    /** The targets that a placeholder may have, in addition to the stack's values. */
    enum AllowedPlaceholders {
        PARAMS,
        PARAMS_AND_REFERENCES
    }

    private static final List<String> STACK_VALUES = List.of("stack.name", "stack.region", "stack.account");

    private final Map<String, LocatedJson> values;
    private final boolean ready;
    private final @Nullable BiFunction<Reference, SourceLocation, @Nullable LocatedJson> outputs;
    private final List<Problem> problems;
    private final InputBudget budget;

    /** @param ready whether the values include the params */
    private Substitution(Map<String, LocatedJson> values, boolean ready, List<Problem> problems, InputBudget budget) {
        this.budget = budget;
        this.values = values;
        this.ready = ready;
        this.outputs = null;
        this.problems = problems;
    }

    private Substitution(BiFunction<Reference, SourceLocation, @Nullable LocatedJson> outputs, List<Problem> problems) {
        this.budget = new InputBudget();
        this.values = Map.of();
        this.ready = true;
        this.outputs = outputs;
        this.problems = problems;
    }

    /**
     * The second substitution: inserts the outputs of composites into documents whose params are substituted already.
     * It does not report the problems of the first one again.
     *
     * @param outputs returns null for a reference that is not to a composite, and reports problems
     */
    static Substitution ofOutputs(
            BiFunction<Reference, SourceLocation, @Nullable LocatedJson> outputs, List<Problem> problems) {
        return new Substitution(outputs, problems);
    }

    /**
     * @param params the stack's params, or null if it has none; they may contain the stack's values and references, but
     *     no other params
     * @param budget counts the values that params insert
     * @param stack {@code name}, {@code region} and {@code account}, as far as they are known
     */
    static Substitution of(
            LocatedJson.@Nullable Obj params,
            Map<String, LocatedJson> stack,
            List<Problem> problems,
            InputBudget budget) {
        Map<String, LocatedJson> values = new LinkedHashMap<>();
        stack.forEach((name, value) -> values.put("stack." + name, value));
        if (params != null) {
            Substitution own = new Substitution(Map.copyOf(values), false, problems, budget);
            flatten("params", own.in(params, AllowedPlaceholders.PARAMS_AND_REFERENCES), values);
        }
        return new Substitution(values, true, problems, budget);
    }

    /** Adds each value by its path, including whole objects and lists. */
    private static void flatten(String path, LocatedJson value, Map<String, LocatedJson> into) {
        into.put(path, value);
        switch (value) {
            case LocatedJson.Obj o -> o.members().forEach((name, m) -> flatten(path + "." + name, m.value(), into));
            case LocatedJson.Arr a -> {
                for (int i = 0; i < a.elements().size(); i++) {
                    flatten(path + "." + i, a.elements().get(i), into);
                }
            }
            case LocatedJson.Value v -> {}
        }
    }

    LocatedJson in(LocatedJson value, AllowedPlaceholders allowed) {
        return switch (value) {
            case LocatedJson.Value v -> text(v, allowed);
            case LocatedJson.Arr a -> {
                List<LocatedJson> elements = new ArrayList<>();
                a.elements().forEach(e -> elements.add(in(e, allowed)));
                yield new LocatedJson.Arr(a.location(), elements);
            }
            case LocatedJson.Obj o -> object(o, allowed);
        };
    }

    LocatedJson.Obj object(LocatedJson.Obj object, AllowedPlaceholders allowed) {
        SequencedMap<String, LocatedJson.Member> members = new LinkedHashMap<>();
        object.members().forEach((name, m) -> {
            if (outputs == null && name.contains("${")) {
                problems.add(m.key()
                        .problem(
                                "the name of a field or key contains ${, but only values are interpolated",
                                "write the key out"));
            }
            members.put(name, new LocatedJson.Member(m.key(), in(m.value(), allowed)));
        });
        return new LocatedJson.Obj(object.location(), members, object.removed());
    }

    private LocatedJson text(LocatedJson.Value value, AllowedPlaceholders allowed) {
        String text = value.text();
        if (text == null || !text.contains("${")) {
            return value;
        }
        List<Segment> parts = Interpolation.parse(text);
        if (parts.size() == 1 && parts.getFirst() instanceof Placeholder placeholder) {
            LocatedJson whole = placeholder(placeholder, value.location(), allowed);
            if (whole == null) {
                return value;
            }
            budget.spend(whole, value.location());
            return whole.at(value.location().broughtFrom(whole.location()));
        }
        SourceLocation location = value.location();
        List<Segment> spliced = new ArrayList<>();
        for (Segment part : parts) {
            switch (part) {
                case Literal l -> spliced.add(l);
                case Unclosed u -> {
                    spliced.add(u);
                    if (outputs == null) {
                        problems.add(value.location()
                                .problem("expected a } after ${", "close it, or write $${ for the text ${ itself"));
                    }
                }
                case Placeholder h -> {
                    LocatedJson inner = placeholder(h, value.location(), allowed);
                    spliced.addAll(inner == null ? List.of(h) : spliced(inner, h, value.location()));
                    location = inner == null ? location : location.broughtFrom(inner.location());
                }
            }
        }
        String rendered = Interpolation.render(spliced);
        budget.spendCharacters(rendered.length(), value.location());
        if (!placeholders(Interpolation.parse(rendered)).equals(placeholders(spliced))) {
            problems.add(value.location()
                    .problem(
                            "after the substitution a $ precedes a reference and escapes it",
                            "put the $ into the value"));
        }
        return new LocatedJson.Value(location, TextNode.valueOf(rendered));
    }

    private static List<Segment> placeholders(List<Segment> parts) {
        return parts.stream().filter(p -> !(p instanceof Literal)).toList();
    }

    private List<Segment> spliced(LocatedJson inner, Placeholder placeholder, SourceLocation location) {
        JsonNode json = inner.toJson();
        if (!json.isValueNode() || json.isNull()) {
            problems.add(location.problem(
                    "${" + placeholder.text() + "} is "
                            + (json.isNull() ? "null" : json.isArray() ? "a list" : "an object")
                            + " and cannot stand inside text",
                    "use the reference as the whole text, or refer to a value inside it"));
            return List.of(placeholder);
        }
        return Interpolation.parse(json.asText());
    }

    /** @return the value of the placeholder, or null if the placeholder stays: a reference, or a mistake */
    private @Nullable LocatedJson placeholder(
            Placeholder placeholder, SourceLocation location, AllowedPlaceholders allowed) {
        String text = placeholder.text();
        if (outputs != null) {
            Reference reference = Reference.parse(text);
            return reference == null ? null : outputs.apply(reference, location);
        }
        LocatedJson value = values.get(text);
        if (value != null) {
            Set<Reference> inside = References.in(value.toJson());
            if (allowed == AllowedPlaceholders.PARAMS && !inside.isEmpty()) {
                forbidden(inside.iterator().next().text(), location);
            }
            return value;
        }
        if (text.startsWith("params.") || text.startsWith("stack.")) {
            unknown(text, location);
        } else if (Reference.parse(text) == null) {
            problems.add(location.problem(
                    "${" + text + "} is neither a param nor a reference",
                    "for this literal text write $${" + text
                            + "}; a reference is ${Kind/name} or ${Kind/name.output}"));
        } else if (allowed == AllowedPlaceholders.PARAMS) {
            forbidden(text, location);
        }
        return null;
    }

    private void forbidden(String text, SourceLocation location) {
        problems.add(location.problem(
                "${" + text + "} is a reference, but only params and stack values are allowed here",
                "use references only in spec"));
    }

    private void unknown(String text, SourceLocation location) {
        // If a stack value is missing or wrong in the stack's own document, that was reported there.
        if (STACK_VALUES.contains(text)) {
            return;
        }
        boolean param = text.startsWith("params.");
        if (param && !ready) {
            problems.add(location.problem(
                    "${" + text + "} is used in a param, but a param cannot refer to another param",
                    "write the value out"));
            return;
        }
        List<String> known = param
                ? values.keySet().stream().filter(k -> k.startsWith("params.")).toList()
                : STACK_VALUES;
        problems.add(location.problem(
                "there is no " + (param ? "param" : "stack value") + " \"" + text + "\"",
                NameSuggestion.hint(text, known)));
    }
}
