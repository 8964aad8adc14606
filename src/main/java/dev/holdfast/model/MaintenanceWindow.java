package dev.holdfast.model;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The weekly period in UTC in which AWS may change or restart a resource: {@code sun:04:11-sun:04:41}.
 *
 * @param length more than zero; a window may go past the end of the week
 */
public record MaintenanceWindow(DayOfWeek day, LocalTime from, Duration length) {
    static final String TIME = "(?:[01]\\d|2[0-3]):[0-5]\\d";

    private static final String DAYS = "mon|tue|wed|thu|fri|sat|sun";
    private static final Pattern FORM = Pattern.compile("(" + DAYS + "):(" + TIME + ")-(" + DAYS + "):(" + TIME + ")");
    private static final long WEEK = Duration.ofDays(7).toMinutes();

    /** @return null: there is no window, or it has another form */
    public static @Nullable MaintenanceWindow parse(@Nullable String text) {
        Matcher matcher = FORM.matcher(text == null ? "" : text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return null;
        }
        DayOfWeek day = day(matcher.group(1));
        LocalTime from = LocalTime.parse(matcher.group(2));
        long minutes = minute(day(matcher.group(3)), LocalTime.parse(matcher.group(4))) - minute(day, from);
        return new MaintenanceWindow(day, from, Duration.ofMinutes(minutes > 0 ? minutes : minutes + WEEK));
    }

    private static DayOfWeek day(String name) {
        return Arrays.stream(DayOfWeek.values())
                .filter(day -> day.name().toLowerCase(Locale.ROOT).startsWith(name))
                .findFirst()
                .orElseThrow();
    }

    /** The minute of the week, which begins on Monday. */
    private static long minute(DayOfWeek day, LocalTime time) {
        return Duration.ofDays(day.ordinal()).toMinutes() + time.toSecondOfDay() / 60;
    }

    /** The next time at which the window opens. */
    public Instant next(Instant now) {
        ZonedDateTime utc = now.atZone(ZoneOffset.UTC);
        ZonedDateTime opens = utc.with(TemporalAdjusters.nextOrSame(day)).with(from);
        return (opens.isAfter(utc) ? opens : opens.plusWeeks(1)).toInstant();
    }

    /** Whether the daily window has a time in common with this one; the end of a window does not belong to it. */
    public boolean overlaps(DailyWindow daily) {
        long begin = minute(day, from);
        long end = begin + length.toMinutes();
        // From the day before the week to the day after the week that follows: each window may go past its end.
        return LongStream.rangeClosed(-1, 14)
                .map(days -> Duration.ofDays(days).toMinutes() + daily.from().toSecondOfDay() / 60)
                .anyMatch(opens -> opens < end && begin < opens + daily.length().toMinutes());
    }
}
