package dev.holdfast.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.Keyed;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.JsonPointers;
import org.jspecify.annotations.Nullable;

/** The position of a difference in a spec, and the properties that apply to all positions below it. */
record FieldPosition(String component, String path, String words, boolean immutable, boolean masked, boolean complete) {
    FieldPosition at(String key) {
        return at(key, key);
    }

    private FieldPosition at(String key, String inWords) {
        return new FieldPosition(
                component, path + "/" + JsonPointers.escaped(key), words + ": " + inWords, immutable, masked, complete);
    }

    /** The position of an element of this collection. */
    FieldPosition element(String key, Object element) {
        return at(key, element instanceof Keyed keyed ? keyed.words(component) : key);
    }

    FieldChange change(
            @Nullable JsonNode desired,
            @Nullable JsonNode observed,
            FieldChange.Cause cause,
            FieldChange.Effect effect) {
        return new FieldChange(path, words, component, desired, observed, cause, effect, false);
    }

    FieldPosition immutable(boolean more) {
        return new FieldPosition(component, path, words, immutable || more, masked, complete);
    }

    /** Whether this is a whole component that may contain more elements than are known. */
    boolean omitsElements() {
        return !complete && path.equals("/" + component);
    }

    /** The same position in a value that may contain more than is known. */
    FieldPosition incomplete() {
        return new FieldPosition(component, path, words, immutable, masked, false);
    }

    FieldPosition masked(boolean more) {
        return new FieldPosition(component, path, words, immutable, masked || more, complete);
    }
}
