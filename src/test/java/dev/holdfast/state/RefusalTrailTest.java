package dev.holdfast.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.MemoryStore;
import dev.holdfast.state.RefusalTrail.CountedRefusal;
import dev.holdfast.state.RefusalTrail.RefusalEntry;
import dev.holdfast.state.RefusalTrail.RefusedThing;
import dev.holdfast.store.ObjectStore;
import dev.holdfast.twin.DrivenClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Refusals stay known, and a client that repeats its requests cannot fill the store with them. */
class RefusalTrailTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private final DrivenClock clock = new DrivenClock(START);
    private final MemoryStore store = new MemoryStore();
    private final RefusalTrail trail = new RefusalTrail(store, clock);

    private static RefusedThing asked(String path) {
        return new RefusedThing("somebody", "10.0.0.1", "GET " + path, "401");
    }

    /** Lets a second pass, and writes the trail as the engine does. */
    private void second() {
        clock.advance(Duration.ofSeconds(1));
        if (trail.isDue()) {
            trail.write();
        }
    }

    @Test
    void theSameRefusalIsCounted() {
        trail.refused(asked("/a"));
        clock.advance(Duration.ofSeconds(30));
        trail.refused(asked("/a"));
        trail.refused(asked("/b"));
        assertThat(trail.isDue()).isFalse();
        clock.advance(Duration.ofSeconds(30));
        assertThat(trail.isDue()).isTrue();

        trail.write();

        RefusalEntry entry = trail.after("", 10).getFirst();
        assertThat(entry.refusals())
                .containsExactly(
                        new CountedRefusal(asked("/a"), START, 2),
                        new CountedRefusal(asked("/b"), START.plusSeconds(30), 1));
        assertThat(entry.since()).isEqualTo(START);
        assertThat(entry.until()).isEqualTo(START.plusSeconds(60));
        assertThat(trail.isDue()).isFalse();
        assertThat(trail.after(entry.entry(), 10)).isEmpty();
    }

    @Test
    void tenMinutesOfDifferentRequestsAreTenSmallObjects() {
        for (int second = 0; second < 600; second++) {
            for (int i = 0; i < 100; i++) {
                trail.refused(asked("/" + second + "/" + i + "/" + "x".repeat(1000)));
            }
            second();
        }
        clock.advance(RefusalTrail.EVERY);
        trail.write();

        List<String> keys = store.list("refusals/");
        assertThat(keys).hasSizeBetween(9, 11);
        assertThat(keys).allSatisfy(key -> assertThat(store.get(key).content()).hasSizeLessThan(50_000));
        List<RefusalEntry> all = trail.after("", 100);
        assertThat(all).allSatisfy(e -> assertThat(e.refusals()).hasSizeLessThanOrEqualTo(RefusalTrail.MOST));
        assertThat(all.stream()
                        .mapToLong(e -> e.others()
                                + e.refusals().stream()
                                        .mapToLong(CountedRefusal::times)
                                        .sum())
                        .sum())
                .isEqualTo(60_000);
    }

    @Test
    void whatTheStoreRefusesIsWrittenLater() {
        AtomicBoolean fails = new AtomicBoolean(true);
        ObjectStore failing = (ObjectStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("putIf") && fails.get()) {
                        throw new UncheckedIOException(new IOException("out of order"));
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        RefusalTrail other = new RefusalTrail(failing, clock);
        other.refused(asked("/a"));
        assertThatThrownBy(other::write).isInstanceOf(UncheckedIOException.class);
        other.refused(asked("/a"));
        fails.set(false);

        other.write();

        assertThat(other.after("", 10))
                .singleElement()
                .satisfies(e -> assertThat(e.refusals()).containsExactly(new CountedRefusal(asked("/a"), START, 2)));
    }

    @Test
    void whatSomebodySendsIsOneLine() {
        trail.refused(new RefusedThing("a\nb", "10.0.0.1", "GET /\u001b[2J\u202e", "401"));
        trail.write();

        RefusedThing kept = trail.after("", 1).getFirst().refusals().getFirst().refused();
        assertThat(kept.by()).doesNotContain("\n");
        assertThat(kept.what()).doesNotContain("\u001b", "\u202e");
    }
}
