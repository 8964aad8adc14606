package dev.holdfast.twin.store;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules of RDS and ElastiCache for the daily window of backups or snapshots and the weekly window of maintenance.
 * They share no code with the operator, so that the twin does not repeat its mistakes.
 *
 * @param purpose backup or snapshot
 * @param least the shortest length of both windows
 * @param daily the windows from which the service chooses if the request sets none
 * @param weekly the windows from which the service chooses if the request sets none, in lower case
 * @see <a href="https://github.com/hashicorp/terraform-provider-aws/issues/49828">the answer of RDS</a>
 * @see <a href="https://github.com/hashicorp/terraform/issues/17247">the answer of ElastiCache</a>
 */
public record WindowRules(String purpose, Duration least, List<String> daily, List<String> weekly) {
    private static final Pattern FORM =
            Pattern.compile("(?:([a-z]{3}):)?([01]\\d|2[0-3]):([0-5]\\d)-(?:([a-z]{3}):)?([01]\\d|2[0-3]):([0-5]\\d)");
    private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
    private static final int DAY = 24 * 60;
    private static final int WEEK = 7 * DAY;

    /** Throws if the service refuses the windows; a window that is null is not checked. */
    public void refuse(@Nullable String daily, @Nullable String weekly) {
        BitSet day = everyDay(daily);
        BitSet week = once(weekly);
        if (daily != null && (day == null || day.cardinality() < 7 * least.toMinutes())) {
            throw TwinErrors.invalid("Invalid " + purpose + " window: " + daily);
        }
        if (weekly != null && (week == null || week.cardinality() < least.toMinutes())) {
            throw TwinErrors.invalid("Invalid maintenance window: " + weekly);
        }
        if (!isFree(day, week)) {
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
        BitSet week = once(weeklyAsked);
        return asked != null
                ? asked
                : daily.stream()
                        .filter(window -> isFree(everyDay(window), week))
                        .findFirst()
                        .orElse(daily.getFirst());
    }

    /** The weekly window of a new resource, which does not overlap a daily window that the request sets. */
    public String weekly(@Nullable String asked, @Nullable String dailyAsked) {
        BitSet day = everyDay(dailyAsked);
        return asked != null
                ? asked.toLowerCase(Locale.ROOT)
                : weekly.stream()
                        .filter(window -> isFree(day, once(window)))
                        .findFirst()
                        .orElse(weekly.getFirst());
    }

    private static boolean isFree(@Nullable BitSet day, @Nullable BitSet week) {
        return day == null || week == null || !day.intersects(week);
    }

    /** The minutes of the week that a daily window contains; null: there is no window, or it has another form. */
    private static @Nullable BitSet everyDay(@Nullable String text) {
        Matcher form = FORM.matcher(text == null ? "" : text);
        if (!form.matches() || form.group(1) != null || form.group(4) != null) {
            return null;
        }
        BitSet minutes = new BitSet(WEEK);
        for (int day = 0; day < WEEK; day += DAY) {
            add(minutes, day + minute(form, 2), day + minute(form, 5), DAY);
        }
        return minutes;
    }

    /** The minutes of the week that a weekly window contains; null: there is no window, or it has another form. */
    private static @Nullable BitSet once(@Nullable String text) {
        Matcher form = FORM.matcher(text == null ? "" : text.toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            return null;
        }
        int from = DAYS.indexOf(String.valueOf(form.group(1)));
        int to = DAYS.indexOf(String.valueOf(form.group(4)));
        if (from < 0 || to < 0) {
            return null;
        }
        BitSet minutes = new BitSet(WEEK);
        add(minutes, from * DAY + minute(form, 2), to * DAY + minute(form, 5), WEEK);
        return minutes;
    }

    /** The minute of the day of a time whose hour is this group of the form. */
    private static int minute(Matcher form, int group) {
        return Integer.parseInt(form.group(group)) * 60 + Integer.parseInt(form.group(group + 1));
    }

    /** @param period after how many minutes the window repeats; a window with an equal beginning and end fills it */
    private static void add(BitSet minutes, int from, int to, int period) {
        int length = Math.floorMod(to - from - 1, period) + 1;
        for (int i = 0; i < length; i++) {
            minutes.set((from + i) % WEEK);
        }
    }
}
