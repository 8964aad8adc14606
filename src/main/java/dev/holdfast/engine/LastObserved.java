package dev.holdfast.engine;

import dev.holdfast.plan.Presence;
import java.time.Instant;

/**
 * The result of the last read of a resource.
 *
 * @param at the time at which a read last had a result
 * @param begun the position of the last read, by its begin, among the reads and writes of the session
 * @param begunAt the time at which the last read began
 */
record LastObserved(Presence presence, Instant at, long begun, Instant begunAt) {}
