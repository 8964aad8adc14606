package dev.holdfast.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
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
    @ValueSource(strings = {"", "03:30-04:30", "some:03:30-some:04:30", "xxx:03:30-xxx:04:30"})
    void isNoneInAnotherForm(String text) {
        assertThat(MaintenanceWindow.parse(text)).isNull();
    }
}
