package dev.holdfast.engine;

import dev.holdfast.plan.Presence;
import java.time.Instant;

/**
 * What the last read of a resource showed.
 *
 * @param at when a read last showed something
 * @param begun place of the last read among the reads and writes of the session, by its begin
 * @param begunAt when the last read began
 */
record LastObserved(Presence presence, Instant at, long begun, Instant begunAt) {}
