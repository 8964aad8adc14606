package dev.holdfast.state;

import dev.holdfast.store.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The leases of one process, one for each stack. Safe for use by many threads. */
public final class Leases {
    private final ObjectStore state;
    private final String holder;
    private final Duration callTimeout;
    private final Clock wall;
    private final LongSupplier nanos;
    private final Map<String, Lease> leases = new ConcurrentHashMap<>();

    /** The parameters are those of {@link Lease}. */
    public Leases(ObjectStore state, String holder, Duration callTimeout, Clock wall, LongSupplier nanos) {
        this.state = state;
        this.holder = holder;
        this.callTimeout = callTimeout;
        this.wall = wall;
        this.nanos = nanos;
    }

    /** The lease of the stack: the same object for each call with the same stack. */
    public Lease of(String stack) {
        return leases.computeIfAbsent(stack, s -> new Lease(state, s, holder, callTimeout, wall, nanos));
    }

    /** The monotonic clock by which the leases end. */
    public LongSupplier nanos() {
        return nanos;
    }
}
