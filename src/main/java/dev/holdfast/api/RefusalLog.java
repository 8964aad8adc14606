package dev.holdfast.api;

import dev.holdfast.api.RequestGate.GateDecision.Refusal;
import dev.holdfast.engine.Engine;
import dev.holdfast.model.DueTime;
import dev.holdfast.model.SafeText;
import dev.holdfast.state.RefusalTrail.RefusedThing;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes refused HTTP requests to the log, with the caller and the reason, and counts them. The same refusal is written
 * once a minute, and the number of different refusals is limited, so that refused requests fill neither the log nor the
 * memory. The trail in the state counts all of them. Safe for use by many threads.
 */
@Singleton
public final class RefusalLog {
    static final int MOST = 100;
    private static final Duration WHILE = Duration.ofMinutes(1);
    private static final int LENGTH = 200;
    private static final Logger LOG = Logger.getLogger("holdfast.access");

    private final MeterRegistry registry;
    private final RunningEngine running;
    private final Clock clock;
    private final Map<String, Instant> told = new LinkedHashMap<>();

    @Inject
    public RefusalLog(MeterRegistry registry, RunningEngine running) {
        this(registry, running, Clock.systemUTC());
    }

    RefusalLog(MeterRegistry registry, RunningEngine running, Clock clock) {
        this.registry = registry;
        this.running = running;
        this.clock = clock;
    }

    /**
     * @param person the person who has signed in, or null
     * @return whether the refusal was written to the log
     */
    boolean refused(Refusal refusal, @Nullable Person person, String what, String from) {
        registry.counter("holdfast.http.refused", "status", Integer.toString(refusal.status()))
                .increment();
        String who = person == null ? "somebody" : person.name();
        Engine engine = running.engine();
        if (engine != null) {
            engine.refusals().refused(new RefusedThing(who, from, what, Integer.toString(refusal.status())));
        }
        String asked = SafeText.line(what);
        String text = SafeText.line(who) + " from " + from + " was refused "
                + asked.substring(0, Math.min(asked.length(), LENGTH)) + ": " + refusal.status();
        if (!isNew(text)) {
            return false;
        }
        LOG.warn(text);
        return true;
    }

    private synchronized boolean isNew(String text) {
        Instant now = clock.instant();
        told.values().removeIf(at -> DueTime.after(at, WHILE).isDue(now));
        if (told.size() >= MOST) {
            return false;
        }
        return told.putIfAbsent(text, now) == null;
    }
}
