package dev.holdfast.engine;

import java.time.Instant;
import java.util.Map;

/**
 * The duration and the requests of a pass.
 *
 * @param requests by operation, {@code ec2:DescribeVpcs}, as sent on the wire, tries again included
 * @param writes how many of them were writes
 * @param longestChain how many requests had to wait for one another, at the most: the pass takes at least that many round
 *     trips
 */
public record PassReport(
        Instant startedAt, long durationMs, Map<String, Long> requests, long writes, int longestChain) {
    public long total() {
        return requests.values().stream().mapToLong(Long::longValue).sum();
    }
}
