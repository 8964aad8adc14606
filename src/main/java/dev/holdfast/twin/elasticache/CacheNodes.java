package dev.holdfast.twin.elasticache;

import static dev.holdfast.twin.store.Identifiers.lower;
import static dev.holdfast.twin.store.Identifiers.selected;
import static dev.holdfast.twin.store.TwinErrors.combination;
import static dev.holdfast.twin.store.TwinErrors.error;

import dev.holdfast.twin.ec2.TwinEc2;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.TwinContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticache.model.*;

/** The nodes of replication groups, each with an interface in its subnet. ElastiCache calls a node a cache cluster. */
final class CacheNodes {
    /** @param shards the names of the nodes, by shard */
    record NodePlan(
            CacheCluster like, CacheSubnetGroup subnets, List<String> groups, Map<String, List<String>> shards) {
        List<String> ids() {
            return shards.values().stream().flatMap(List::stream).toList();
        }
    }

    private record Place(String subnet, String eni) {}

    private final TwinContext context;
    private final CacheSubnetGroups subnetGroups;
    private final ResourceStore<CacheCluster, CacheCluster.Builder> store;
    private final Map<String, Place> places = new HashMap<>();

    CacheNodes(TwinContext context, CacheSubnetGroups subnetGroups) {
        this.context = context;
        this.subnetGroups = subnetGroups;
        this.store = context.store(CacheCluster::builder, CacheCluster::cacheClusterId)
                .type("elasticache:cluster")
                .arn(CacheCluster::arn)
                .missing(name -> error(404, "CacheClusterNotFound", "CacheCluster not found: " + name))
                .pages(100);
    }

    Stream<CacheCluster> all() {
        return store.stream();
    }

    /** The nodes of a group in the order of their names. */
    Stream<CacheCluster> of(String group) {
        return store.stream()
                .filter(n -> group.equals(n.replicationGroupId()))
                .sorted(java.util.Comparator.comparing(CacheCluster::cacheClusterId));
    }

    CacheCluster first(String group) {
        return of(group).findFirst().orElseThrow();
    }

    Set<String> subnets(String subnetGroup) {
        Set<String> used = new TreeSet<>();
        store.stream()
                .filter(n -> subnetGroup.equals(n.cacheSubnetGroupName()))
                .forEach(n -> used.add(place(n.cacheClusterId()).subnet()));
        return used;
    }

    private Place place(String node) {
        return Objects.requireNonNull(places.get(node));
    }

    DescribeCacheClustersResponse page(DescribeCacheClustersRequest r, @Nullable String name, boolean withCacheNodes) {
        Stream<CacheCluster> seen = store.visible(selected(name))
                .map(n -> withCacheNodes
                        ? n
                        : n.toBuilder().cacheNodes(List.<CacheNode>of()).build());
        return store.page(r, DescribeCacheClustersResponse.builder(), seen);
    }

    NodePlan plan(
            CreateReplicationGroupRequest r,
            String group,
            String engine,
            String version,
            String parameters,
            boolean clustered) {
        if (r.cacheSubnetGroupName() == null) {
            throw combination("The twin has no default subnets: name a cache subnet group.");
        }
        CacheSubnetGroup subnets = subnetGroups.seen(r.cacheSubnetGroupName()).shape();
        List<String> security = securityGroups(subnets.vpcId(), r.securityGroupIds());
        CacheCluster like = CacheCluster.builder()
                .replicationGroupId(group)
                .engine(engine)
                .engineVersion(version)
                .cacheNodeType(r.cacheNodeType() == null ? "cache.t3.micro" : r.cacheNodeType())
                .cacheClusterStatus("creating")
                .numCacheNodes(1)
                .cacheClusterCreateTime(context.now())
                .preferredMaintenanceWindow(
                        ReplicationGroupRules.WINDOWS.weekly(r.preferredMaintenanceWindow(), r.snapshotWindow()))
                .cacheParameterGroup(p -> p.cacheParameterGroupName(parameters).parameterApplyStatus("in-sync"))
                .cacheSubnetGroupName(subnets.cacheSubnetGroupName())
                .securityGroups(memberships(security))
                .notificationConfiguration(
                        r.notificationTopicArn() == null
                                ? null
                                : NotificationConfiguration.builder()
                                        .topicArn(r.notificationTopicArn())
                                        .topicStatus("active")
                                        .build())
                .autoMinorVersionUpgrade(!Boolean.FALSE.equals(r.autoMinorVersionUpgrade()))
                .atRestEncryptionEnabled(
                        r.atRestEncryptionEnabled() == null ? engine.equals("valkey") : r.atRestEncryptionEnabled())
                .transitEncryptionEnabled(Boolean.TRUE.equals(r.transitEncryptionEnabled()))
                .transitEncryptionMode(ReplicationGroupRules.mode(r))
                .authTokenEnabled(r.authToken() != null)
                .build();
        Map<String, List<String>> shards = new TreeMap<>();
        for (int shard = 1; shard <= ReplicationGroupRules.shards(r); shard++) {
            List<String> ids = new ArrayList<>();
            for (int node = 1; node <= ReplicationGroupRules.nodesPerShard(r); node++) {
                ids.add(id(group, shard, node, clustered));
            }
            shards.put(shard(shard), ids);
        }
        return new NodePlan(like, subnets, security, shards);
    }

    private static String shard(int number) {
        return "%04d".formatted(number);
    }

    private static String id(String group, int shard, int node, boolean clustered) {
        return clustered ? "%s-%04d-%03d".formatted(group, shard, node) : "%s-%03d".formatted(group, node);
    }

    private List<String> securityGroups(String vpc, List<String> asked) {
        return context.peer(TwinEc2.class).securityGroups(vpc, asked);
    }

    private static List<SecurityGroupMembership> memberships(List<String> groups) {
        return groups.stream()
                .map(id -> SecurityGroupMembership.builder()
                        .securityGroupId(id)
                        .status("active")
                        .build())
                .toList();
    }

    void create(NodePlan plan) {
        plan.ids().forEach(id -> create(plan.like(), id, plan.subnets(), plan.groups()));
    }

    private void create(CacheCluster like, String id, CacheSubnetGroup subnets, List<String> groups) {
        Subnet subnet = subnets.subnets().get(places.size() % subnets.subnets().size());
        String eni = context.peer(TwinEc2.class)
                .createInterface(subnet.subnetIdentifier(), groups, "ElastiCache " + id, true);
        places.put(id, new Place(subnet.subnetIdentifier(), eni));
        store.put(like.toBuilder()
                .cacheClusterId(id)
                .arn(context.arn("elasticache", "cluster:" + id))
                .preferredAvailabilityZone(subnet.subnetAvailabilityZone().name())
                .cacheNodes(n -> n.cacheNodeId("0001").cacheNodeStatus("available"))
                .build());
    }

    /** The names of the nodes of a group, by shard. */
    Map<String, List<String>> shards(String group) {
        Map<String, List<String>> shards = new TreeMap<>();
        of(group)
                .forEach(n -> shards.computeIfAbsent(shardOf(group, n), s -> new ArrayList<>())
                        .add(n.cacheClusterId()));
        return shards;
    }

    private static String shardOf(String group, CacheCluster node) {
        String rest = node.cacheClusterId().substring(group.length() + 1);
        return rest.length() > 4 ? rest.substring(0, 4) : shard(1);
    }

    List<NodeGroupMember> members(List<String> ids, boolean clustered) {
        return ids.stream()
                .map(id -> NodeGroupMember.builder()
                        .cacheClusterId(id)
                        .cacheNodeId("0001")
                        .preferredAvailabilityZone(store.need(id).preferredAvailabilityZone())
                        .currentRole(clustered ? null : id.equals(ids.getFirst()) ? "primary" : "replica")
                        .build())
                .toList();
    }

    void grow(String group, int replicas) {
        shards(group).forEach((shard, ids) -> {
            for (int node = ids.size() + 1; node <= replicas + 1; node++) {
                addLike(group, ids.getFirst(), Integer.parseInt(shard), node);
            }
        });
    }

    private void addLike(String group, String sample, int shard, int node) {
        CacheCluster like = store.need(sample);
        boolean clustered = sample.length() > group.length() + 4;
        create(
                like,
                id(group, shard, node, clustered),
                subnetGroups.need(like.cacheSubnetGroupName()),
                like.securityGroups().stream()
                        .map(SecurityGroupMembership::securityGroupId)
                        .toList());
    }

    void shrink(String group, int replicas) {
        shards(group).values().forEach(ids -> ids.stream().skip(replicas + 1L).forEach(this::remove));
    }

    void addShards(String group, int count) {
        Map<String, List<String>> shards = shards(group);
        List<String> sample = shards.values().iterator().next();
        for (int shard = shards.size() + 1; shard <= count; shard++) {
            for (int node = 1; node <= sample.size(); node++) {
                addLike(group, sample.getFirst(), shard, node);
            }
        }
    }

    void removeShards(String group, List<String> going) {
        shards(group).forEach((shard, ids) -> {
            if (going.contains(shard)) {
                ids.forEach(this::remove);
            }
        });
    }

    private void remove(String id) {
        context.peer(TwinEc2.class).deleteInterface(place(id).eni());
        places.remove(id);
        store.remove(id);
    }

    void delete(String group) {
        of(group).map(CacheCluster::cacheClusterId).toList().forEach(this::remove);
    }

    void each(String group, Consumer<CacheCluster.Builder> change) {
        of(group).map(CacheCluster::cacheClusterId).toList().forEach(id -> store.change(id, change));
    }

    /** Applies the part of a modification that changes the nodes at once. */
    void change(String group, ModifyReplicationGroupRequest r, String parameters) {
        if (!r.securityGroupIds().isEmpty()) {
            CacheSubnetGroup subnets = subnetGroups.need(first(group).cacheSubnetGroupName());
            List<String> groups = securityGroups(subnets.vpcId(), r.securityGroupIds());
            each(group, n -> n.securityGroups(memberships(groups)));
            of(group)
                    .forEach(n -> context.peer(TwinEc2.class)
                            .setInterfaceGroups(place(n.cacheClusterId()).eni(), groups));
        }
        NotificationConfiguration had = first(group).notificationConfiguration();
        String topic =
                r.notificationTopicArn() != null ? r.notificationTopicArn() : had == null ? null : had.topicArn();
        String status = r.notificationTopicStatus() != null
                ? r.notificationTopicStatus()
                : had == null ? "active" : had.topicStatus();
        each(group, n -> {
            if (topic != null) {
                n.notificationConfiguration(c -> c.topicArn(topic).topicStatus(status));
            }
            if (r.preferredMaintenanceWindow() != null) {
                n.preferredMaintenanceWindow(lower(r.preferredMaintenanceWindow()));
            }
            if (!parameters.equals(first(group).cacheParameterGroup().cacheParameterGroupName())) {
                n.cacheParameterGroup(p -> p.cacheParameterGroupName(parameters).parameterApplyStatus("in-sync"));
            }
        });
    }

    void secure(String group, ReplicationGroup of) {
        each(
                group,
                n -> n.transitEncryptionEnabled(of.transitEncryptionEnabled())
                        .transitEncryptionMode(of.transitEncryptionMode())
                        .authTokenEnabled(of.authTokenEnabled()));
    }

    void wait(String group, @Nullable String type, @Nullable String version) {
        each(group, n -> n.pendingModifiedValues(p -> p.cacheNodeType(type).engineVersion(version)));
    }

    void applyWaiting(String group) {
        of(group).toList().forEach(n -> {
            PendingModifiedValues waiting = n.pendingModifiedValues();
            store.change(n.cacheClusterId(), b -> {
                if (waiting != null && waiting.cacheNodeType() != null) {
                    b.cacheNodeType(waiting.cacheNodeType());
                }
                if (waiting != null && waiting.engineVersion() != null) {
                    b.engineVersion(waiting.engineVersion());
                }
                b.pendingModifiedValues((PendingModifiedValues) null);
            });
        });
    }

    void parametersWait(String parameters) {
        store.all().stream()
                .filter(n -> n.cacheParameterGroup().cacheParameterGroupName().equals(parameters))
                .forEach(n -> store.change(
                        n.cacheClusterId(),
                        b -> b.cacheParameterGroup(
                                p -> p.cacheParameterGroupName(parameters).parameterApplyStatus("pending-reboot"))));
    }
}
