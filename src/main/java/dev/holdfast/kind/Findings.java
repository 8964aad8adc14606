package dev.holdfast.kind;

import dev.holdfast.aws.KmsKeys;
import org.jspecify.annotations.Nullable;

/** Takes what a kind finds wrong in a spec before AWS would. */
public interface Findings<S extends Record> {
    /** Whether the document gives the field a value, known by now or not. */
    boolean declares(Getter<S, ?> field);

    /** Whether the field's value is known by now: false where it is absent, or hangs on an output of another resource. */
    boolean known(Getter<S, ?> field);

    /**
     * @param expected what should be there, and what is: {@code a memory of 512 to 2048 for 256 CPU units, found 4096}
     * @param hint the way out
     */
    void wrong(Getter<S, ?> field, String expected, String hint);

    /** AWS answers the ARN of a key, whatever the request names: an id or an alias would differ in each pass. */
    default void wantsKeyArn(Getter<S, ?> field, @Nullable String key) {
        if (key != null && !key.isEmpty() && !KmsKeys.isArn(key)) {
            wrong(field, "expected the ARN of a key, found \"" + key + "\"", KmsKeys.HINT);
        }
    }
}
