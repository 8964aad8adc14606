package dev.holdfast.kinds.elasticache;

import dev.holdfast.kind.PointRead;
import dev.holdfast.kind.ReadItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.CacheCluster;
import software.amazon.awssdk.services.elasticache.model.ReplicationGroup;
import software.amazon.awssdk.services.elasticache.model.ReplicationGroupNotFoundException;

/**
 * A replication group with one of its nodes. ElastiCache reports the version, the subnets, the security groups, the
 * parameter group, the maintenance window and the topic only for nodes.
 *
 * @param node null: ElastiCache lists no node of the group yet
 */
record CacheGroup(ReplicationGroup group, @Nullable CacheCluster node) implements ReadItem {
    private static final int PAGE = 100;

    /** Reads one group, with its first node. */
    static final PointRead<ElastiCacheClient, CacheGroup> READ =
            PointRead.of(CacheGroup::byId, ReplicationGroupNotFoundException.class);

    String replicationGroupId() {
        return group.replicationGroupId();
    }

    String arn() {
        return group.arn();
    }

    /** Reads all groups with two lists, page by page. */
    static List<CacheGroup> all(ElastiCacheClient cache) {
        Map<String, CacheCluster> first = new HashMap<>();
        cache.describeCacheClustersPaginator(r -> r.maxRecords(PAGE))
                .cacheClusters()
                .forEach(node -> {
                    if (node.replicationGroupId() != null) {
                        first.merge(node.replicationGroupId(), node, CacheGroup::lower);
                    }
                });
        return cache.describeReplicationGroupsPaginator(r -> r.maxRecords(PAGE)).replicationGroups().stream()
                .map(group -> new CacheGroup(group, first.get(group.replicationGroupId())))
                .toList();
    }

    private static CacheCluster lower(CacheCluster one, CacheCluster other) {
        return one.cacheClusterId().compareTo(other.cacheClusterId()) <= 0 ? one : other;
    }

    private static List<CacheGroup> byId(ElastiCacheClient cache, String id) {
        return cache.describeReplicationGroups(r -> r.replicationGroupId(id)).replicationGroups().stream()
                .map(group -> new CacheGroup(group, node(cache, group)))
                .toList();
    }

    private static @Nullable CacheCluster node(ElastiCacheClient cache, ReplicationGroup group) {
        return group.memberClusters().isEmpty()
                ? null
                : cache.describeCacheClusters(
                                r -> r.cacheClusterId(group.memberClusters().getFirst()))
                        .cacheClusters()
                        .getFirst();
    }

    /**
     * Pending values come first: a change that waits for the maintenance window, or is under way, needs no second call.
     */
    List<SdkPojo> shapes() {
        List<SdkPojo> shapes = new ArrayList<>();
        Stream.of(node == null ? null : node.pendingModifiedValues(), group.pendingModifiedValues(), group, node)
                .filter(Objects::nonNull)
                .forEach(shapes::add);
        return shapes;
    }
}
