package dev.holdfast.engine;

import java.time.Instant;
import java.util.Map;

/**
 * The duration and the requests of a pass.
 *
 * @param requests by operation, {@code ec2:DescribeVpcs}, as sent on the wire, tries again included
 * @param writes how many of them were writes
 */
public record PassReport(Instant startedAt, long durationMs, Map<String, Long> requests, long writes) {
    public long total() {
        return requests.values().stream().mapToLong(Long::longValue).sum();
    }
}
