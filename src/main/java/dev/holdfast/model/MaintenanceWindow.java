package dev.holdfast.model;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The weekly period in UTC in which AWS may change or restart a resource: {@code sun:04:11-sun:04:41}. */
public record MaintenanceWindow(DayOfWeek day, LocalTime from) {
    private static final Pattern FORM = Pattern.compile("([a-z]{3}):(\\d\\d):(\\d\\d)-[a-z]{3}:\\d\\d:\\d\\d");

    /** @return null: there is no window, or it has another form */
    public static @Nullable MaintenanceWindow parse(@Nullable String text) {
        Matcher matcher = FORM.matcher(text == null ? "" : text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return null;
        }
        return Arrays.stream(DayOfWeek.values())
                .filter(day -> day.name().toLowerCase(Locale.ROOT).startsWith(matcher.group(1)))
                .findFirst()
                .map(day -> new MaintenanceWindow(
                        day, LocalTime.of(Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3)))))
                .orElse(null);
    }

    /** The next time at which the window opens. */
    public Instant next(Instant now) {
        ZonedDateTime utc = now.atZone(ZoneOffset.UTC);
        ZonedDateTime opens = utc.with(TemporalAdjusters.nextOrSame(day)).with(from);
        return (opens.isAfter(utc) ? opens : opens.plusWeeks(1)).toInstant();
    }
}
