package dev.holdfast.moto;

import dev.holdfast.kind.Kind;
import java.util.List;

/**
 * A kind against moto.
 *
 * @param name that AWS knows it by, or null
 * @param spec with single quotes, and the names in braces of what stands around it
 * @param changes each the changed members of the spec
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
