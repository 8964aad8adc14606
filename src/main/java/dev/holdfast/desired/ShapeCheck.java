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

/** Holds JSON against a shape: reports every field that does not fit, and collects the references on the way. */
final class ShapeCheck {
    /**
     * A reference where it stands.
     *
     * @param ref what the field may point to, or null if it says nothing
     * @param whole whether the text is nothing but this reference
     */
    record Use(Reference reference, Place place, @Nullable Ref ref, boolean deferred, boolean whole) {}

    /** What surrounds a value. */
    private record Around(
            Shape.@Nullable Field field, @Nullable Ref ref, boolean deferred, boolean secret) {
        Around in(Shape.Field inner) {
            Ref innerRef = inner.ref();
            return new Around(
                    inner, innerRef, deferred || (innerRef != null && innerRef.deferred()), secret || inner.secret());
        }

        /** An element of a list or map: what the field may point to holds for it too, its form does not. */
        Around element() {
            return new Around(null, ref, deferred, secret);
        }
    }

    /** For hints only: a region that is newer than this list is as good. */
    private static final List<String> REGIONS = Region.regions().stream()
            .map(Region::id)
            .filter(id -> id.matches(Form.REGION))
            .toList();

    private final List<Problem> problems;
    /** Whether values are needed before references have any. */
    private final boolean early;

    private final List<Use> uses = new ArrayList<>();

    private ShapeCheck(List<Problem> problems, boolean early) {
        this.problems = problems;
        this.early = early;
    }

    /** @return the references in it, in order */
    static List<Use> check(Located value, Shape shape, List<Problem> problems) {
        return check(value, shape, new ShapeCheck(problems, false));
    }

    /** The same for what is expanded before anything is observed: a reference stands only for text, or in any JSON. */
    static void checkEarly(Located value, Shape shape, List<Problem> problems) {
        check(value, shape, new ShapeCheck(problems, true));
    }

    private static List<Use> check(Located value, Shape shape, ShapeCheck check) {
        if (value.text() != null) {
            // Inside, a reference may stand for a value of any type; it may not stand for the whole.
            check.wrongType(value, "an object", new Around(null, null, false, false));
            return List.of();
        }
        check.value(value, shape, new Around(null, null, false, false));
        return check.uses;
    }

    private void value(Located value, Shape shape, Around around) {
        String text = value.text();
        if (text != null && collect(text, value.place(), around)) {
            boolean late = shape instanceof Shape.Any
                    || (shape instanceof Shape.Scalar s && s.type() == Shape.Scalar.Type.TEXT);
            if (early && !late) {
                problems.add(value.place()
                        .problem(
                                "expected a value that is known before anything exists, found " + quoted(text),
                                "write the value out, or take it from a param"));
            }
            return;
        }
        if (value.isNull()) {
            problems.add(value.place().problem("expected a value, found null in a list", "leave the element out"));
            return;
        }
        switch (shape) {
            case Shape.Fields fields -> fields(value, fields, around);
            case Shape.Many many -> many(value, many, around);
            case Shape.Table table -> table(value, table, around);
            case Shape.Choice choice -> choice(value, choice, around);
            case Shape.Scalar scalar -> scalar(value, scalar, around);
            case Shape.Any any -> anything(value, any, around);
        }
    }

    /** @return whether the text is exactly one reference, which is allowed where any type is expected */
    private boolean collect(String text, Place place, Around around) {
        boolean whole = Interpolation.isWhole(text);
        boolean found = false;
        for (Interpolation.Part part : Interpolation.parse(text)) {
            Reference reference = part instanceof Interpolation.Hole hole ? Reference.parse(hole.text()) : null;
            if (reference != null) {
                uses.add(new Use(reference, place, around.ref(), around.deferred(), whole));
                found = true;
            }
        }
        return whole && found;
    }

    private void fields(Located value, Shape.Fields shape, Around around) {
        if (!(value instanceof Located.Obj object)) {
            wrongType(value, "an object", around);
            return;
        }
        Map<String, Shape.Field> known = shape.fields();
        object.members().forEach((name, member) -> {
            Shape.Field field = known.get(name);
            if (field == null) {
                problems.add(member.key()
                        .problem("there is no field \"" + name + "\" here", Nearest.hint(name, known.keySet())));
            } else {
                value(member.value(), field.shape(), around.in(field));
            }
        });
        known.values().stream()
                .filter(f -> f.required() && !object.members().containsKey(f.name()))
                .forEach(f -> missing(object, f));
    }

    private void missing(Located.Obj object, Shape.Field field) {
        Place removed = object.removed().get(field.name());
        String doc = field.doc().isEmpty() ? "" : ": " + field.doc();
        if (removed == null) {
            problems.add(object.place().problem("the field \"" + field.name() + "\" is missing", "add it" + doc));
        } else {
            problems.add(removed.problem(
                    "the field \"" + field.name() + "\" is needed, and null takes it away", "give it a value" + doc));
        }
    }

    private void many(Located value, Shape.Many shape, Around around) {
        if (!(value instanceof Located.Arr array)) {
            wrongType(value, "a list", around);
            return;
        }
        Set<JsonNode> seen = new HashSet<>();
        for (Located element : array.elements()) {
            value(element, shape.element(), around.element());
            if (shape.distinct() && !seen.add(element.toJson())) {
                problems.add(element.place().problem("the same element stands in this list twice", "leave one out"));
            }
        }
    }

    private void table(Located value, Shape.Table shape, Around around) {
        if (!(value instanceof Located.Obj object)) {
            wrongType(value, "an object", around);
            return;
        }
        object.members().values().forEach(m -> value(m.value(), shape.value(), around.element()));
    }

    private void anything(Located value, Shape.Any any, Around around) {
        switch (value) {
            case Located.Obj o -> o.members().values().forEach(m -> value(m.value(), any, around.element()));
            case Located.Arr a -> a.elements().forEach(e -> value(e, any, around.element()));
            case Located.Value v -> {}
        }
    }

    private void choice(Located value, Shape.Choice shape, Around around) {
        String text = value.text();
        if (text == null) {
            wrongType(value, "one of " + String.join(", ", shape.values()), around);
        } else if (!shape.values().contains(text)) {
            problems.add(value.place()
                    .problem(
                            "expected one of " + String.join(", ", shape.values()) + ", found "
                                    + found(value, around.secret()),
                            around.secret() ? null : Nearest.hint(text, shape.values())));
        }
    }

    private void scalar(Located value, Shape.Scalar shape, Around around) {
        if (!(value instanceof Located.Value scalar)) {
            wrongType(value, shape.expected(), around);
            return;
        }
        JsonNode json = scalar.json();
        boolean fits = switch (shape.type()) {
            case TEXT -> json.isTextual();
            case WHOLE -> json.isIntegralNumber();
            case NUMBER -> json.isNumber();
            case BOOLEAN -> json.isBoolean();
        };
        if (!fits) {
            wrongType(value, shape.expected(), around);
        } else if (json.isTextual() && around.field() != null) {
            form(json.textValue(), value.place(), around.field());
        } else if (json.isNumber() && around.field() != null && around.field().range() != null) {
            range(json.decimalValue(), value.place(), around.field().range());
        }
    }

    private void range(BigDecimal number, Place place, Range range) {
        if (number.compareTo(BigDecimal.valueOf(range.min())) < 0
                || number.compareTo(BigDecimal.valueOf(range.max())) > 0) {
            problems.add(place.problem(
                    "expected a number from " + range.min() + " to " + range.max() + ", found " + number,
                    "AWS takes no other"));
        }
    }

    private void form(String text, Place place, Shape.Field field) {
        // Spliced text has its form only when it is resolved.
        if (Interpolation.hasHole(text)) {
            return;
        }
        Form form = field.form();
        if (form != null && !text.matches(form.value())) {
            String near = form.value().equals(Form.REGION) ? Nearest.to(text, REGIONS) : null;
            problems.add(place.problem(
                    "expected " + form.expected() + ", found " + quoted(text),
                    near == null ? form.hint() : "did you mean \"" + near + "\"?"));
        }
        PhysicalName name = field.physicalName();
        if (name != null) {
            physicalName(text, place, name);
        }
    }

    private void physicalName(String text, Place place, PhysicalName name) {
        if (text.length() > name.max()) {
            problems.add(place.problem(
                    "expected a name of at most " + name.max() + " characters, found " + text.length() + ": "
                            + quoted(text),
                    "shorten it, or leave the field out and a name is generated"));
        }
        Set<String> illegal = new TreeSet<>();
        text.codePoints().filter(c -> !legal(c, name)).forEach(c -> illegal.add("\"" + Character.toString(c) + "\""));
        if (!PhysicalNames.Rule.of(name).takesStart(text)) {
            String start = name.letterFirst() ? "a letter" : "anything but " + quoted(name.notPrefix());
            problems.add(
                    place.problem("the name " + quoted(text) + " has to begin with " + start, "choose another one"));
        }
        if (!illegal.isEmpty()) {
            String also = name.also().isEmpty() ? "" : " and any of " + name.also();
            problems.add(place.problem(
                    "the name " + quoted(text) + " has characters that AWS does not take: " + String.join(" ", illegal),
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

    private void wrongType(Located value, String expected, Around around) {
        problems.add(value.place()
                .problem(
                        "expected " + expected + ", found " + found(value, around.secret()),
                        around.secret() ? "the value is not shown" : typeHint(value, expected)));
    }

    private static @Nullable String typeHint(Located value, String expected) {
        JsonNode json = value.toJson();
        if (expected.equals("a string") && value instanceof Located.Value) {
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
                ? "write it without a fraction"
                : "replace it with " + expected;
    }

    private static String found(Located value, boolean secret) {
        return switch (value) {
            case Located.Obj o -> "an object";
            case Located.Arr a -> "a list";
            case Located.Value v
            when v.json().isTextual() -> secret ? "a string" : quoted(v.json().textValue());
            case Located.Value v -> secret ? "another value" : v.json().toString();
        };
    }

    static String quoted(String text) {
        String shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
        return "\"" + shown.replace("\n", "\\n") + "\"";
    }
}
