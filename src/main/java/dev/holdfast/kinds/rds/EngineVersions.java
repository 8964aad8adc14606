package dev.holdfast.kinds.rds;

import dev.holdfast.kind.Unresolved;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The versions of database engines: how many numbers name a major version differs by engine.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html">Upgrading</a>
 */
final class EngineVersions {
    private EngineVersions() {}

    /** {@code 15} of PostgreSQL's 15.7, {@code 8.0} of MySQL's 8.0.40, {@code 10.11} of MariaDB's 10.11.9. */
    static String major(String engine, String version) {
        String[] parts = version.split("\\.");
        int length = engine.endsWith("postgres") || engine.endsWith("postgresql") ? 1 : 2;
        return String.join(".", Arrays.copyOf(parts, Math.min(length, parts.length)));
    }

    /** @param wanted a version or its beginning; one that is older than what there is asks for nothing */
    static boolean isMajorUpgrade(@Nullable String engine, @Nullable String there, @Nullable String wanted) {
        if (engine == null || there == null || wanted == null || Unresolved.is(wanted)) {
            return false;
        }
        int[] old = numbers(major(engine, there));
        int[] next = numbers(major(engine, wanted));
        return Arrays.compare(Arrays.copyOf(old, Math.min(old.length, next.length)), next) < 0;
    }

    private static int[] numbers(String version) {
        return Arrays.stream(version.split("\\."))
                .mapToInt(part -> part.matches("\\d{1,9}") ? Integer.parseInt(part) : 0)
                .toArray();
    }
}
