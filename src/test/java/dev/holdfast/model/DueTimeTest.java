package dev.holdfast.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DueTimeTest {
    private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");
    private static final DueTime IN_AN_HOUR = DueTime.after(NOW, Duration.ofHours(1));

    @Test
    void itIsDueWhenItsTimeIsReached() {
        assertThat(IN_AN_HOUR.isDue(NOW)).isFalse();
        assertThat(IN_AN_HOUR.isDue(NOW.plusSeconds(3599))).isFalse();
        assertThat(IN_AN_HOUR.isDue(NOW.plusSeconds(3600))).isTrue();
    }

    @Test
    void itIsDueWhenTheClockWentBack() {
        assertThat(IN_AN_HOUR.isDue(NOW.minusSeconds(1))).isFalse();
        assertThat(IN_AN_HOUR.isDue(NOW.minusSeconds(6))).isTrue();
        assertThat(IN_AN_HOUR.isDue(NOW.minus(Duration.ofDays(1)))).isTrue();
    }

    @Test
    void nowAndNeverDoNotDependOnTheClock() {
        assertThat(DueTime.NOW.isDue(Instant.EPOCH.minusSeconds(60))).isTrue();
        assertThat(DueTime.NEVER.isDue(Instant.EPOCH.minusSeconds(60))).isFalse();
        assertThat(DueTime.NEVER.isDue(NOW)).isFalse();
    }

    @Test
    void theEarlierOfTwoCounts() {
        DueTime sooner = DueTime.after(NOW.plusSeconds(60), Duration.ofMinutes(1));

        assertThat(IN_AN_HOUR.or(sooner).at()).isEqualTo(NOW.plusSeconds(120));
        assertThat(sooner.or(IN_AN_HOUR).isDue(NOW.plusSeconds(30))).isTrue();
        assertThat(sooner.or(DueTime.NEVER).isDue(NOW.plusSeconds(100))).isFalse();
    }
}
