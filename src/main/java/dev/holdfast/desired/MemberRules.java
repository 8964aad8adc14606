package dev.holdfast.desired;

import dev.holdfast.kind.Excludes;
import dev.holdfast.kind.Needs;
import dev.holdfast.kind.OneOf;
import dev.holdfast.kind.OnlyWith;
import dev.holdfast.kind.SpecModel;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks AWS's rules across the members of one object. An empty list or text counts as absent. */
final class MemberRules {
    private final LocatedJson.Obj object;
    private final List<Problem> problems;

    private MemberRules(LocatedJson.Obj object, List<Problem> problems) {
        this.object = object;
        this.problems = problems;
    }

    static void check(LocatedJson.Obj object, Class<?> record, List<Problem> problems) {
        MemberRules rules = new MemberRules(object, problems);
        for (OneOf oneOf : record.getAnnotationsByType(OneOf.class)) {
            rules.oneOf(List.of(oneOf.value()));
        }
        for (SpecModel.Field field : SpecModel.of(record).fields()) {
            LocatedJson value = rules.given(field.name());
            if (value != null) {
                rules.excludes(field.name(), value, field.get(Excludes.class));
                rules.needs(field.name(), value, field.get(Needs.class));
                rules.onlyWith(field.name(), value, field.get(OnlyWith.class));
            }
        }
    }

    private @Nullable LocatedJson given(String name) {
        LocatedJson value = object.get(name);
        return switch (value) {
            case LocatedJson.Arr a when a.elements().isEmpty() -> null;
            case LocatedJson.Value v when "".equals(v.text()) -> null;
            case null, default -> value;
        };
    }

    private void oneOf(List<String> names) {
        List<String> given = names.stream().filter(name -> given(name) != null).toList();
        if (given.size() != 1) {
            LocatedJson second = given.isEmpty() ? object : Objects.requireNonNull(given(given.get(1)));
            problems.add(second.location()
                    .problem(
                            "expected one of " + String.join(", ", names) + ", found "
                                    + (given.isEmpty() ? "none" : String.join(" and ", given)),
                            given.isEmpty() ? "add one of them" : "leave out all but one"));
        }
    }

    private void excludes(String name, LocatedJson value, @Nullable Excludes rule) {
        names(rule == null ? null : rule.value())
                .filter(other -> given(other) != null)
                .findFirst()
                .ifPresent(other -> problems.add(value.location()
                        .problem("expected " + other + " or " + name + ", found both", "leave one out")));
    }

    private void needs(String name, LocatedJson value, @Nullable Needs rule) {
        names(rule == null ? null : rule.value())
                .filter(other -> given(other) == null)
                .findFirst()
                .ifPresent(other -> problems.add(value.location()
                        .problem(name + " needs " + other + ", which is missing", "add it, or leave out " + name)));
    }

    private void onlyWith(String name, LocatedJson value, @Nullable OnlyWith rule) {
        if (rule == null) {
            return;
        }
        LocatedJson other = given(rule.field());
        String text = other == null ? "" : other.toJson().asText();
        List<String> values = List.of(rule.value());
        if (!values.contains(text) && !Interpolation.hasPlaceholder(text)) {
            String expected = String.join(
                    " or ", values.stream().filter(v -> !v.isEmpty()).toList());
            problems.add(value.location()
                    .problem(
                            name + " is valid only with " + rule.field() + " " + expected + ", found "
                                    + (text.isEmpty() ? "none" : text),
                            "leave it out, or change " + rule.field()));
        }
    }

    private static Stream<String> names(String @Nullable [] names) {
        return names == null ? Stream.of() : Arrays.stream(names);
    }
}
