package dev.holdfast.alerts;

import dev.holdfast.model.DueTime;
import dev.holdfast.model.ResourceId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The alerts of a stack that were sent, so that no alert is sent twice, and the sinks that have not accepted them yet,
 * so that no alert is lost when the process ends.
 */
record AlertMemory(List<RememberedAlert> entries) {
    static final AlertMemory NONE = new AlertMemory(List.of());

    AlertMemory {
        entries = List.copyOf(entries);
    }

    /** Identifies an alert within a stack. */
    record AlertKey(@Nullable ResourceId resource, String reason) {}

    /**
     * @param since when the problem was first seen
     * @param toldAt when the alert was last sent, or null if the problem has not lasted long enough yet
     * @param phase the phase that was last sent; null if {@code toldAt} is null
     * @param quietSince the time since which the problem is no longer seen, or null
     * @param pending the sinks that have not accepted the last message yet
     * @param which see {@link AlertCause#which}
     */
    record RememberedAlert(
            @Nullable ResourceId resource,
            String reason,
            Alert.AlertSeverity severity,
            String message,
            Instant since,
            @Nullable Instant toldAt,
            Alert.@Nullable AlertPhase phase,
            @Nullable Instant quietSince,
            Set<String> pending,
            @Nullable String which) {
        RememberedAlert {
            pending = pending == null ? Set.of() : Set.copyOf(pending);
        }

        static RememberedAlert seen(AlertCause cause, Instant now) {
            return new RememberedAlert(
                    cause.key().resource(),
                    cause.key().reason(),
                    cause.severity(),
                    cause.message(),
                    now,
                    null,
                    null,
                    null,
                    Set.of(),
                    cause.which());
        }

        AlertKey key() {
            return new AlertKey(resource, reason);
        }

        boolean open() {
            return phase == Alert.AlertPhase.Began || phase == Alert.AlertPhase.Lasts;
        }

        RememberedAlert again() {
            return new RememberedAlert(resource, reason, severity, message, since, toldAt, phase, null, pending, which);
        }

        RememberedAlert quiet(Instant from) {
            return new RememberedAlert(
                    resource,
                    reason,
                    severity,
                    message,
                    since,
                    toldAt,
                    phase,
                    quietSince == null ? from : quietSince,
                    pending,
                    which);
        }

        /** The same alert; a problem that a clock saw before it went back counts as seen now. */
        private RememberedAlert notAfter(Instant now) {
            Instant from = DueTime.wentBack(since, now) ? now : since;
            Instant calm = quietSince != null && DueTime.wentBack(quietSince, now) ? now : quietSince;
            return new RememberedAlert(resource, reason, severity, message, from, toldAt, phase, calm, pending, which);
        }

        RememberedAlert sent(Alert.AlertPhase how, String words, Instant now, Set<String> sinks) {
            return new RememberedAlert(resource, reason, severity, words, since, now, how, quietSince, sinks, which);
        }

        RememberedAlert delivered(String sink) {
            Set<String> left = new TreeSet<>(pending);
            left.remove(sink);
            return new RememberedAlert(
                    resource, reason, severity, message, since, toldAt, phase, quietSince, left, which);
        }

        /** The message that was sent last, or null if no message was sent. */
        @Nullable
        Alert alert(@Nullable String stack) {
            return toldAt == null || phase == null
                    ? null
                    : new Alert(stack, resource, reason, severity, phase, message, since, toldAt, List.of());
        }
    }

    List<RememberedAlert> open() {
        return entries.stream().filter(RememberedAlert::open).toList();
    }

    /** This memory without times of a clock that went back since. When an alert was sent stays, because it names it. */
    AlertMemory notAfter(Instant now) {
        return new AlertMemory(entries.stream().map(e -> e.notAfter(now)).toList());
    }

    Map<AlertKey, RememberedAlert> byKey() {
        Map<AlertKey, RememberedAlert> all = new LinkedHashMap<>();
        entries.forEach(e -> all.put(e.key(), e));
        return all;
    }

    /**
     * Records that a sink has accepted an alert or never will. An alert is forgotten when it is over and every sink has
     * received it.
     */
    AlertMemory delivered(Alert alert, String sink) {
        return new AlertMemory(entries.stream()
                .map(e -> alert.at().equals(e.toldAt()) && e.key().equals(alert.key()) ? e.delivered(sink) : e)
                .filter(e -> e.phase() != Alert.AlertPhase.Over || !e.pending().isEmpty())
                .toList());
    }

    /** The problems that have not lasted long enough for an alert yet. */
    AlertMemory untold() {
        return new AlertMemory(entries.stream().filter(e -> e.toldAt() == null).toList());
    }

    /**
     * This memory with the alerts added that only the stored memory of the same stack contains. A stored alert replaces
     * a problem that this memory has not reported.
     */
    AlertMemory with(AlertMemory stored) {
        Map<AlertKey, RememberedAlert> all = stored.byKey();
        byKey().forEach((key, entry) -> {
            if (entry.toldAt() != null || !all.containsKey(key)) {
                all.put(key, entry);
            }
        });
        return new AlertMemory(List.copyOf(all.values()));
    }
}
