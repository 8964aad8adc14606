package dev.holdfast.app;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine;

/** Parses durations: {@code PT30M}, or shorter {@code 30m}, {@code 2h}, {@code 90s}. */
final class DurationParser {
    private DurationParser() {}

    /** @throws CommandLine.TypeConversionException if the text is not a duration */
    static Duration parse(String text) {
        try {
            String iso = text.toUpperCase(Locale.ROOT);
            return Duration.parse(iso.startsWith("P") ? iso : "PT" + iso);
        } catch (DateTimeException e) {
            throw new CommandLine.TypeConversionException("'" + text + "' is not a duration: write 30m, 2h or PT30M");
        }
    }
}
