package dev.holdfast.kinds.rds;

import dev.holdfast.kind.Unresolved;
import dev.holdfast.model.Phase;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.rds.model.DatabaseInsightsMode;
import software.amazon.awssdk.services.rds.model.PendingCloudwatchLogsExports;

/** The checks and rules that instances and clusters share. */
final class DbChecks {
    static final String NO_PASSWORD = "expected true, found false: a document must not contain a password";
    static final String MANAGED = "set manageMasterUserPassword to true: RDS then manages the password";
    static final String INSIGHTS =
            "advanced needs enablePerformanceInsights and a performanceInsightsRetentionPeriod of at least 465 days";
    static final String SET_INSIGHTS =
            "set enablePerformanceInsights to true and performanceInsightsRetentionPeriod to 465 or more";
    private static final int ADVANCED_DAYS = 465;

    private DbChecks() {}

    static @Nullable String lower(@Nullable String text) {
        return text == null || Unresolved.is(text) ? text : text.toLowerCase(Locale.ROOT);
    }

    static boolean lacksInsights(
            @Nullable DatabaseInsightsMode mode, @Nullable Boolean collects, @Nullable Integer days) {
        return mode == DatabaseInsightsMode.ADVANCED
                && (!Boolean.TRUE.equals(collects) || days == null || days < ADVANCED_DAYS);
    }

    /** The exported logs, with pending changes applied. */
    static Set<String> logs(List<String> enabled, @Nullable PendingCloudwatchLogsExports pending) {
        Set<String> logs = new TreeSet<>(enabled);
        if (pending != null) {
            logs.addAll(pending.logTypesToEnable());
            logs.removeAll(pending.logTypesToDisable());
        }
        return logs;
    }

    /** The names of the members whose change waits for the maintenance window. */
    static List<String> pending(@Nullable SdkPojo values) {
        return values == null
                ? List.of()
                : values.sdkFields().stream()
                        .filter(f -> f.getValueOrDefault(values) != null)
                        .filter(f -> !(f.getValueOrDefault(values) instanceof Collection<?> many && many.isEmpty()))
                        .map(f -> f.memberName())
                        .sorted()
                        .toList();
    }

    /** A status in neither list means that RDS is working on the resource. */
    static Phase phase(String status, Set<String> usable, Set<String> broken) {
        if (usable.contains(status) || broken.contains(status)) {
            return Phase.Steady;
        }
        return switch (status) {
            case "creating" -> Phase.Creating;
            case "deleting" -> Phase.Deleting;
            default -> Phase.Updating;
        };
    }
}
