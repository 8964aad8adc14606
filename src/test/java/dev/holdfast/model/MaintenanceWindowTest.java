package dev.holdfast.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaintenanceWindowTest {
    /** 2026-01-01 was a Thursday. */
    @ParameterizedTest
    @CsvSource({
        "thu:03:30-thu:04:30, 2026-01-01T00:00:00Z, 2026-01-01T03:30:00Z",
        "thu:03:30-thu:04:30, 2026-01-01T03:30:00Z, 2026-01-08T03:30:00Z",
        "Sun:23:45-Mon:00:15, 2026-01-01T12:00:00Z, 2026-01-04T23:45:00Z",
        "wed:00:00-wed:00:30, 2026-01-01T12:00:00Z, 2026-01-07T00:00:00Z"
    })
    void opensNext(String window, Instant now, Instant next) {
        assertThat(MaintenanceWindow.parse(window))
                .isNotNull()
                .satisfies(w -> assertThat(w.next(now)).isEqualTo(next));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "03:30-04:30", "some:03:30-some:04:30", "xxx:03:30-xxx:04:30", "sun:24:00-sun:25:00"})
    void isNoneInAnotherForm(String text) {
        assertThat(MaintenanceWindow.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "sun:03:00-sun:04:00, 03:30-04:30, true",
        "sun:03:00-sun:04:00, 02:00-03:01, true",
        "sun:03:00-sun:04:00, 02:00-03:00, false",
        "sun:03:00-sun:04:00, 04:00-05:00, false",
        "sun:03:00-sun:04:00, 01:00-06:00, true",
        // Past midnight, and past the end of the week.
        "mon:00:00-mon:01:00, 23:30-00:30, true",
        "sun:23:30-mon:00:30, 00:00-00:45, true",
        "sun:23:30-mon:00:30, 00:30-01:30, false",
        "sat:23:30-sun:00:30, 23:00-23:30, false",
        // A window of more than a day overlaps each daily window.
        "sat:12:00-sun:12:00, 12:00-13:00, true"
    })
    void overlapsADailyWindow(String weekly, String daily, boolean overlaps) {
        assertThat(Objects.requireNonNull(MaintenanceWindow.parse(weekly))
                        .overlaps(Objects.requireNonNull(DailyWindow.parse(daily))))
                .isEqualTo(overlaps);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "03:30", "3:30-4:30", "24:00-25:00", "sun:03:00-sun:04:00"})
    void isNoDailyWindowInAnotherForm(String text) {
        assertThat(DailyWindow.parse(text)).isNull();
    }
}
