package dev.holdfast.moto;

import dev.holdfast.kind.Kind;
import java.util.List;

/**
 * A test case for a kind against moto.
 *
 * @param name the name of the resource in AWS, or null
 * @param spec the spec with single quotes; names in braces stand for the ids in {@link Surroundings}
 * @param changes the changes, each as the changed members of the spec
 */
record MotoCase(Kind<?> kind, String name, String spec, List<String> changes) {
    static MotoCase of(Kind<?> kind, String name, String spec, String... changes) {
        return new MotoCase(kind, name, spec, List.of(changes));
    }

    @Override
    public String toString() {
        return kind.info().name();
    }
}
