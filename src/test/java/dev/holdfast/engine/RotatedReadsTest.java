package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.RotatedReads.KeptRead;
import dev.holdfast.engine.RotatedReads.PassBudget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads that are distributed over the passes: no read is ever too old, and no pass makes many of them. */
class RotatedReadsTest {
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final RotatedReads<String> reads = new RotatedReads<>();
    private final Map<String, Integer> requests = new HashMap<>();
    private final Map<String, Instant> readAt = new HashMap<>();
    private Instant now = Instant.EPOCH;

    /** @return the number of requests that the pass made */
    private int pass(Duration later, Duration interval) {
        now = now.plus(later);
        PassBudget budget = new PassBudget();
        reads.beginPass(now, interval, HOUR, budget);
        reads.choose(budget);
        int made = 0;
        for (Map.Entry<String, Integer> one : requests.entrySet()) {
            if (reads.current(one.getKey()) == null) {
                reads.keep(one.getKey(), new KeptRead("x", now, one.getValue()));
                readAt.put(one.getKey(), now);
                made += one.getValue();
            }
        }
        return made;
    }

    @Test
    void whatWasReadAtOnceIsSpreadFromThenOn() {
        for (int i = 0; i < 440; i++) {
            requests.put("facet" + i, 1);
        }
        requests.put("nine pages", 9);

        assertThat(pass(INTERVAL, INTERVAL)).isEqualTo(449);

        List<Integer> made = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            made.add(pass(INTERVAL, INTERVAL));
        }
        assertThat(made).allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(17));
        assertThat(made.stream().mapToInt(i -> i).average().orElseThrow()).isBetween(7.0, 8.5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 300, 5000})
    void nothingGetsOlderThanItMay(int seconds) {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Duration interval = Duration.ofSeconds(seconds);
        for (int i = 0; i < 60; i++) {
            requests.put("read" + i, 1 + random.nextInt(9));
        }
        for (int i = 0; i < 400; i++) {
            // A pass is up to a tenth late, or early.
            Duration later = interval.multipliedBy(random.nextInt(30, 110)).dividedBy(100);
            pass(later, interval);
            Duration most = HOUR.compareTo(interval) > 0 ? HOUR : interval.multipliedBy(2);
            readAt.forEach(
                    (key, at) -> assertThat(Duration.between(at, now)).as(key).isLessThanOrEqualTo(most));
        }
    }

    @Test
    void aLargeReadLeavesLessForTheOthersOfThatPass() {
        RotatedReads<String> large = new RotatedReads<>();
        RotatedReads<String> small = new RotatedReads<>();
        large.keep("large", new KeptRead("x", now, 12));
        for (int i = 0; i < 600; i++) {
            small.keep("small" + i, new KeptRead("x", now, 1));
        }
        int most = 0;
        for (int minute = 1; minute < 180; minute++) {
            now = now.plus(INTERVAL);
            PassBudget budget = new PassBudget();
            large.beginPass(now, INTERVAL, HOUR, budget);
            small.beginPass(now, INTERVAL, HOUR, budget);
            large.choose(budget);
            small.choose(budget);
            int made = 0;
            if (large.isDue("large")) {
                large.keep("large", new KeptRead("x", now, 12));
                made += 12;
            }
            for (int i = 0; i < 600; i++) {
                if (small.isDue("small" + i)) {
                    small.keep("small" + i, new KeptRead("x", now, 1));
                    made++;
                }
            }
            most = Math.max(most, made);
        }
        assertThat(most).isLessThanOrEqualTo(13);
    }

    /** For example tags that were read one by one until the tagging API showed them. */
    @Test
    void whatWasAskedForOnceTakesNothingOffTheBudget() {
        for (int i = 0; i < 600; i++) {
            requests.put("once" + i, 1);
        }
        for (int i = 0; i < 180; i++) {
            requests.put("always" + i, 1);
        }
        pass(INTERVAL, INTERVAL);
        requests.keySet().removeIf(key -> key.startsWith("once"));
        pass(INTERVAL, INTERVAL);

        List<Integer> made = new ArrayList<>();
        for (int i = 0; i < 180; i++) {
            made.add(pass(INTERVAL, INTERVAL));
        }

        assertThat(made).allSatisfy(count -> assertThat(count).isBetween(3, 4));
    }

    @Test
    void whatNothingAsksForAnyMoreIsForgotten() {
        requests.put("asked", 1);
        requests.put("gone", 1);
        pass(INTERVAL, INTERVAL);
        requests.remove("gone");

        for (int i = 0; i < 130; i++) {
            pass(INTERVAL, INTERVAL);
        }

        assertThat(reads.isKept("asked")).isTrue();
        assertThat(reads.isKept("gone")).isFalse();
    }
}
