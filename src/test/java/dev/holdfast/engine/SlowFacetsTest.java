package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SlowFacetsTest {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final SlowFacets facets = new SlowFacets();
    private final AtomicInteger reads = new AtomicInteger();
    private Instant now = Instant.EPOCH;

    private void ask(String id) {
        facets.once(id, now, () -> "read " + reads.incrementAndGet());
    }

    private void pass(Duration later) {
        now = now.plus(later);
        facets.beginPass(now, INTERVAL);
    }

    /** What never changes is read once as long as somebody asks for it, and forgotten after that. */
    @Test
    void whatNobodyAsksForAnyMoreIsForgotten() {
        ask("asked");
        ask("gone");
        for (int hour = 0; hour < 4; hour++) {
            pass(EngineConstants.SWEEP);
            ask("asked");
        }
        assertThat(reads.get()).isEqualTo(2);

        ask("gone");

        assertThat(reads.get()).isEqualTo(3);
    }
}
