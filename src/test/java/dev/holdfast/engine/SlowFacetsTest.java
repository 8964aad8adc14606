package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Event;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.rds.model.RdsException;

class SlowFacetsTest {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final SlowFacets facets = new SlowFacets();
    private final AtomicInteger reads = new AtomicInteger();
    private Instant now = Instant.EPOCH;

    private void ask(String id) {
        ask(id, "content");
    }

    private void ask(String id, @Nullable Object version) {
        facets.once(id, version, now, () -> "read " + reads.incrementAndGet());
    }

    private void pass(Duration later) {
        now = now.plus(later);
        facets.beginPass(
                now,
                INTERVAL,
                new SlowFacets.ReadAges(EngineConstants.SLOW_FACET_AGE, Duration.ZERO),
                new RotatedReads.PassBudget());
    }

    private final List<Event> events = new ArrayList<>();
    private final EventLog log = new EventLog("test", Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), events::add);

    private String day(Duration later, Supplier<String> read) {
        now = now.plus(later);
        return facets.daily("DbInstance postgres 16 in eu-west-2", now, read, log);
    }

    private static String denied() {
        throw RdsException.builder()
                .statusCode(403)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("AccessDenied")
                        .errorMessage("no")
                        .build())
                .build();
    }

    @Test
    void rememberedIsWhatHasAVersionUntilAnAnswerOfItsResourceIsDoubted() {
        ask("one", "v1");
        ask("one", "v1");
        ask("one", "v2");
        ask("one and another", "v1");
        assertThat(reads).hasValue(3);

        facets.distrust("one", facet -> true);

        ask("one and another", "v1");
        assertThat(reads).hasValue(3);
        ask("one", "v1");
        ask("one", "v2");
        assertThat(reads).hasValue(5);
    }

    @Test
    void nothingIsRememberedOfAnAnswerWithoutAVersion() {
        ask("one", null);
        ask("one", null);

        assertThat(reads).hasValue(2);
    }

    /** The former value stays in use. One event reports that, and one event reports the next successful read. */
    @Test
    void aCalendarThatCannotBeReadAgainIsTold() {
        day(Duration.ZERO, () -> "first");
        assertThat(day(Duration.ofHours(23), SlowFacetsTest::denied)).isEqualTo("first");
        assertThat(events).isEmpty();

        assertThat(day(Duration.ofHours(1), SlowFacetsTest::denied)).isEqualTo("first");
        assertThat(day(EngineConstants.SWEEP, SlowFacetsTest::denied)).isEqualTo("first");

        assertThat(events).singleElement().satisfies(e -> {
            assertThat(e.reason()).isEqualTo("SupportEndUnread");
            assertThat(e.severity()).isEqualTo(Event.Severity.Warning);
            assertThat(e.message()).contains("postgres 16", "AccessDenied", "1970-01-01T00:00:00Z");
        });

        assertThat(day(EngineConstants.SWEEP, () -> "second")).isEqualTo("second");
        assertThat(events).extracting(Event::reason).containsExactly("SupportEndUnread", "SupportEndRead");
        assertThat(day(Duration.ofHours(23), () -> "third")).isEqualTo("second");
    }

    /** A value that never changes is read once while a pass needs it, and is forgotten later. */
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
