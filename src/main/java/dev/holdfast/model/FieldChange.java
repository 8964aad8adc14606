package dev.holdfast.model;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One field that differs, ready to be shown: sensitive values are masked already.
 *
 * @param path JSON-pointer-like, collection elements by their key: {@code /ingress/tcp:22:0.0.0.0~10}
 * @param component the top-level field of the spec that it lies in
 * @param desired null: the element is to go, or the field is released
 * @param observed null: it is not there
 * @param effect what it does to the resource
 * @param knownAfterApply the desired value hangs on an output that does not exist yet
 */
public record FieldChange(
        String path,
        String component,
        @Nullable JsonNode desired,
        @Nullable JsonNode observed,
        Cause cause,
        Effect effect,
        boolean knownAfterApply) {
    public enum Cause {
        /** The desired value has not changed since it was applied: somebody else changed the observed one. */
        Drift,
        /** The desired value has changed since it was applied. */
        PendingChange,
        /** Nothing is recorded of what was applied. */
        Unrecorded
    }

    public enum Effect {
        Update,
        /** Immutable: only a replacement brings it. */
        Replace,
        /** No longer owned: left as it is. */
        Released
    }
}
