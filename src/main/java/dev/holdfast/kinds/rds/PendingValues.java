package dev.holdfast.kinds.rds;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.PendingModifiedValues;

/** A change that waits for the maintenance window counts as made, as far as the desired state is concerned. */
final class PendingValues {
    private PendingValues() {}

    static <V> Function<DBInstance, @Nullable V> or(
            Function<PendingModifiedValues, @Nullable V> pending, Function<DBInstance, @Nullable V> live) {
        return db -> {
            V waiting = db.pendingModifiedValues() == null ? null : pending.apply(db.pendingModifiedValues());
            return waiting == null ? live.apply(db) : waiting;
        };
    }

    static @Nullable Integer port(DBInstance db) {
        Integer pending = db.pendingModifiedValues() == null
                ? null
                : db.pendingModifiedValues().port();
        return pending != null
                ? pending
                : db.endpoint() == null ? null : db.endpoint().port();
    }

    static Set<String> logs(DBInstance db) {
        Set<String> logs = new TreeSet<>(db.enabledCloudwatchLogsExports());
        if (db.pendingModifiedValues() != null && db.pendingModifiedValues().pendingCloudwatchLogsExports() != null) {
            logs.addAll(
                    db.pendingModifiedValues().pendingCloudwatchLogsExports().logTypesToEnable());
            logs.removeAll(
                    db.pendingModifiedValues().pendingCloudwatchLogsExports().logTypesToDisable());
        }
        return logs;
    }
}
