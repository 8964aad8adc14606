package dev.holdfast.twin.elasticache;

import static dev.holdfast.twin.store.Identifiers.lower;
import static dev.holdfast.twin.store.TwinErrors.combination;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticache.model.CacheCluster;
import software.amazon.awssdk.services.elasticache.model.ModifyReplicationGroupRequest;

/**
 * The versions of the engines, and the upgrades between them.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html">Engine versions</a>
 */
final class CacheVersions {
    /** The full version of each version that ElastiCache offers. */
    private static final Map<String, String> VERSIONS = new TreeMap<>(Map.of(
            "redis 5.0.6", "5.0.6",
            "redis 6.x", "6.2.6",
            "redis 6.0", "6.0.5",
            "redis 6.2", "6.2.6",
            "redis 7.0", "7.0.7",
            "redis 7.1", "7.1.0",
            "valkey 7.2", "7.2.6",
            "valkey 8.0", "8.0.1",
            "valkey 8.1", "8.1.0"));

    private CacheVersions() {}

    static String version(String engine, @Nullable String asked) {
        String wanted = asked == null ? engine.equals("redis") ? "7.1" : "8.1" : asked;
        for (Map.Entry<String, String> known : VERSIONS.entrySet()) {
            if (known.getKey().equals(engine + " " + wanted)) {
                return known.getValue();
            }
            if (wanted.matches("\\d+\\.\\d+\\.\\d+") && (engine + " " + wanted).startsWith(known.getKey() + ".")) {
                return wanted;
            }
        }
        throw combination("Cannot find version " + wanted + " for " + engine);
    }

    static String family(String engine, String version) {
        String major = version.substring(0, version.indexOf('.'));
        return engine + (engine.equals("redis") && major.equals("6") ? "6.x" : major.equals("5") ? "5.0" : major);
    }

    static String usualParameters(String engine, String version, boolean clustered) {
        return "default." + family(engine, version) + (clustered ? ".cluster.on" : "");
    }

    static void refuse(ModifyReplicationGroupRequest r, CacheCluster node) {
        String engine = r.engine() == null ? node.engine() : lower(r.engine());
        if (!engine.equals(node.engine()) && r.engineVersion() == null) {
            throw combination("EngineVersion must be specified when the engine is modified.");
        }
        if (r.engineVersion() == null) {
            return;
        }
        String wanted = version(engine, r.engineVersion());
        boolean back = engine.equals("redis") && node.engine().equals("valkey");
        if (back && (!wanted.startsWith("7.1") || !node.engineVersion().startsWith("7.2"))) {
            throw combination("Only Valkey 7.2 can be changed to Redis OSS, and only to version 7.1.");
        }
        if (!back && number(wanted) < number(node.engineVersion())) {
            throw combination("Cannot modify engine version from " + node.engineVersion() + " to " + wanted
                    + ": a downgrade is not supported.");
        }
    }

    private static long number(String version) {
        long number = 0;
        for (String part : version.split("\\.")) {
            number = number * 1000 + Long.parseLong(part);
        }
        return number;
    }
}
