package dev.holdfast.twin;

import dev.holdfast.twin.store.TwinSettings;
import java.time.Clock;

/**
 * How a twin is started.
 *
 * @param port 0: a free one
 * @param clock the twin's time; a {@link DrivenClock} can be advanced over HTTP too
 * @param seed of everything that is random: ids, and which request a fault hits
 */
public record TwinOptions(int port, Clock clock, TwinSettings settings, long seed) {
    /** A free port, the system's clock, AWS's own delays. */
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
