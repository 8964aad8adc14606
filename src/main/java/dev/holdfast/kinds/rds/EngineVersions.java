package dev.holdfast.kinds.rds;

import dev.holdfast.kind.Unresolved;
import dev.holdfast.model.SupportEnd;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.LifecycleSupportName;

/**
 * The versions of database engines. The number of parts in a major version depends on the engine.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html">Upgrading</a>
 */
final class EngineVersions {
    /** The reason why an upgrade to another major version needs an approval. */
    private static final String MAJOR =
            "another major version of the engine: the database is offline for minutes to hours,"
                    + " and the only way back is the snapshot that RDS takes before";

    /**
     * For an instance: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html; for a
     * cluster:
     * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Modifying.html#Aurora.Modifying.Settings
     */
    private static final String PORT =
            "another port: the database restarts at once, whatever the maintenance window, and"
                    + " clients that use the old port no longer reach it";

    private EngineVersions() {}

    /** {@code 15} for PostgreSQL 15.7, {@code 8.0} for MySQL 8.0.40, {@code 10.11} for MariaDB 10.11.9. */
    static String major(String engine, String version) {
        String[] parts = version.split("\\.");
        int length = engine.endsWith("postgres") || engine.endsWith("postgresql") ? 1 : 2;
        return String.join(".", Arrays.copyOf(parts, Math.min(length, parts.length)));
    }

    /** @param wanted a version or its beginning; a version older than {@code there} is no upgrade */
    static boolean isMajorUpgrade(@Nullable String engine, @Nullable String there, @Nullable String wanted) {
        if (engine == null || there == null || wanted == null || Unresolved.is(wanted)) {
            return false;
        }
        int[] old = numbers(major(engine, there));
        int[] next = numbers(major(engine, wanted));
        return Arrays.compare(Arrays.copyOf(old, Math.min(old.length, next.length)), next) < 0;
    }

    static boolean isOlder(String version, String other) {
        return Arrays.compare(numbers(version), numbers(other)) < 0;
    }

    /**
     * The reasons why changes of these fields need an approval.
     *
     * @param group the field of the parameter group: RDS requires a group of the new family in the same call
     */
    static Map<String, String> approvals(
            @Nullable String engine, @Nullable String there, @Nullable String wanted, String group) {
        return isMajorUpgrade(engine, there, wanted)
                ? Map.of("engineVersion", MAJOR, group, MAJOR, "port", PORT)
                : Map.of("port", PORT);
    }

    /** The end of standard support; null: RDS reports no end. */
    static @Nullable SupportEnd support(RdsClient rds, String engine, String version) {
        String major = major(engine, version);
        return rds
                .describeDBMajorEngineVersionsPaginator(r -> r.engine(engine).majorEngineVersion(major))
                .dbMajorEngineVersions()
                .stream()
                .flatMap(v -> v.supportedEngineLifecycles().stream())
                .filter(l -> l.lifecycleSupportName() == LifecycleSupportName.OPEN_SOURCE_RDS_STANDARD_SUPPORT)
                .map(l -> new SupportEnd(
                        engine + " " + major,
                        "AWS's standard support of " + engine + " " + major,
                        l.lifecycleSupportEndDate(),
                        "then RDS charges for Extended Support, or, if Extended Support is off, upgrades the"
                                + " engine to the next major version"))
                .findFirst()
                .orElse(null);
    }

    private static int[] numbers(String version) {
        return Arrays.stream(version.split("\\."))
                .mapToInt(part -> part.matches("\\d{1,9}") ? Integer.parseInt(part) : 0)
                .toArray();
    }
}
