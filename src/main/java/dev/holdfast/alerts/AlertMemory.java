package dev.holdfast.alerts;

import dev.holdfast.model.ResourceId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What has been told of a stack, so that nobody is told twice, and what a sink has not taken yet, so that nothing is lost
 * with a process.
 */
record AlertMemory(List<RememberedAlert> entries) {
    static final AlertMemory NONE = new AlertMemory(List.of());

    AlertMemory {
        entries = List.copyOf(entries);
    }

    /** What alerts are told apart by, within a stack. */
    record AlertKey(@Nullable ResourceId resource, String reason) {}

    /**
     * @param since when it was first seen
     * @param toldAt when it was last told, or null: it has not lasted long enough yet
     * @param phase as it was last told; null like {@code toldAt}
     * @param quietSince since when it is no longer seen, or null
     * @param pending the sinks that have not taken what was last told
     * @param which as {@link AlertCause#which}
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

        RememberedAlert told(Alert.AlertPhase how, String words, Instant now, Set<String> sinks) {
            return new RememberedAlert(resource, reason, severity, words, since, now, how, quietSince, sinks, which);
        }

        RememberedAlert delivered(String sink) {
            Set<String> left = new TreeSet<>(pending);
            left.remove(sink);
            return new RememberedAlert(
                    resource, reason, severity, message, since, toldAt, phase, quietSince, left, which);
        }

        /** What was last told, or null if nothing was. */
        @Nullable
        Alert alert(String stack) {
            return toldAt == null || phase == null
                    ? null
                    : new Alert(stack, resource, reason, severity, phase, message, since, toldAt);
        }
    }

    Map<AlertKey, RememberedAlert> byKey() {
        Map<AlertKey, RememberedAlert> all = new LinkedHashMap<>();
        entries.forEach(e -> all.put(e.key(), e));
        return all;
    }

    /** A sink has taken an alert, or never will: what is over needs no memory any more. */
    AlertMemory delivered(Alert alert, String sink) {
        return new AlertMemory(entries.stream()
                .map(e -> alert.at().equals(e.toldAt()) && e.key().equals(alert.key()) ? e.delivered(sink) : e)
                .filter(e -> e.phase() != Alert.AlertPhase.Over || !e.pending().isEmpty())
                .toList());
    }

    /** What another memory of the same stack has beside this one. */
    AlertMemory with(AlertMemory older) {
        Map<AlertKey, RememberedAlert> all = older.byKey();
        all.putAll(byKey());
        return new AlertMemory(List.copyOf(all.values()));
    }
}
