package dev.holdfast.kinds.rds;

import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DENIED;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.aws.FaultRule;
import dev.holdfast.kind.Delta;
import dev.holdfast.kind.Findings;
import dev.holdfast.kind.Getter;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.WindowCheck;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.rds.model.CloudwatchLogsExportConfiguration;
import software.amazon.awssdk.services.rds.model.DatabaseInsightsMode;
import software.amazon.awssdk.services.rds.model.PendingCloudwatchLogsExports;

/** The checks and rules that instances and clusters share. */
final class DbChecks {
    private static final int ADVANCED_DAYS = 465;

    private DbChecks() {}

    /** The check of the windows of backups and of maintenance. */
    static <S extends Record> WindowCheck<S> windows(Getter<S, String> backups, Getter<S, String> maintenance) {
        return new WindowCheck<>(backups, maintenance, Duration.ofMinutes(30));
    }

    static <S extends Record> void managed(Findings<S> findings, Getter<S, ?> field, @Nullable Boolean manages) {
        if (Boolean.FALSE.equals(manages)) {
            findings.wrong(
                    field,
                    "expected true, found false: a document must not contain a password",
                    "set manageMasterUserPassword to true: RDS then manages the password");
        }
    }

    static <S extends Record> void insights(
            Findings<S> findings,
            Getter<S, ?> field,
            @Nullable DatabaseInsightsMode mode,
            @Nullable Boolean collects,
            @Nullable Integer days) {
        if (mode == DatabaseInsightsMode.ADVANCED
                && (!Boolean.TRUE.equals(collects) || days == null || days < ADVANCED_DAYS)) {
            findings.wrong(
                    field,
                    "advanced needs enablePerformanceInsights and a performanceInsightsRetentionPeriod of at least 465 days",
                    "set enablePerformanceInsights to true and performanceInsightsRetentionPeriod to 465 or more");
        }
    }

    /**
     * Adds the permissions for the secret of the master password, which RDS creates with the caller's permissions.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html">Password management of
     *     instances</a>
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html">and of
     *     clusters</a>
     */
    static Permissions withSecret(Permissions ofDatabases) {
        return ofDatabases
                .touches("secretsmanager:CreateSecret", "secretsmanager:{region}:{account}:secret:rds!*")
                .touches("secretsmanager:TagResource", "secretsmanager:{region}:{account}:secret:rds!*")
                .touches("kms:DescribeKey", "kms:{region}:{account}:key/*")
                .needsServiceRole("rds.amazonaws.com");
    }

    /** The faults that the calls for instances and for clusters share. */
    static void faults(KindInfo.Builder<?> info) {
        info.fault(FaultRule.of("InvalidDBInstanceState", CONFLICT))
                .fault(FaultRule.of("InvalidDBClusterStateFault", CONFLICT))
                .fault(FaultRule.of("InvalidParameterCombination", "deletion protection", DENIED))
                .fault(FaultRule.of("DBSubnetGroupNotFoundFault", DEPENDENCY))
                .fault(FaultRule.of("KMSKeyNotAccessibleFault", DEPENDENCY))
                .fault(FaultRule.of("StorageQuotaExceeded", QUOTA));
    }

    static CloudwatchLogsExportConfiguration exports(Delta<String> logs) {
        return CloudwatchLogsExportConfiguration.builder()
                .enableLogTypes(logs.added())
                .disableLogTypes(logs.removed())
                .build();
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
}
