package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.ResourceId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DriftCoverageTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant DAY = START.plus(Duration.ofHours(24));
    private static final ResourceId WEB = ResourceId.parse("SecurityGroup/web");
    private static final Duration SHORT = Duration.ofMinutes(10);
    private static final Duration HOUR = Duration.ofHours(1);

    private final DriftCoverage coverage = new DriftCoverage();

    @Test
    @DisplayName("Slow facets are read hourly once events were readable for a day and missed nothing")
    void reliesOnEventsAfterADay() {
        assertThat(coverage.slowFacetAge(DAY)).isEqualTo(SHORT);
        coverage.readable(true, START);
        coverage.found(WEB, true, START.plusSeconds(60));
        assertThat(coverage.slowFacetAge(DAY.minusSeconds(1))).isEqualTo(SHORT);
        assertThat(coverage.slowFacetAge(DAY)).isEqualTo(HOUR);
    }

    @Test
    @DisplayName("One item of drift that no event reported puts the 10 minutes back, for a day")
    void aMissedEventCounts() {
        coverage.readable(true, START);
        coverage.found(WEB, false, DAY);
        assertThat(coverage.slowFacetAge(DAY.plusSeconds(1))).isEqualTo(SHORT);
        assertThat(coverage.slowFacetAge(DAY.plus(Duration.ofHours(25)))).isEqualTo(HOUR);
        assertThat(coverage.counts().found()).isEqualTo(1);
        assertThat(coverage.counts().reported()).isZero();
    }

    @Test
    @DisplayName("An event that comes late has missed nothing")
    void aLateEventExplains() {
        coverage.readable(true, START);
        coverage.found(WEB, false, DAY);
        coverage.explained(WEB);
        assertThat(coverage.slowFacetAge(DAY.plusSeconds(1))).isEqualTo(HOUR);
        assertThat(coverage.counts().reported()).isEqualTo(1);
    }

    @Test
    @DisplayName("A queue that could not be read begins the day anew, and drift meanwhile is no gap of it")
    void anUnreadableQueueBeginsAnew() {
        coverage.readable(true, START);
        coverage.readable(false, DAY);
        coverage.found(WEB, false, DAY);
        assertThat(coverage.counts().found()).isZero();
        coverage.readable(true, DAY);
        coverage.readable(true, DAY.plusSeconds(60));
        assertThat(coverage.slowFacetAge(DAY.plusSeconds(60))).isEqualTo(SHORT);
        assertThat(coverage.slowFacetAge(DAY.plus(Duration.ofHours(24)))).isEqualTo(HOUR);
    }
}
