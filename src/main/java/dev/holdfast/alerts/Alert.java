package dev.holdfast.alerts;

import dev.holdfast.model.ResourceId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One thing that somebody is told; never holds a secret.
 *
 * @param resource null: the stack as a whole
 * @param since when what it tells of began, or happened
 * @param at when it was decided to tell
 * @param members the alerts that this one tells together, each of a resource; empty: it is one by itself
 */
public record Alert(
        String stack,
        @Nullable ResourceId resource,
        String reason,
        AlertSeverity severity,
        AlertPhase phase,
        String message,
        Instant since,
        Instant at,
        List<Alert> members) {
    public Alert(
            String stack,
            @Nullable ResourceId resource,
            String reason,
            AlertSeverity severity,
            AlertPhase phase,
            String message,
            Instant since,
            Instant at) {
        this(stack, resource, reason, severity, phase, message, since, at, List.of());
    }

    public enum AlertSeverity {
        /** Somebody has to act soon: something is down, lost, or no longer looked after. */
        Critical,
        /** Somebody has to act, but what runs goes on as it is. */
        Warning,
        /** Nobody has to act. */
        Notice
    }

    public enum AlertPhase {
        Began,
        /** Told before, and still so. */
        Lasts,
        Over,
        /** Began and was over before anybody could be told. */
        Happened
    }

    AlertMemory.AlertKey key() {
        return new AlertMemory.AlertKey(resource, reason);
    }

    /** The resources that it tells of, in order; empty: the stack as a whole. */
    List<ResourceId> resources() {
        return (members.isEmpty() ? Stream.of(this) : members.stream())
                .map(Alert::resource)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Whether both are the same telling, whatever the words. */
    boolean sameAs(Alert other) {
        return at.equals(other.at) && phase == other.phase && stack.equals(other.stack) && key().equals(other.key());
    }

    /** What it is about, in one line: {@code Critical: prod EcsService/api RolloutFailed}. */
    public String title() {
        String what = switch (phase) {
            case Began, Happened -> severity.name();
            case Lasts -> severity + " still";
            case Over -> "Over";
        };
        String whose =
                !members.isEmpty() ? " " + members.size() + " resources" : resource == null ? "" : " " + resource;
        return what + ": " + stack + whose + " " + reason;
    }
}
