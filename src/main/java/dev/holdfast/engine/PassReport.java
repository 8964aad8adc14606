package dev.holdfast.engine;

import java.time.Instant;
import java.util.Map;

/**
 * The duration and the requests of a pass.
 *
 * @param requests by operation, for example {@code ec2:DescribeVpcs}, as sent on the wire, retries included
 * @param writes the number of writes among the requests
 * @param longestChain the length of the longest chain of requests that had to wait for one another; the pass takes at
 *     least that many round trips
 */
public record PassReport(
        Instant startedAt, long durationMs, Map<String, Long> requests, long writes, int longestChain) {
    public long total() {
        return requests.values().stream().mapToLong(Long::longValue).sum();
    }
}
