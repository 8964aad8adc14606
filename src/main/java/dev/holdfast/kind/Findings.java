package dev.holdfast.kind;

import dev.holdfast.aws.KmsKeys;
import org.jspecify.annotations.Nullable;

/** Collects the errors that a kind finds in a spec before AWS rejects it. */
public interface Findings<S extends Record> {
    /** Whether the document sets the field, even if its value is still unresolved. */
    boolean declares(Getter<S, ?> field);

    /**
     * Whether the field has a value that is resolved: false if it is absent, or depends on an unknown output of another
     * resource.
     */
    boolean known(Getter<S, ?> field);

    /**
     * @param expected the expected value and the value found: {@code a memory of 512 to 2048 for 256 CPU units, found
     *     4096}
     * @param hint how the user can correct the document
     */
    void wrong(Getter<S, ?> field, String expected, String hint);

    /** Reports a field whose value is above its upper bound, which another field sets. */
    default void atMost(
            Getter<S, Integer> bound, @Nullable Integer most, Getter<S, Integer> field, @Nullable Integer value) {
        if (value != null && most != null && value > most) {
            String name = Components.nameOf(bound);
            wrong(
                    field,
                    "expected at most " + name + ", " + most + ", found " + value,
                    "lower " + Components.nameOf(field) + ", or raise " + name);
        }
    }

    /**
     * Reports a key that is not named by its ARN. AWS always returns the ARN, so an id or an alias would differ in each
     * pass.
     */
    default void wantsKeyArn(Getter<S, ?> field, @Nullable String key) {
        if (key != null && !key.isEmpty() && !KmsKeys.isArn(key)) {
            wrong(field, "expected the ARN of a key, found \"" + key + "\"", KmsKeys.HINT);
        }
    }
}
