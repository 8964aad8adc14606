package dev.holdfast.twin.elasticache;

import static dev.holdfast.twin.store.Identifiers.lower;
import static dev.holdfast.twin.store.Identifiers.selected;
import static dev.holdfast.twin.store.TwinErrors.combination;
import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.invalid;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TimedWork;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticache.model.*;

/**
 * The life cycle of replication groups. After each call ElastiCache works on the group for minutes, and refuses further
 * calls until the work ends.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.html">Replication groups</a>
 */
final class ReplicationGroups {
    private static final int PAGE = 100;
    /** The attribute of a stored group that contains the hashes of the tokens that clients may use. */
    private static final String TOKENS = "tokens";

    private final TwinContext context;
    private final CacheParameterGroups parameterGroups;
    private final ResourceStore<ReplicationGroup, ReplicationGroup.Builder> store;
    private final TimedWork<ReplicationGroup, ReplicationGroup.Builder> work;
    private final CacheUserGroups users;
    private final CacheNodes nodes;
    private final CacheEndpoints endpoints;
    private final Set<String> snapshots = new TreeSet<>();
    /** The change that a group receives when the work on it ends. */
    private final Map<String, Runnable> then = new HashMap<>();
    /** The groups whose creation fails. */
    private final Set<String> failed = new TreeSet<>();

    ReplicationGroups(
            TwinContext context,
            CacheSubnetGroups subnetGroups,
            CacheParameterGroups parameterGroups,
            CacheUserGroups users) {
        this.context = context;
        this.users = users;
        this.parameterGroups = parameterGroups;
        this.nodes = new CacheNodes(context, subnetGroups);
        this.store = context.store(ReplicationGroup::builder, ReplicationGroup::replicationGroupId)
                .type("elasticache:replicationgroup")
                .arn(ReplicationGroup::arn)
                .missing(
                        name -> error(404, "ReplicationGroupNotFoundFault", "ReplicationGroup " + name + " not found."))
                .pages(PAGE)
                .tagRules(TwinElastiCache.TAG_RULES)
                .detail(group -> group.text() + " " + nodes.of(group.id()).toList() + " "
                        + group.attributes().get(TOKENS));
        this.endpoints = new CacheEndpoints(context, store, nodes);
        this.work = new TimedWork<>(context, store, ReplicationGroup.Builder::status, this::end);
        users.usedBy(this::having, this::usersChange);
    }

    private List<String> having(String userGroup) {
        return store.stream()
                .filter(group -> group.userGroupIds().contains(userGroup))
                .map(ReplicationGroup::replicationGroupId)
                .toList();
    }

    /** A change of a user also modifies the replication groups of its user group for a while. */
    private void usersChange(String userGroup) {
        work.settle();
        for (String name : having(userGroup)) {
            if (store.need(name).status().equals("available")) {
                works(name, "modifying", Delay.CACHE_USER, () -> {});
            }
        }
    }

    Set<String> snapshots() {
        return Set.copyOf(snapshots);
    }

    Stream<CacheCluster> nodes() {
        work.settle();
        return nodes.all();
    }

    Set<String> usedSubnets(String subnetGroup) {
        work.settle();
        return nodes.subnets(subnetGroup);
    }

    List<TwinItem> items() {
        return work.items();
    }

    /** A group that is available. ElastiCache refuses reads and changes of its tags in any other state. */
    StoredResource<ReplicationGroup> available(@Nullable String name) {
        StoredResource<ReplicationGroup> group = work.seen(name);
        refuseBusy(group.shape());
        return group;
    }

    private static void refuseBusy(ReplicationGroup group) {
        if (!group.status().equals("available")) {
            throw refused(
                    "InvalidReplicationGroupState",
                    "Replication group " + group.replicationGroupId() + " has status " + group.status()
                            + " which is not valid for this operation.");
        }
    }

    DescribeReplicationGroupsResponse page(DescribeReplicationGroupsRequest r, @Nullable String name) {
        work.settle();
        return store.page(r, DescribeReplicationGroupsResponse.builder(), store.visible(selected(name)));
    }

    DescribeCacheClustersResponse pageOfNodes(
            DescribeCacheClustersRequest r, @Nullable String name, boolean withCacheNodes) {
        work.settle();
        return nodes.page(r, name, withCacheNodes);
    }

    ReplicationGroup create(CreateReplicationGroupRequest r) {
        work.settle();
        String name = lower(r.replicationGroupId());
        if (store.has(name)) {
            throw refused("ReplicationGroupAlreadyExists", "Replication group " + name + " already exists.");
        }
        ReplicationGroupRules.refuse(r, name);
        String engine = r.engine() == null ? "redis" : lower(r.engine());
        String version = CacheVersions.version(engine, r.engineVersion());
        boolean clustered = ReplicationGroupRules.isClustered(r);
        refuseUsers(r.userGroupIds(), engine);
        CacheNodes.NodePlan plan =
                nodes.plan(r, name, engine, version, parameterGroup(engine, version, clustered, r), clustered);
        int port = r.port() == null ? 6379 : r.port();
        ReplicationGroup made = store.create(r, g -> {
            ReplicationGroupRules.defaults(r, engine, g);
            g.replicationGroupId(name)
                    .description(r.replicationGroupDescription())
                    .arn(context.arn("elasticache", "replicationgroup:" + name))
                    .status("creating")
                    .replicationGroupCreateTime(context.now())
                    .engine(engine)
                    .clusterEnabled(clustered)
                    .logDeliveryConfigurations(ReplicationGroupRules.logs(List.of(), r.logDeliveryConfigurations()))
                    .userGroupIds(r.userGroupIds())
                    .memberClusters(plan.ids());
        });
        nodes.create(plan);
        if (r.authToken() != null) {
            store.stored(name).attributes().put(TOKENS, ReplicationGroupRules.hash(r.authToken()));
        }
        String host = context.hex(6);
        works(name, "creating", Delay.CACHE, () -> endpoints.show(name, host, port));
        return store.shown(made);
    }

    /** A cache can have at most one user group. */
    private void refuseUsers(Collection<String> ids, String engine) {
        if (ids.size() > 1) {
            throw invalid("A replication group can have only one user group.");
        }
        ids.forEach(id -> users.usable(id, engine));
    }

    private String parameterGroup(String engine, String version, boolean clustered, CreateReplicationGroupRequest r) {
        String asked = r.cacheParameterGroupName();
        return asked == null
                ? CacheVersions.usualParameters(engine, version, clustered)
                : parameterGroup(engine, version, asked);
    }

    private String parameterGroup(String engine, String version, String asked) {
        return parameterGroups.usable(asked, CacheVersions.family(engine, version));
    }

    ReplicationGroup modify(ModifyReplicationGroupRequest r) {
        ReplicationGroup old = available(r.replicationGroupId()).shape();
        String name = old.replicationGroupId();
        CacheCluster node = nodes.first(name);
        ReplicationGroupRules.refuseModify(r, old, node);
        Map<String, String> attributes = store.stored(name).attributes();
        String tokens = ReplicationGroupRules.tokens(r, attributes.get(TOKENS));
        String engine = r.engine() == null ? node.engine() : lower(r.engine());
        String version =
                r.engineVersion() == null ? node.engineVersion() : CacheVersions.version(engine, r.engineVersion());
        String group = changedParameters(r, node, engine, version, Boolean.TRUE.equals(old.clusterEnabled()));
        Set<String> having = new TreeSet<>(old.userGroupIds());
        having.addAll(r.userGroupIdsToAdd());
        having.removeAll(r.userGroupIdsToRemove());
        if (!Boolean.TRUE.equals(r.removeUserGroups())
                && (!r.userGroupIdsToAdd().isEmpty() || r.engine() != null)) {
            refuseUsers(having, engine);
        }
        boolean now = Boolean.TRUE.equals(r.applyImmediately());
        Consumer<CacheCluster.Builder> restarting = n -> {
            n.engine(engine).engineVersion(version);
            if (r.cacheNodeType() != null) {
                n.cacheNodeType(r.cacheNodeType());
            }
        };
        store.change(name, g -> ReplicationGroupRules.atOnce(r, old, g));
        nodes.change(name, r, group);
        boolean restarts = r.engine() != null || r.engineVersion() != null || r.cacheNodeType() != null;
        if (restarts && !now) {
            nodes.wait(name, r.cacheNodeType(), r.engineVersion() == null ? null : version);
        }
        boolean takesLong = (restarts && now) || ReplicationGroupRules.isWork(r);
        works(name, "modifying", takesLong ? Delay.CACHE : Delay.VISIBLE, () -> {
            store.change(name, g -> ReplicationGroupRules.later(r, store.need(name), g));
            nodes.secure(name, store.need(name));
            if (r.authTokenUpdateStrategy() != null) {
                store.change(name, g -> g.authTokenLastModifiedDate(context.now()));
            }
            if (tokens == null) {
                attributes.remove(TOKENS);
            } else {
                attributes.put(TOKENS, tokens);
            }
            if (now) {
                nodes.each(name, restarting);
                applyWaiting(name);
            }
        });
        return store.shown(name);
    }

    private String changedParameters(
            ModifyReplicationGroupRequest r, CacheCluster node, String engine, String version, boolean clustered) {
        String has = node.cacheParameterGroup().cacheParameterGroupName();
        if (r.cacheParameterGroupName() != null) {
            return parameterGroup(engine, version, r.cacheParameterGroupName());
        }
        if (has.startsWith("default.")) {
            return CacheVersions.usualParameters(engine, version, clustered);
        }
        return parameterGroup(engine, version, has);
    }

    /** Applies the changes that wait for the maintenance window. The group then shows the node type of its nodes. */
    private void applyWaiting(String name) {
        nodes.applyWaiting(name);
        CacheCluster node = nodes.first(name);
        store.change(name, g -> g.cacheNodeType(node.cacheNodeType()).engine(node.engine()));
    }

    void openWindow(String name) {
        works(store.seen(name).id(), "modifying", Delay.CACHE, () -> applyWaiting(name));
    }

    /** Lets the creation that is under way fail, in which case the group never gets an endpoint. */
    void failCreation(String name) {
        if (!"creating".equals(store.need(name).status())) {
            throw new IllegalStateException(name + " is not being created");
        }
        then.put(name, () -> {});
        failed.add(name);
    }

    void failLogs(String name, String message) {
        store.change(
                name,
                g -> g.logDeliveryConfigurations(store.need(name).logDeliveryConfigurations().stream()
                        .map(log -> log.copy(l ->
                                l.status(LogDeliveryConfigurationStatus.ERROR).message(message)))
                        .toList()));
    }

    void upgrade(String name, String version) {
        nodes.each(store.seen(name).id(), n -> n.engineVersion(version));
    }

    boolean lets(String name, String token) {
        work.settle();
        String tokens = store.stored(name).attributes().getOrDefault(TOKENS, "");
        return List.of(tokens.split(" ")).contains(ReplicationGroupRules.hash(token));
    }

    void parametersWait(String group) {
        nodes.parametersWait(group);
    }

    ReplicationGroup replicas(@Nullable String id, @Nullable Integer count, boolean now, boolean more) {
        ReplicationGroup group = available(id).shape();
        String name = group.replicationGroupId();
        int there = group.nodeGroups().getFirst().nodeGroupMembers().size() - 1;
        ReplicationGroupRules.refuseReplicas(group, there, count, now, more);
        int wanted = Objects.requireNonNull(count);
        if (more) {
            nodes.grow(name, wanted);
            store.change(
                    name,
                    g -> g.memberClusters(
                            nodes.of(name).map(CacheCluster::cacheClusterId).toList()));
        }
        works(name, "modifying", Delay.CACHE, () -> {
            nodes.shrink(name, wanted);
            endpoints.showAgain(name);
        });
        return store.shown(name);
    }

    ReplicationGroup reshard(@Nullable String id, @Nullable Integer count, boolean now, List<String> going) {
        ReplicationGroup group = available(id).shape();
        String name = group.replicationGroupId();
        int there = group.nodeGroups().size();
        if (count == null || !now || !Boolean.TRUE.equals(group.clusterEnabled())) {
            throw combination("Resharding needs cluster mode, NodeGroupCount and ApplyImmediately.");
        }
        if (count < there && going.size() != there - count) {
            throw invalid("NodeGroupsToRemove must name " + (there - count) + " node groups.");
        }
        nodes.addShards(name, count);
        migrates(name, 0);
        works(name, "modifying", Delay.CACHE, () -> {
            nodes.removeShards(name, going);
            endpoints.showAgain(name);
            store.change(name, g -> g.pendingModifiedValues((ReplicationGroupPendingModifiedValues) null));
        });
        return store.shown(name);
    }

    /** @param percent the progress of the migration of slots */
    void migrates(String name, double percent) {
        store.change(
                name,
                g -> g.pendingModifiedValues(
                        p -> p.resharding(r -> r.slotMigration(m -> m.progressPercentage(percent)))));
    }

    ReplicationGroup delete(DeleteReplicationGroupRequest r) {
        ReplicationGroup group = work.seen(r.replicationGroupId()).shape();
        String name = group.replicationGroupId();
        if (!group.status().equals("create-failed")) {
            refuseBusy(group);
        }
        if (Boolean.TRUE.equals(r.retainPrimaryCluster())) {
            throw combination("The twin has no caches outside of replication groups.");
        }
        if (r.finalSnapshotIdentifier() != null && !snapshots.add(r.finalSnapshotIdentifier())) {
            throw refused(
                    "SnapshotAlreadyExistsFault",
                    "Snapshot with specified name already exists: " + r.finalSnapshotIdentifier());
        }
        works(name, "deleting", Delay.CACHE, () -> {
            nodes.delete(name);
            store.remove(name);
        });
        return store.shown(group.toBuilder().status("deleting").build());
    }

    private void works(String name, String on, Delay delay, Runnable end) {
        work.begin(name, on, delay);
        nodes.each(name, n -> n.cacheClusterStatus(on));
        then.put(name, end);
        work.settle();
    }

    private void end(TimedWork.Ended ended) {
        String name = ended.name();
        Objects.requireNonNull(then.remove(name)).run();
        String status = failed.remove(name) ? "create-failed" : "available";
        if (store.has(name)) {
            store.change(name, g -> g.status(status));
            nodes.each(name, n -> n.cacheClusterStatus(status));
        }
    }
}
