package dev.holdfast.plan;

import dev.holdfast.kind.Specs;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The input of the differ for one resource.
 *
 * @param applied the spec as last applied, with secrets as hashes; null if none is recorded
 * @param granted the elements that updates since then have left in place; null: none
 * @param ignore JSON pointers that are not compared
 * @param bounds the bounds of components with {@link dev.holdfast.kind.Band} that another resource sets
 * @param hasher returns the keyed hash of a secret value
 * @param versioned whether a change registers a new version, which contains only values of the documents
 */
public record DiffInput<S extends Record>(
        Specs.Bound<S> desired,
        S observed,
        @Nullable S applied,
        @Nullable S granted,
        Set<String> ignore,
        Map<String, Bounds> bounds,
        UnaryOperator<String> hasher,
        boolean showEnvironment,
        boolean versioned) {
    /** The input for a resource to which no update has granted anything since its spec was applied. */
    public DiffInput(
            Specs.Bound<S> desired,
            S observed,
            @Nullable S applied,
            Set<String> ignore,
            Map<String, Bounds> bounds,
            UnaryOperator<String> hasher,
            boolean showEnvironment,
            boolean versioned) {
        this(desired, observed, applied, null, ignore, bounds, hasher, showEnvironment, versioned);
    }

    /** Two inclusive bounds. */
    public record Bounds(long min, long max) {
        public long nearest(long value) {
            return Math.max(min, Math.min(max, value));
        }

        public boolean contains(long value) {
            return value >= min && value <= max;
        }
    }
}
