package dev.holdfast.twin.rds;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBMajorEngineVersion;
import software.amazon.awssdk.services.rds.model.LifecycleSupportName;

/**
 * The end of AWS's support for each major version.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support-viewing-support-dates.html">Support dates</a>
 */
final class EngineLifecycles {
    /** @param extendedYears the years of Extended Support; MariaDB has none */
    private record EngineLifecycle(String engine, String major, String end, int extendedYears) {}

    private static final List<EngineLifecycle> ALL = List.of(
            new EngineLifecycle("postgres", "14", "2027-02-28", 3),
            new EngineLifecycle("postgres", "15", "2028-02-29", 3),
            new EngineLifecycle("postgres", "16", "2029-02-28", 3),
            new EngineLifecycle("postgres", "17", "2030-02-28", 3),
            new EngineLifecycle("aurora-postgresql", "15", "2028-02-29", 3),
            new EngineLifecycle("aurora-postgresql", "16", "2029-02-28", 3),
            new EngineLifecycle("mysql", "8.0", "2026-07-31", 3),
            new EngineLifecycle("mysql", "8.4", "2029-07-31", 3),
            new EngineLifecycle("mariadb", "10.11", "2028-02-16", 0),
            new EngineLifecycle("mariadb", "11.4", "2029-05-29", 0));

    private EngineLifecycles() {}

    static List<DBMajorEngineVersion> of(@Nullable String engine, @Nullable String major) {
        return ALL.stream()
                .filter(l -> engine == null || l.engine().equals(engine))
                .filter(l -> major == null || l.major().equals(major))
                .map(EngineLifecycles::shown)
                .toList();
    }

    private static DBMajorEngineVersion shown(EngineLifecycle one) {
        LocalDate end = LocalDate.parse(one.end());
        DBMajorEngineVersion.Builder shown =
                DBMajorEngineVersion.builder().engine(one.engine()).majorEngineVersion(one.major());
        return one.extendedYears() == 0
                ? shown.supportedEngineLifecycles(
                                s -> s.lifecycleSupportName(LifecycleSupportName.OPEN_SOURCE_RDS_STANDARD_SUPPORT)
                                        .lifecycleSupportEndDate(last(end)))
                        .build()
                : shown.supportedEngineLifecycles(
                                s -> s.lifecycleSupportName(LifecycleSupportName.OPEN_SOURCE_RDS_STANDARD_SUPPORT)
                                        .lifecycleSupportEndDate(last(end)),
                                s -> s.lifecycleSupportName(LifecycleSupportName.OPEN_SOURCE_RDS_EXTENDED_SUPPORT)
                                        .lifecycleSupportEndDate(last(end.plusYears(one.extendedYears()))))
                        .build();
    }

    private static Instant last(LocalDate day) {
        return day.atTime(23, 59, 59).toInstant(ZoneOffset.UTC);
    }
}
