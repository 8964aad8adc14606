package dev.holdfast.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.DrivenClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OwnCallsTest {
    private final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final OwnCalls calls = new OwnCalls(clock);

    @Test
    @DisplayName("Nothing grows for ever where nobody takes what is new")
    void isBounded() {
        for (int i = 0; i < 30_000; i++) {
            calls.made("r-" + i);
        }
        assertThat(calls.takeFresh()).hasSize(20_000).containsKey("r-29999").doesNotContainKey("r-0");
        assertThat(calls.takeFresh()).isEmpty();
        assertThat(calls.contains("r-29999")).isTrue();
        assertThat(calls.contains("r-0")).isFalse();
    }

    @Test
    void knowsWhatOthersHaveSentForAnHour() {
        calls.learn(Map.of("theirs", clock.instant(), "old", clock.instant().minus(Duration.ofHours(2))));
        assertThat(calls.contains("theirs")).isTrue();
        assertThat(calls.contains("old")).isFalse();
        assertThat(calls.takeFresh()).isEmpty();
        clock.advance(Duration.ofMinutes(61));
        calls.made("later");
        assertThat(calls.contains("theirs")).isFalse();
    }
}
