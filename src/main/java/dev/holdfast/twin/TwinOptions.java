package dev.holdfast.twin;

import dev.holdfast.twin.store.TwinSettings;
import java.time.Clock;

/**
 * The options with which a twin starts.
 *
 * @param port 0 selects a free port
 * @param clock the twin's time; the HTTP control interface can advance a {@link DrivenClock}
 * @param seed the seed of all random values: ids, and the requests that a fault hits
 */
public record TwinOptions(int port, Clock clock, TwinSettings settings, long seed) {
    /** Selects a free port, the system's clock and AWS's own delays. */
    public static TwinOptions defaults() {
        return new TwinOptions(0, Clock.systemUTC(), new TwinSettings(), 1);
    }

    public TwinOptions withPort(int value) {
        return new TwinOptions(value, clock, settings, seed);
    }

    public TwinOptions withClock(Clock value) {
        return new TwinOptions(port, value, settings, seed);
    }

    public TwinOptions withSettings(TwinSettings value) {
        return new TwinOptions(port, clock, value, seed);
    }

    public TwinOptions withSeed(long value) {
        return new TwinOptions(port, clock, settings, value);
    }
}
