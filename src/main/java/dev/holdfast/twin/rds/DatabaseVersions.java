package dev.holdfast.twin.rds;

import static dev.holdfast.twin.store.TwinErrors.combination;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The versions of the engines, and the upgrades between them. */
final class DatabaseVersions {
    /** The newest minor version in the twin for each major version. */
    private static final Map<String, String> NEWEST = Map.ofEntries(
            Map.entry("postgres 14", "14.20"),
            Map.entry("postgres 15", "15.15"),
            Map.entry("postgres 16", "16.11"),
            Map.entry("postgres 17", "17.7"),
            Map.entry("aurora-postgresql 15", "15.14"),
            Map.entry("aurora-postgresql 16", "16.10"),
            Map.entry("aurora-postgresql 17", "17.6"),
            Map.entry("mysql 8.0", "8.0.44"),
            Map.entry("mysql 8.4", "8.4.7"),
            Map.entry("mariadb 10.11", "10.11.15"),
            Map.entry("mariadb 11.4", "11.4.9"));

    private DatabaseVersions() {}

    /**
     * The full version for a request: the newest one if it sets none, or the newest one of the requested major version.
     */
    static String full(String engine, @Nullable String wanted) {
        String asked = wanted == null ? "" : wanted;
        return NEWEST.entrySet().stream()
                .filter(e -> e.getKey().startsWith(engine + " "))
                .filter(e -> {
                    String major = e.getKey().substring(engine.length() + 1);
                    return asked.isEmpty() || asked.equals(major) || asked.startsWith(major + ".");
                })
                .map(e -> asked.isEmpty() || e.getKey().equals(engine + " " + asked) ? e.getValue() : asked)
                .max(String::compareTo)
                .orElseThrow(() -> combination("Cannot find version " + asked + " for " + engine));
    }

    /** The newest minor version of each major version. */
    static Stream<String> newest(String engine) {
        return NEWEST.entrySet().stream()
                .filter(e -> e.getKey().startsWith(engine + " "))
                .map(Map.Entry::getValue);
    }

    private static String major(String engine, String version) {
        String[] parts = version.split("\\.");
        return engine.contains("postgres") ? parts[0] : parts[0] + "." + parts[1];
    }

    /** The family of the parameter groups for a version. */
    static String family(String engine, String version) {
        return engine + major(engine, version);
    }

    /** The requested version, if it belongs to another major version; otherwise null. */
    static @Nullable String upgrade(String engine, String from, @Nullable String asked) {
        String version = asked == null ? null : full(engine, asked);
        return version == null || major(engine, version).equals(major(engine, from)) ? null : version;
    }

    /** Refuses a change to an older version, and a change to another major version that the caller does not allow. */
    static void refuse(String engine, String from, @Nullable String asked, @Nullable Boolean allowsMajor) {
        if (asked != null && compare(full(engine, asked), from) < 0) {
            throw combination("Cannot upgrade " + engine + " from " + from + " to " + full(engine, asked));
        }
        if (upgrade(engine, from, asked) != null && !Boolean.TRUE.equals(allowsMajor)) {
            throw combination(
                    "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.");
        }
    }

    static int compare(String one, String other) {
        return Arrays.compare(numbers(one), numbers(other));
    }

    private static int[] numbers(String version) {
        return Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
    }
}
