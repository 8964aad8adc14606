package dev.holdfast.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.desired.Interpolation.Hole;
import dev.holdfast.desired.Interpolation.Literal;
import dev.holdfast.desired.Interpolation.Part;
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
 * Puts params and the stack's own values into documents. Escapes and references stay as they are written: what comes out
 * is text in the language of documents still.
 */
final class Substitution {
    /** What may stand in a hole beside the stack's values. */
    enum Holes {
        PARAMS,
        PARAMS_AND_REFERENCES
    }

    private static final List<String> STACK_VALUES = List.of("stack.name", "stack.region", "stack.account");

    private final Map<String, Located> values;
    private final boolean ready;
    private final @Nullable BiFunction<Reference, Place, @Nullable Located> outputs;
    private final List<Problem> problems;

    /** @param ready whether the params are among the values */
    private Substitution(Map<String, Located> values, boolean ready, List<Problem> problems) {
        this.values = values;
        this.ready = ready;
        this.outputs = null;
        this.problems = problems;
    }

    private Substitution(BiFunction<Reference, Place, @Nullable Located> outputs, List<Problem> problems) {
        this.values = Map.of();
        this.ready = true;
        this.outputs = outputs;
        this.problems = problems;
    }

    /**
     * A second time over documents whose params are in: puts in what composites stand for. What the first time found wrong is
     * left as it is.
     *
     * @param outputs null for references that are no composite's; it reports what is wrong
     */
    static Substitution ofOutputs(BiFunction<Reference, Place, @Nullable Located> outputs, List<Problem> problems) {
        return new Substitution(outputs, problems);
    }

    /**
     * @param params the stack's, or null if it has none; they may hold the stack's values and references, no other params
     * @param stack {@code name}, {@code region}, {@code account}, as far as they are known
     */
    static Substitution of(Located.@Nullable Obj params, Map<String, Located> stack, List<Problem> problems) {
        Map<String, Located> values = new LinkedHashMap<>();
        stack.forEach((name, value) -> values.put("stack." + name, value));
        if (params != null) {
            Substitution own = new Substitution(Map.copyOf(values), false, problems);
            flatten("params", own.in(params, Holes.PARAMS_AND_REFERENCES), values);
        }
        return new Substitution(values, true, problems);
    }

    /** Each value by its path, whole objects and lists too. */
    private static void flatten(String path, Located value, Map<String, Located> into) {
        into.put(path, value);
        switch (value) {
            case Located.Obj o -> o.members().forEach((name, m) -> flatten(path + "." + name, m.value(), into));
            case Located.Arr a -> {
                for (int i = 0; i < a.elements().size(); i++) {
                    flatten(path + "." + i, a.elements().get(i), into);
                }
            }
            case Located.Value v -> {}
        }
    }

    Located in(Located value, Holes allowed) {
        return switch (value) {
            case Located.Value v -> text(v, allowed);
            case Located.Arr a -> {
                List<Located> elements = new ArrayList<>();
                a.elements().forEach(e -> elements.add(in(e, allowed)));
                yield new Located.Arr(a.place(), elements);
            }
            case Located.Obj o -> object(o, allowed);
        };
    }

    Located.Obj object(Located.Obj object, Holes allowed) {
        SequencedMap<String, Located.Member> members = new LinkedHashMap<>();
        object.members().forEach((name, m) -> {
            if (outputs == null && name.contains("${")) {
                problems.add(m.key()
                        .problem(
                                "a name of a field or key holds ${, and only values are interpolated",
                                "write the key out"));
            }
            members.put(name, new Located.Member(m.key(), in(m.value(), allowed)));
        });
        return new Located.Obj(object.place(), members, object.removed());
    }

    private Located text(Located.Value value, Holes allowed) {
        String text = value.text();
        if (text == null || !text.contains("${")) {
            return value;
        }
        List<Part> parts = Interpolation.parse(text);
        if (parts.size() == 1 && parts.getFirst() instanceof Hole hole) {
            Located whole = hole(hole, value.place(), allowed);
            return whole == null ? value : whole.at(value.place().broughtFrom(whole.place()));
        }
        Place place = value.place();
        List<Part> spliced = new ArrayList<>();
        for (Part part : parts) {
            switch (part) {
                case Literal l -> spliced.add(l);
                case Unclosed u -> {
                    spliced.add(u);
                    if (outputs == null) {
                        problems.add(value.place()
                                .problem("expected a } after ${", "close it, or write $${ for the text ${ itself"));
                    }
                }
                case Hole h -> {
                    Located inner = hole(h, value.place(), allowed);
                    spliced.addAll(inner == null ? List.of(h) : spliced(inner, h, value.place()));
                    place = inner == null ? place : place.broughtFrom(inner.place());
                }
            }
        }
        String rendered = Interpolation.render(spliced);
        if (!holes(Interpolation.parse(rendered)).equals(holes(spliced))) {
            problems.add(value.place()
                    .problem(
                            "a $ comes to stand just before a reference, which escapes it",
                            "put the $ into the value"));
        }
        return new Located.Value(place, TextNode.valueOf(rendered));
    }

    private static List<Part> holes(List<Part> parts) {
        return parts.stream().filter(p -> !(p instanceof Literal)).toList();
    }

    private List<Part> spliced(Located inner, Hole hole, Place place) {
        JsonNode json = inner.toJson();
        if (!json.isValueNode() || json.isNull()) {
            problems.add(place.problem(
                    "${" + hole.text() + "} is " + (json.isNull() ? "null" : json.isArray() ? "a list" : "an object")
                            + " and cannot stand inside text",
                    "let the whole text be this one reference, or name a value inside it"));
            return List.of(hole);
        }
        return Interpolation.parse(json.asText());
    }

    /** @return what takes the hole's place, or null if it stays: a reference, or a mistake */
    private @Nullable Located hole(Hole hole, Place place, Holes allowed) {
        String text = hole.text();
        if (outputs != null) {
            Reference reference = Reference.parse(text);
            return reference == null ? null : outputs.apply(reference, place);
        }
        Located value = values.get(text);
        if (value != null) {
            Set<Reference> inside = References.in(value.toJson());
            if (allowed == Holes.PARAMS && !inside.isEmpty()) {
                forbidden(inside.iterator().next().text(), place);
            }
            return value;
        }
        if (text.startsWith("params.") || text.startsWith("stack.")) {
            unknown(text, place);
        } else if (Reference.parse(text) == null) {
            problems.add(place.problem(
                    "${" + text + "} is neither a param nor a reference",
                    "for this very text write $${" + text + "}; for a reference ${Kind/name} or ${Kind/name.output}"));
        } else if (allowed == Holes.PARAMS) {
            forbidden(text, place);
        }
        return null;
    }

    private void forbidden(String text, Place place) {
        problems.add(place.problem(
                "${" + text + "} is a reference, and here only params and stack values are allowed",
                "references belong into spec"));
    }

    private void unknown(String text, Place place) {
        // A stack value that is missing or wrong in the stack's own document has its problem there.
        if (STACK_VALUES.contains(text)) {
            return;
        }
        boolean param = text.startsWith("params.");
        if (param && !ready) {
            problems.add(place.problem(
                    "${" + text + "} stands in a param, and a param takes its value from no other param",
                    "write the value out"));
            return;
        }
        List<String> known = param
                ? values.keySet().stream().filter(k -> k.startsWith("params.")).toList()
                : STACK_VALUES;
        problems.add(place.problem(
                "there is no " + (param ? "param" : "stack value") + " \"" + text + "\"", Nearest.hint(text, known)));
    }
}
