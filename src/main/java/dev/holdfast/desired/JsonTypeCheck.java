package dev.holdfast.desired;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.PhysicalNames;
import dev.holdfast.kind.Range;
import dev.holdfast.kind.Ref;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.Region;

/** Checks JSON against a type: reports every field that does not fit, and collects the references. */
final class JsonTypeCheck {
    /**
     * A reference and its location.
     *
     * @param ref the kinds that the field may refer to, or null if the field does not restrict them
     * @param whole whether the text is exactly this reference
     */
    record ReferenceUse(
            Reference reference,
            SourceLocation location,
            @Nullable Ref ref,
            boolean deferred,
            boolean whole) {}

    /** The properties of a value that come from the field that contains it. */
    private record FieldContext(
            JsonType.@Nullable FieldType field, @Nullable Ref ref, boolean deferred, boolean secret) {
        FieldContext in(JsonType.FieldType inner) {
            Ref innerRef = inner.ref();
            return new FieldContext(
                    inner, innerRef, deferred || (innerRef != null && innerRef.deferred()), secret || inner.secret());
        }

        /**
         * The context of an element of a list or map: the restriction of references applies to it too, the text format
         * does not.
         */
        FieldContext element() {
            return new FieldContext(null, ref, deferred, secret);
        }
    }

    /** The regions with endpoints in the SDK: a stack in another region cannot be reconciled. */
    private static final List<String> REGIONS = Region.regions().stream()
            .map(Region::id)
            .filter(TextFormat.REGION::matches)
            .toList();

    private final List<Problem> problems;
    /** Whether the values are needed before references have values. */
    private final boolean early;

    private final List<ReferenceUse> uses = new ArrayList<>();

    private JsonTypeCheck(List<Problem> problems, boolean early) {
        this.problems = problems;
        this.early = early;
    }

    /** @return the references in the value, in order */
    static List<ReferenceUse> check(LocatedJson value, JsonType type, List<Problem> problems) {
        return check(value, type, new JsonTypeCheck(problems, false));
    }

    /**
     * Checks a value that is expanded before anything is observed: a reference may stand only for a text, or inside any
     * JSON.
     */
    static void checkEarly(LocatedJson value, JsonType type, List<Problem> problems) {
        check(value, type, new JsonTypeCheck(problems, true));
    }

    private static List<ReferenceUse> check(LocatedJson value, JsonType type, JsonTypeCheck check) {
        if (value.text() != null) {
            // A reference may stand for a value of any type inside the value, but not for the value as a whole.
            check.wrongType(value, "an object", new FieldContext(null, null, false, false));
            return List.of();
        }
        check.value(value, type, new FieldContext(null, null, false, false));
        return check.uses;
    }

    private void value(LocatedJson value, JsonType type, FieldContext around) {
        String text = value.text();
        if (text != null && collect(text, value.location(), around)) {
            boolean late = type instanceof JsonType.AnyType
                    || (type instanceof JsonType.ScalarType s && s.kind() == JsonType.ScalarType.ScalarKind.TEXT);
            if (early && !late) {
                problems.add(value.location()
                        .problem(
                                "expected a value that is known before any resource exists, found " + quoted(text),
                                "write the value out, or take it from a param"));
            }
            return;
        }
        if (value.isNull() && !(type instanceof JsonType.AnyType)) {
            problems.add(value.location().problem("expected a value, found null in a list", "leave the element out"));
            return;
        }
        switch (type) {
            case JsonType.RecordType fields -> fields(value, fields, around);
            case JsonType.ListType many -> many(value, many, around);
            case JsonType.MapType table -> table(value, table, around);
            case JsonType.ChoiceType choice -> choice(value, choice, around);
            case JsonType.ScalarType scalar -> scalar(value, scalar, around);
            case JsonType.AnyType any -> anything(value, any, around);
        }
    }

    /** @return whether the text is exactly one reference, which is allowed for any expected type */
    private boolean collect(String text, SourceLocation location, FieldContext around) {
        boolean whole = Interpolation.isOnePlaceholder(text);
        boolean found = false;
        for (Interpolation.Segment part : Interpolation.parse(text)) {
            Reference reference =
                    part instanceof Interpolation.Placeholder placeholder ? Reference.parse(placeholder.text()) : null;
            if (reference != null) {
                uses.add(new ReferenceUse(reference, location, around.ref(), around.deferred(), whole));
                found = true;
            }
        }
        return whole && found;
    }

    private void fields(LocatedJson value, JsonType.RecordType type, FieldContext around) {
        if (!(value instanceof LocatedJson.Obj object)) {
            wrongType(value, "an object", around);
            return;
        }
        Map<String, JsonType.FieldType> known = type.fields();
        object.members().forEach((name, member) -> {
            JsonType.FieldType field = known.get(name);
            if (field == null) {
                problems.add(member.key()
                        .problem("there is no field \"" + name + "\" here", NameSuggestion.hint(name, known.keySet())));
            } else {
                value(member.value(), field.type(), around.in(field));
            }
        });
        known.values().stream()
                .filter(f -> f.required() && !object.members().containsKey(f.name()))
                .forEach(f -> missing(object, f));
        MemberRules.check(object, type.record(), problems);
    }

    private void missing(LocatedJson.Obj object, JsonType.FieldType field) {
        SourceLocation removed = object.removed().get(field.name());
        String doc = field.doc().isEmpty() ? "" : ": " + field.doc();
        if (removed == null) {
            problems.add(object.location().problem("the field \"" + field.name() + "\" is missing", "add it" + doc));
        } else {
            problems.add(removed.problem(
                    "the field \"" + field.name() + "\" is required, but its value is null", "give it a value" + doc));
        }
    }

    private void many(LocatedJson value, JsonType.ListType type, FieldContext around) {
        if (!(value instanceof LocatedJson.Arr array)) {
            wrongType(value, "a list", around);
            return;
        }
        Set<JsonNode> seen = new HashSet<>();
        for (LocatedJson element : array.elements()) {
            value(element, type.element(), around.element());
            if (type.distinct() && !seen.add(element.toJson())) {
                problems.add(element.location().problem("the list contains the same element twice", "remove one"));
            }
        }
    }

    private void table(LocatedJson value, JsonType.MapType type, FieldContext around) {
        if (!(value instanceof LocatedJson.Obj object)) {
            wrongType(value, "an object", around);
            return;
        }
        object.members().values().forEach(m -> value(m.value(), type.value(), around.element()));
    }

    private void anything(LocatedJson value, JsonType.AnyType any, FieldContext around) {
        switch (value) {
            case LocatedJson.Obj o -> o.members().values().forEach(m -> value(m.value(), any, around.element()));
            case LocatedJson.Arr a -> a.elements().forEach(e -> value(e, any, around.element()));
            case LocatedJson.Value v -> {}
        }
    }

    private void choice(LocatedJson value, JsonType.ChoiceType type, FieldContext around) {
        String text = value.text();
        if (text == null) {
            wrongType(value, "one of " + String.join(", ", type.values()), around);
        } else if (!type.values().contains(text)) {
            problems.add(value.location()
                    .problem(
                            "expected one of " + String.join(", ", type.values()) + ", found "
                                    + found(value, around.secret()),
                            around.secret() ? "write one of them" : NameSuggestion.hint(text, type.values())));
        }
    }

    private void scalar(LocatedJson value, JsonType.ScalarType type, FieldContext around) {
        if (!(value instanceof LocatedJson.Value scalar)) {
            wrongType(value, type.expected(), around);
            return;
        }
        JsonNode json = scalar.json();
        boolean fits = switch (type.kind()) {
            case TEXT -> json.isTextual();
            case INT -> json.isIntegralNumber() && (json.canConvertToInt() || isRanged(around));
            case LONG -> json.isIntegralNumber() && json.canConvertToLong();
            case NUMBER -> json.isNumber();
            case BOOLEAN -> json.isBoolean();
        };
        if (!fits) {
            wrongType(value, type.expected(), around);
        } else if (json.isTextual() && around.field() != null) {
            format(json.textValue(), value.location(), around.field());
        } else if (json.isNumber() && around.field() != null && around.field().range() != null) {
            range(json.decimalValue(), value.location(), around.field().range());
        }
    }

    /** For a number that is too large, a range gives a more precise message than the type. */
    private static boolean isRanged(FieldContext around) {
        return around.field() != null && around.field().range() != null;
    }

    private void range(BigDecimal number, SourceLocation location, Range range) {
        if (number.compareTo(BigDecimal.valueOf(range.min())) < 0
                || number.compareTo(BigDecimal.valueOf(range.max())) > 0) {
            problems.add(location.problem(
                    "expected a number from " + range.min() + " to " + range.max() + ", found " + number,
                    "AWS accepts no other value"));
        }
    }

    private void format(String text, SourceLocation location, JsonType.FieldType field) {
        TextFormat format = field.format();
        // The final value of a text with placeholders is not known yet. A field with a format of its own, however,
        // takes no reference, and params are already substituted: a placeholder that is left there is not valid.
        if (format == null && Interpolation.hasPlaceholder(text)) {
            return;
        }
        boolean region = format == TextFormat.REGION;
        if (format != null && (!format.matches(text) || (region && !REGIONS.contains(text)))) {
            String near = region ? NameSuggestion.to(text, REGIONS) : null;
            problems.add(location.problem(
                    "expected " + format.expected() + ", found " + quoted(text),
                    near == null ? format.hint() : "did you mean \"" + near + "\"?"));
        }
        PhysicalName name = field.physicalName();
        if (name != null) {
            physicalName(text, location, name);
        }
    }

    private void physicalName(String text, SourceLocation location, PhysicalName name) {
        if (text.length() > name.max()) {
            problems.add(location.problem(
                    "expected a name of at most " + name.max() + " characters, found " + text.length() + ": "
                            + quoted(text),
                    "shorten it, or leave the field out to have a name generated"));
        }
        Set<String> illegal = new TreeSet<>();
        text.codePoints().filter(c -> !legal(c, name)).forEach(c -> illegal.add("\"" + Character.toString(c) + "\""));
        if (!PhysicalNames.Rule.of(name).takesStart(text)) {
            String start = name.letterFirst() ? "a letter" : "anything but " + quoted(name.notPrefix());
            problems.add(
                    location.problem("the name " + quoted(text) + " must begin with " + start, "choose another one"));
        }
        if (!illegal.isEmpty()) {
            String also = name.also().isEmpty() ? "" : " and any of " + name.also();
            problems.add(location.problem(
                    "the name " + quoted(text) + " contains characters that AWS does not accept: "
                            + String.join(" ", illegal),
                    "use " + (name.lower() ? "lower-case letters" : "letters") + ", digits, hyphens" + also));
        }
    }

    static boolean legal(int c, PhysicalName name) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z' && !name.lower())
                || (c >= '0' && c <= '9')
                || c == '-'
                || name.also().indexOf(c) >= 0;
    }

    private void wrongType(LocatedJson value, String expected, FieldContext around) {
        problems.add(value.location()
                .problem(
                        "expected " + expected + ", found " + found(value, around.secret()),
                        around.secret() ? "the value is not shown" : typeHint(value, expected)));
    }

    private static String typeHint(LocatedJson value, String expected) {
        JsonNode json = value.toJson();
        if (expected.equals("a string") && value instanceof LocatedJson.Value) {
            return "write \"" + json.asText() + "\"";
        }
        boolean quotedNumber = json.isTextual() && json.textValue().matches("-?[0-9]+(\\.[0-9]+)?");
        boolean quotedBoolean = json.isTextual() && json.textValue().matches("true|false");
        if ((expected.endsWith("number") && quotedNumber) || (expected.equals("true or false") && quotedBoolean)) {
            return "write " + json.textValue() + " without quotes";
        }
        if (expected.equals("a list")) {
            return "put it into [ ]";
        }
        return expected.equals("a whole number") && json.isNumber()
                ? json.isIntegralNumber() ? "the number is too large for this field" : "write it without a fraction"
                : "replace it with " + expected;
    }

    private static String found(LocatedJson value, boolean secret) {
        return switch (value) {
            case LocatedJson.Obj o -> "an object";
            case LocatedJson.Arr a -> "a list";
            case LocatedJson.Value v
            when v.json().isTextual() -> secret ? "a string" : quoted(v.json().textValue());
            case LocatedJson.Value v -> secret ? "another value" : v.json().toString();
        };
    }

    static String quoted(String text) {
        String shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
        return "\"" + shown.replace("\n", "\\n") + "\"";
    }
}
