package dev.holdfast.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Documents of a kind's resources, first as in its fixture, and then with every field of the fixture changed. */
public record KindLives(String first, List<String> changed) {
    /**
     * @param most the most fields that change at a time
     * @return null if the kind has no fixture
     */
    public static @Nullable KindLives of(Kind<?> kind, int most) {
        FieldFixture fixture = FieldFixture.of(kind);
        if (fixture == null) {
            return null;
        }
        Map<String, FieldCase> perVariant = new TreeMap<>();
        fixture.cases.forEach(c -> perVariant.putIfAbsent(c.variant(), c));
        List<FieldCase> one = List.copyOf(perVariant.values());
        List<String> changed = new ArrayList<>();
        for (int from = 0; from < fixture.cases.size(); from += most) {
            List<FieldCase> some = fixture.cases.subList(from, Math.min(fixture.cases.size(), from + most));
            Map<FieldCase, UnaryOperator<ObjectNode>> changes = new HashMap<>();
            some.forEach(c -> changes.put(c, FieldFixture.changed(c, c.to())));
            changed.add(fixture.documents(some, Map.of()));
            changed.add(fixture.documents(some, changes));
        }
        return new KindLives(fixture.documents(one, Map.of()), changed);
    }

    /** All documents, in order. */
    public List<String> all() {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(changed);
        return all;
    }
}
