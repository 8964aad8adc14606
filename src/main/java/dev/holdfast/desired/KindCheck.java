package dev.holdfast.desired;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Components;
import dev.holdfast.kind.Findings;
import dev.holdfast.kind.Getter;
import dev.holdfast.kind.Key;
import dev.holdfast.kind.Keyed;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.Specs;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Has a kind search a spec, whose fields have the right types, for values that AWS would refuse. */
final class KindCheck<S extends Record> implements Findings<S> {
    private final LocatedJson.Obj spec;
    private final Specs.Bound<S> bound;
    private final List<Problem> problems;

    private KindCheck(LocatedJson.Obj spec, Specs.Bound<S> bound, List<Problem> problems) {
        this.spec = spec;
        this.bound = bound;
        this.problems = problems;
    }

    /** @param spec a spec without problems so far, with params substituted */
    static <S extends Record> void check(Kind<S> kind, LocatedJson.Obj spec, List<Problem> problems) {
        ObjectNode json = References.resolve((ObjectNode) spec.toJson(), reference -> null);
        Specs.Bound<S> bound = Specs.bind(kind.info().spec(), json);
        // Elements with unresolved references are checked too: only the texts of the references are not known.
        S whole = Specs.read(kind.info().spec(), json.deepCopy().without(bound.unresolved()));
        KindCheck<S> check = new KindCheck<>(spec, bound, problems);
        for (SpecModel.Field field : SpecModel.of(whole.getClass()).fields()) {
            check.unique(field, field.read(whole), field.name());
        }
        kind.check(whole, check);
    }

    /** AWS takes two elements with the same key for one object. The values are in their normal form here. */
    private void unique(SpecModel.Field field, @Nullable Object value, String top) {
        Set<String> keys = new HashSet<>();
        for (Object one : value instanceof Collection<?> many ? many : value == null ? List.of() : List.of(value)) {
            if (!(one instanceof Record record)) {
                continue;
            }
            String key = value instanceof Collection<?> ? key(field, record) : null;
            if (key != null && !keys.add(key)) {
                wrong(top, "two elements of " + field.name() + " are the same to AWS: " + key, "leave one out");
            }
            for (SpecModel.Field inner : SpecModel.of(record.getClass()).fields()) {
                unique(inner, inner.read(record), top);
            }
        }
    }

    private static @Nullable String key(SpecModel.Field field, Record element) {
        Key key = field.get(Key.class);
        if (key == null) {
            return element instanceof Keyed keyed ? keyed.key() : null;
        }
        SpecModel model = SpecModel.of(element.getClass());
        return Arrays.stream(key.value())
                .map(name -> String.valueOf(model.field(name).orElseThrow().read(element)))
                .collect(Collectors.joining(", "));
    }

    @Override
    public boolean declares(Getter<S, ?> field) {
        return spec.members().containsKey(Components.nameOf(field));
    }

    @Override
    public boolean known(Getter<S, ?> field) {
        return declares(field) && !bound.unresolved().contains(Components.nameOf(field));
    }

    @Override
    public void wrong(Getter<S, ?> field, String expected, String hint) {
        wrong(Components.nameOf(field), expected, hint);
    }

    private void wrong(String field, String expected, String hint) {
        LocatedJson value = spec.get(field);
        problems.add((value == null ? spec.location() : value.location()).problem(expected, hint));
    }
}
