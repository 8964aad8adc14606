package dev.holdfast.kind;

import dev.holdfast.model.DailyWindow;
import dev.holdfast.model.MaintenanceWindow;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reports windows that RDS and ElastiCache refuse: windows of another form, that are too short, or that overlap. The
 * services refuse windows that overlap even if no backups or snapshots are taken.
 *
 * @param daily the field of the daily window, in which backups or snapshots are taken
 * @param weekly the field of the weekly window of maintenance
 * @param least the shortest length that the service accepts for both
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html">RDS</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html">ElastiCache</a>
 * @see <a href="https://github.com/hashicorp/terraform/issues/17247">The answer of ElastiCache to an overlap</a>
 */
public record WindowCheck<S extends Record>(Getter<S, String> daily, Getter<S, String> weekly, Duration least) {
    public void run(S spec, Findings<S> findings) {
        @Nullable String atDay = daily.apply(spec);
        @Nullable String atWeek = weekly.apply(spec);
        DailyWindow day = DailyWindow.parse(atDay);
        MaintenanceWindow week = MaintenanceWindow.parse(atWeek);
        if (atDay != null && day == null) {
            findings.wrong(daily, "expected times in UTC as hh:mm-hh:mm, found " + atDay, "write it like 02:00-03:00");
        }
        if (atWeek != null && week == null) {
            findings.wrong(
                    weekly,
                    "expected days and times in UTC as ddd:hh:mm-ddd:hh:mm, found " + atWeek,
                    "write it like sun:03:00-sun:04:00");
        }
        if (day != null) {
            length(findings, daily, day.length(), atDay);
        }
        if (week != null) {
            length(findings, weekly, week.length(), atWeek);
        }
        if (day != null && week != null && week.overlaps(day)) {
            findings.wrong(
                    daily,
                    "expected a window outside " + Components.nameOf(weekly) + ", " + atWeek + ", found " + atDay,
                    "move one of the two windows, so that they do not overlap");
        }
    }

    private void length(Findings<S> findings, Getter<S, String> field, Duration length, @Nullable String found) {
        if (length.compareTo(least) < 0) {
            findings.wrong(
                    field,
                    "expected at least " + least.toMinutes() + " minutes, found " + found,
                    "move the end of the window");
        }
    }
}
