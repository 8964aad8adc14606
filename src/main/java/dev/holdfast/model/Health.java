package dev.holdfast.model;

import org.jspecify.annotations.Nullable;

/** The resource's own health (the Ready condition). It is independent of whether the resource is as desired. */
public record Health(Ready ready, String reason, @Nullable String message) {
    public static final Health AVAILABLE = new Health(Ready.True, "Available", null);

    public enum Ready {
        True,
        False,
        Unknown
    }

    public static Health notReady(String reason, @Nullable String message) {
        return new Health(Ready.False, reason, message);
    }

    public static Health unknown(String reason, @Nullable String message) {
        return new Health(Ready.Unknown, reason, message);
    }
}
