package dev.holdfast.kinds.elasticache;

import dev.holdfast.model.SupportEnd;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticache.model.CacheCluster;

/**
 * The end of AWS's standard support of engines. No operation of ElastiCache returns it. AWS has announced no end for
 * the versions that the table does not have (2026-12).
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/extended-support.html">Extended Support</a>
 */
final class CacheSupport {
    private static final Map<String, LocalDate> LAST_DAYS = Map.of(
            "redis 4", LocalDate.of(2026, 1, 31),
            "redis 5", LocalDate.of(2026, 1, 31),
            "redis 6", LocalDate.of(2027, 1, 31));

    private CacheSupport() {}

    /** The engine with its major version; null if no node is known. */
    static @Nullable String runs(CacheGroup item) {
        CacheCluster node = item.node();
        return node == null || node.engineVersion() == null
                ? null
                : node.engine() + " " + node.engineVersion().split("\\.", 2)[0];
    }

    static @Nullable SupportEnd end(CacheGroup item) {
        String runs = runs(item);
        if (runs == null || !LAST_DAYS.containsKey(runs)) {
            return null;
        }
        return new SupportEnd(
                runs,
                "AWS's standard support of " + runs,
                LAST_DAYS.get(runs).atStartOfDay(ZoneOffset.UTC).toInstant(),
                "then ElastiCache charges for Extended Support, and three years later upgrades the cache to Valkey;"
                        + " set engine to valkey, or engineVersion to a newer version");
    }
}
