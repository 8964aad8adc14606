package dev.holdfast.app;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** The age of a moment, in the largest unit that fits: {@code 45s}, {@code 12m}, {@code 5h}, {@code 3d}. */
final class AgeWords {
    private AgeWords() {}

    /** @param time the moment in ISO 8601; any other text has no age */
    static String since(String time, Instant now) {
        try {
            Duration age = Duration.between(Instant.parse(time), now);
            if (age.isNegative()) {
                return "0s";
            }
            return age.toDays() > 0
                    ? age.toDays() + "d"
                    : age.toHours() > 0
                            ? age.toHours() + "h"
                            : age.toMinutes() > 0 ? age.toMinutes() + "m" : age.toSeconds() + "s";
        } catch (DateTimeException e) {
            return "";
        }
    }
}
