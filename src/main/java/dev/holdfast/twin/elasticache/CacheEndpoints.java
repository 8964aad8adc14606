package dev.holdfast.twin.elasticache;

import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.TwinContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.elasticache.model.*;

/**
 * The parts of a replication group that depend on its nodes: the shards and the endpoints.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Endpoints.html">Connection endpoints</a>
 */
final class CacheEndpoints {
    private final TwinContext context;
    private final ResourceStore<ReplicationGroup, ReplicationGroup.Builder> store;
    private final CacheNodes nodes;

    CacheEndpoints(
            TwinContext context, ResourceStore<ReplicationGroup, ReplicationGroup.Builder> store, CacheNodes nodes) {
        this.context = context;
        this.store = store;
        this.nodes = nodes;
    }

    /** Sets the shards and the endpoints, which ElastiCache returns once the nodes run. */
    void show(String name, String host, int port) {
        String suffix = "." + host + "." + context.region() + ".cache.amazonaws.com";
        ReplicationGroup group = store.need(name);
        boolean clustered = Boolean.TRUE.equals(group.clusterEnabled());
        List<NodeGroup> shards = nodes.shards(name).entrySet().stream()
                .map(shard -> NodeGroup.builder()
                        .nodeGroupId(shard.getKey())
                        .status("available")
                        .primaryEndpoint(clustered ? null : endpoint("master." + name + suffix, port))
                        .readerEndpoint(clustered ? null : endpoint("replica." + name + suffix, port))
                        .nodeGroupMembers(nodes.members(shard.getValue(), clustered))
                        .build())
                .toList();
        store.change(
                name,
                g -> g.nodeGroups(shards)
                        .memberClusters(
                                nodes.of(name).map(CacheCluster::cacheClusterId).toList())
                        .configurationEndpoint(clustered ? endpoint("clustercfg." + name + suffix, port) : null));
        store.stored(name).attributes().put("host", host);
        store.stored(name).attributes().put("port", Integer.toString(port));
    }

    /** Sets the shards again after a change of the nodes; the endpoints stay the same. */
    void showAgain(String name) {
        Map<String, String> attributes = store.stored(name).attributes();
        show(
                name,
                Objects.requireNonNull(attributes.get("host")),
                Integer.parseInt(Objects.requireNonNull(attributes.get("port"))));
    }

    private static Endpoint endpoint(String address, int port) {
        return Endpoint.builder().address(address).port(port).build();
    }
}
