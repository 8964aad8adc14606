package dev.holdfast.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One field that differs, ready to be shown: sensitive values are masked already.
 *
 * @param path like a JSON pointer, with collection elements by their key: {@code /ingress/tcp:22:0.0.0.0~10}
 * @param words the field for people to read: {@code ingress: tcp 22 from 0.0.0.0/0}
 * @param component the top-level field of the spec that contains the field
 * @param desired null: the element is to be removed, or the field is released
 * @param observed null: the field does not exist in AWS
 * @param effect what the change does to the resource
 * @param knownAfterApply the desired value depends on an output that does not exist yet
 */
public record FieldChange(
        String path,
        String words,
        String component,
        @Nullable JsonNode desired,
        @Nullable JsonNode observed,
        Cause cause,
        Effect effect,
        boolean knownAfterApply) {
    /** Another principal changed an owned value, and its desired value has not changed. */
    public boolean isDrift() {
        return cause == Cause.Drift && effect != Effect.Released;
    }

    /** Whether only a replacement of the resource can change the field. */
    public boolean forcesReplacement() {
        return effect == Effect.Replace;
    }

    /** The same change with another cause. */
    public FieldChange because(Cause other) {
        return new FieldChange(path, words, component, desired, observed, other, effect, knownAfterApply);
    }

    public FieldChange {
        Objects.requireNonNull(path, "path is missing");
        Objects.requireNonNull(component, "component is missing");
        Objects.requireNonNull(cause, "cause is missing");
        Objects.requireNonNull(effect, "effect is missing");
        // Drift that an older version recorded has no words.
        words = words == null ? words(path) : words;
    }

    /** The words of a field of which only the path is known. */
    public static String words(String path) {
        return String.join(": ", JsonPointers.names(path));
    }

    public enum Cause {
        /**
         * The desired value has not changed since it was last applied: another principal changed the observed value.
         */
        Drift,
        /** The desired value has changed since it was last applied. */
        PendingChange,
        /** The state has no record of the value that was last applied. */
        Unrecorded
    }

    public enum Effect {
        Update,
        /** The field is immutable: only a replacement can change it. */
        Replace,
        /** The field is no longer owned and stays as it is. */
        Released
    }
}
