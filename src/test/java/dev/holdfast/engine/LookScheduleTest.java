package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.ResourceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LookScheduleTest {
    private static final ResourceId DATABASE = ResourceId.parse("DbInstance/main");
    private static final ResourceId SERVICE = ResourceId.parse("EcsService/api");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final LookSchedule looks = new LookSchedule();

    private static Instant at(long seconds) {
        return START.plusSeconds(seconds);
    }

    private void restless(long seconds, ResourceId... ids) {
        looks.planned(at(seconds), Instant.MAX, Set.of(ids));
    }

    /** The seconds of the next reads, if each read finds the resources as they were. */
    private List<Long> reads(int count, ResourceId... ids) {
        List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Instant now = looks.next();
            looks.looked(now, looks.due(now));
            looks.planned(now, Instant.MAX, Set.of(ids));
            seconds.add(Duration.between(START, now).toSeconds());
        }
        return seconds;
    }

    @Test
    void nothingIsDueWhileAllIsSettled() {
        restless(0);

        assertThat(looks.next()).isEqualTo(Instant.MAX);
        assertThat(looks.isDue(at(1_000_000))).isFalse();
    }

    @Test
    void thePausesGrow() {
        restless(0, DATABASE);

        assertThat(reads(6, DATABASE)).containsExactly(2L, 6L, 14L, 29L, 44L, 59L);
    }

    @Test
    void aPassThatReadsAllDoesNotShortenThePauses() {
        restless(0, DATABASE);
        reads(5, DATABASE);

        looks.lookedAtAll(at(50));
        restless(50, DATABASE);

        assertThat(looks.next()).isEqualTo(at(65));
    }

    @Test
    void aWriteShortensOnlyThePausesOfItsResource() {
        restless(0, DATABASE);
        reads(5, DATABASE);

        looks.wrote(at(50), SERVICE);
        restless(50, DATABASE, SERVICE);

        assertThat(reads(3, DATABASE, SERVICE)).containsExactly(52L, 56L, 59L);
        assertThat(looks.due(at(59))).isEmpty();
    }

    @Test
    void resourcesThatAreDueAlmostTogetherAreReadTogether() {
        restless(0, DATABASE);
        restless(1, DATABASE, SERVICE);

        assertThat(looks.due(at(2))).containsExactlyInAnyOrder(DATABASE, SERVICE);
    }

    @Test
    void aResourceThatSettledAndBecomesUnsettledAgainIsReadSoon() {
        restless(0, DATABASE);
        reads(5, DATABASE);

        restless(45);
        restless(50, DATABASE);

        assertThat(looks.next()).isEqualTo(at(52));
    }

    @Test
    void aPlanDoesNotPostponeTheNextRead() {
        restless(0, DATABASE);
        restless(1, DATABASE);

        assertThat(looks.next()).isEqualTo(at(2));
    }

    @Test
    void aFailedAttemptIsDueOnceUntilTheNextPlan() {
        looks.planned(at(0), at(7), Set.of());
        assertThat(looks.next()).isEqualTo(at(7));

        looks.looked(at(7), Set.of());

        assertThat(looks.next()).isEqualTo(Instant.MAX);
    }
}
