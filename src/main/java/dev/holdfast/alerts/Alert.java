package dev.holdfast.alerts;

import dev.holdfast.model.ResourceId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One alert for people. It never contains a secret.
 *
 * @param stack null: the alert concerns the installation as a whole
 * @param resource null: the alert concerns the stack as a whole
 * @param since when the problem began, or when the event happened
 * @param at when the alert was raised
 * @param members the alerts that this alert combines, each for one resource; empty: a single alert
 */
public record Alert(
        @Nullable String stack,
        @Nullable ResourceId resource,
        String reason,
        AlertSeverity severity,
        AlertPhase phase,
        String message,
        Instant since,
        Instant at,
        List<Alert> members) {
    public enum AlertSeverity {
        /** A person has to act soon: an object is down, lost, or no longer managed. */
        Critical,
        /** A person has to act, but running workloads are not affected. */
        Warning,
        /** No person has to act. */
        Notice
    }

    public enum AlertPhase {
        Began,
        /** The alert was sent before, and the problem persists. */
        Lasts,
        Over,
        /** The problem was over before the alert could be sent. */
        Happened
    }

    AlertMemory.AlertKey key() {
        return new AlertMemory.AlertKey(resource, reason);
    }

    /** The resources that the alert concerns, in order; empty: the stack as a whole. */
    List<ResourceId> resources() {
        return (members.isEmpty() ? Stream.of(this) : members.stream())
                .map(Alert::resource)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Whether both are the same alert in the same phase; their messages may differ. */
    boolean sameAs(Alert other) {
        return at.equals(other.at)
                && phase == other.phase
                && Objects.equals(stack, other.stack)
                && key().equals(other.key());
    }

    /** The alert in one line: {@code Critical: prod EcsService/api RolloutFailed}. */
    public String title() {
        String what = switch (phase) {
            case Began, Happened -> severity.name();
            case Lasts -> severity + " still";
            case Over -> "Over";
        };
        String whose =
                !members.isEmpty() ? " " + members.size() + " resources" : resource == null ? "" : " " + resource;
        return what + ": " + (stack == null ? "the installation" : stack) + whose + " " + reason;
    }
}
