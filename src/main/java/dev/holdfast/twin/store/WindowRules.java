package dev.holdfast.twin.store;

import dev.holdfast.model.DailyWindow;
import dev.holdfast.model.MaintenanceWindow;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The rules of RDS and ElastiCache for the daily window of backups or snapshots and the weekly window of maintenance.
 *
 * @param purpose backup or snapshot
 * @param least the shortest length of both windows
 * @param daily the windows from which the service chooses if the request sets none
 * @param weekly the windows from which the service chooses if the request sets none, in lower case
 * @see <a href="https://github.com/hashicorp/terraform-provider-aws/issues/49828">the answer of RDS</a>
 * @see <a href="https://github.com/hashicorp/terraform/issues/17247">the answer of ElastiCache</a>
 */
public record WindowRules(String purpose, Duration least, List<String> daily, List<String> weekly) {
    /** Throws if the service refuses the windows; a window that is null is not checked. */
    public void refuse(@Nullable String daily, @Nullable String weekly) {
        DailyWindow day = DailyWindow.parse(daily);
        MaintenanceWindow week = MaintenanceWindow.parse(weekly);
        if (daily != null && (day == null || day.length().compareTo(least) < 0)) {
            throw TwinErrors.invalid("Invalid " + purpose + " window: " + daily);
        }
        if (weekly != null && (week == null || week.length().compareTo(least) < 0)) {
            throw TwinErrors.invalid("Invalid maintenance window: " + weekly);
        }
        if (day != null && week != null && week.overlaps(day)) {
            throw TwinErrors.invalid("The " + purpose + " window and maintenance window must not overlap.");
        }
    }

    /** Throws if the service refuses a change of one window or both; a window that is null does not change. */
    public void refuseChange(
            @Nullable String daily, @Nullable String oldDaily, @Nullable String weekly, @Nullable String oldWeekly) {
        if (daily != null || weekly != null) {
            refuse(daily == null ? oldDaily : daily, weekly == null ? oldWeekly : weekly);
        }
    }

    /** The daily window of a new resource, which does not overlap a weekly window that the request sets. */
    public String daily(@Nullable String asked, @Nullable String weeklyAsked) {
        MaintenanceWindow week = MaintenanceWindow.parse(weeklyAsked);
        return asked != null
                ? asked
                : daily.stream()
                        .filter(window -> isFree(DailyWindow.parse(window), week))
                        .findFirst()
                        .orElse(daily.getFirst());
    }

    /** The weekly window of a new resource, which does not overlap a daily window that the request sets. */
    public String weekly(@Nullable String asked, @Nullable String dailyAsked) {
        DailyWindow day = DailyWindow.parse(dailyAsked);
        return asked != null
                ? asked.toLowerCase(Locale.ROOT)
                : weekly.stream()
                        .filter(window -> isFree(day, MaintenanceWindow.parse(window)))
                        .findFirst()
                        .orElse(weekly.getFirst());
    }

    private static boolean isFree(@Nullable DailyWindow day, @Nullable MaintenanceWindow week) {
        return day == null || week == null || !week.overlaps(day);
    }
}
