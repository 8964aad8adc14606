package dev.holdfast.plan;

import dev.holdfast.kind.Specs;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The input of the differ for one resource.
 *
 * @param applied the spec as last applied, secrets as hashes; null: nothing is recorded
 * @param ignore JSON pointers that are not compared
 * @param bounds of components with {@link dev.holdfast.kind.Band}, where another resource sets them
 * @param hasher keyed hash of a secret value
 * @param versioned a change registers a new version, which keeps nothing that the documents no longer contain
 */
public record DiffInput<S extends Record>(
        Specs.Bound<S> desired,
        S observed,
        @Nullable S applied,
        Set<String> ignore,
        Map<String, Bounds> bounds,
        UnaryOperator<String> hasher,
        boolean showEnvironment,
        boolean versioned) {
    /** Both inclusive. */
    public record Bounds(long min, long max) {
        public long nearest(long value) {
            return Math.max(min, Math.min(max, value));
        }

        public boolean contains(long value) {
            return value >= min && value <= max;
        }
    }
}
