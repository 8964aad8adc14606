package dev.holdfast.kinds.elasticache;

import dev.holdfast.kind.PointRead;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.CacheCluster;
import software.amazon.awssdk.services.elasticache.model.ReplicationGroup;
import software.amazon.awssdk.services.elasticache.model.ReplicationGroupNotFoundException;

/**
 * A replication group with one of its nodes: the version, the subnets, the security groups, the parameter group, the window and
 * the topic are told of nodes only.
 *
 * @param node null: no list shows a node of it yet
 */
record CacheGroup(ReplicationGroup group, @Nullable CacheCluster node) implements SdkPojo {
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

    /** Two lists for all groups, page by page. */
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

    /** What waits for the maintenance window, or is being made, comes before what is: it needs no second call. */
    List<SdkPojo> shapes() {
        List<SdkPojo> shapes = new ArrayList<>();
        Stream.of(node == null ? null : node.pendingModifiedValues(), group.pendingModifiedValues(), group, node)
                .filter(Objects::nonNull)
                .forEach(shapes::add);
        return shapes;
    }

    /** The mapper reads the shapes in it. */
    @Override
    public List<SdkField<?>> sdkFields() {
        return List.of();
    }
}
