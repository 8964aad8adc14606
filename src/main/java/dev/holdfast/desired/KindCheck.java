package dev.holdfast.desired;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Components;
import dev.holdfast.kind.Findings;
import dev.holdfast.kind.Getter;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.Specs;
import java.util.List;

/** Lets a kind check a spec whose fields have the right types for values that AWS would refuse. */
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
        kind.check(bound.spec(), new KindCheck<>(spec, bound, problems));
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
        LocatedJson value = spec.get(Components.nameOf(field));
        problems.add((value == null ? spec.location() : value.location()).problem(expected, hint));
    }
}
