package dev.holdfast.app;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** How long something is ago, in the largest unit that fits: {@code 45s}, {@code 12m}, {@code 5h}, {@code 3d}. */
final class AgeWords {
    private AgeWords() {}

    /** @param time in ISO 8601; anything else is no age */
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
