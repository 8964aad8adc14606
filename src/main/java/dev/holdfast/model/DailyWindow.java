package dev.holdfast.model;

import java.time.Duration;
import java.time.LocalTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The daily period in UTC in which AWS takes backups or snapshots: {@code 02:00-03:00}.
 *
 * @param length more than zero; a window may go past midnight
 */
public record DailyWindow(LocalTime from, Duration length) {
    private static final Pattern FORM =
            Pattern.compile("(" + MaintenanceWindow.TIME + ")-(" + MaintenanceWindow.TIME + ")");

    /** @return null: there is no window, or it has another form */
    public static @Nullable DailyWindow parse(@Nullable String text) {
        Matcher matcher = FORM.matcher(text == null ? "" : text);
        if (!matcher.matches()) {
            return null;
        }
        LocalTime from = LocalTime.parse(matcher.group(1));
        Duration length = Duration.between(from, LocalTime.parse(matcher.group(2)));
        return new DailyWindow(from, length.isPositive() ? length : length.plusDays(1));
    }
}
