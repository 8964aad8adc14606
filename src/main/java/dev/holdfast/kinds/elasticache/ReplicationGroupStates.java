package dev.holdfast.kinds.elasticache;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.model.Health;
import dev.holdfast.model.MaintenanceWindow;
import dev.holdfast.model.Outlook;
import dev.holdfast.model.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticache.model.AutomaticFailoverStatus;
import software.amazon.awssdk.services.elasticache.model.CacheCluster;
import software.amazon.awssdk.services.elasticache.model.DataTieringStatus;
import software.amazon.awssdk.services.elasticache.model.Endpoint;
import software.amazon.awssdk.services.elasticache.model.LogDeliveryConfigurationStatus;
import software.amazon.awssdk.services.elasticache.model.MultiAZStatus;
import software.amazon.awssdk.services.elasticache.model.NodeGroup;
import software.amazon.awssdk.services.elasticache.model.PendingModifiedValues;
import software.amazon.awssdk.services.elasticache.model.ReplicationGroup;
import software.amazon.awssdk.services.elasticache.model.ReplicationGroupPendingModifiedValues;

/**
 * The phase, the health and the field values that follow from the members of a replication group.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ReplicationGroup.html">ReplicationGroup</a>
 */
final class ReplicationGroupStates {
    private ReplicationGroupStates() {}

    static <S extends Record> Known<S> facts(Known<S> known, CacheGroup item) {
        ReplicationGroup group = item.group();
        Endpoint endpoint = endpoint(item);
        return known.fact(
                        "Engine",
                        item.node() == null
                                ? null
                                : item.node().engine() + " " + item.node().engineVersion())
                .fact("Status", group.status())
                .fact("Resharding", resharding(group))
                .fact(
                        "Endpoint",
                        endpoint == null || endpoint.address() == null
                                ? null
                                : endpoint.address() + ":" + endpoint.port())
                .fact("Node type", group.cacheNodeType())
                .fact("Nodes", group.memberClusters().size())
                .fact("Multi-AZ", group.multiAZAsString())
                .fact("Automatic failover", group.automaticFailoverAsString());
    }

    /**
     * The part of the slots that have moved to their new shards; null: no resharding is under way.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_SlotMigration.html">SlotMigration</a>
     */
    private static @Nullable String resharding(ReplicationGroup group) {
        ReplicationGroupPendingModifiedValues pending = group.pendingModifiedValues();
        boolean known = pending != null
                && pending.resharding() != null
                && pending.resharding().slotMigration() != null;
        return known ? pending.resharding().slotMigration().progressPercentage() + " %" : null;
    }

    /** A status that is not in the list means that ElastiCache is working on the cache. */
    static Phase phase(CacheGroup item) {
        ReplicationGroup group = item.group();
        return switch (group.status()) {
            case "creating" -> Phase.Creating;
            case "deleting" -> Phase.Deleting;
            case "create-failed", "snapshotting" -> Phase.Steady;
            case "available" ->
                item.node() != null && group.nodeGroups().stream().allMatch(n -> "available".equals(n.status()))
                        ? Phase.Steady
                        : Phase.Updating;
            default -> Phase.Updating;
        };
    }

    static Health health(CacheGroup item) {
        return switch (item.group().status()) {
            case "available", "snapshotting" -> undelivered(item);
            default -> CacheStatus.health(item.group().status());
        };
    }

    /** A log that ElastiCache cannot deliver does not keep clients from the cache: the cache stays ready. */
    private static Health undelivered(CacheGroup item) {
        String logs = item.group().logDeliveryConfigurations().stream()
                .filter(log -> log.status() == LogDeliveryConfigurationStatus.ERROR)
                .map(log -> log.logTypeAsString() + (log.message() == null ? "" : ": " + log.message()))
                .sorted()
                .collect(Collectors.joining("; "));
        return logs.isEmpty()
                ? restart(item)
                : new Health(Health.Ready.True, "LogDeliveryFailed", "ElastiCache does not deliver the " + logs);
    }

    private static Health restart(CacheGroup item) {
        boolean waits = item.node() != null
                && item.node().cacheParameterGroup() != null
                && "pending-reboot".equals(item.node().cacheParameterGroup().parameterApplyStatus());
        return waits
                ? new Health(Health.Ready.True, "PendingReboot", "settings of the parameter group wait for a reboot")
                : Health.AVAILABLE;
    }

    /** ElastiCache lists the node type and the version that wait for the window at the nodes, not at the group. */
    static Outlook outlook(CacheGroup item) {
        CacheCluster node = item.node();
        if (node == null || !"available".equals(item.group().status())) {
            return Outlook.NONE;
        }
        List<String> fields = new ArrayList<>();
        PendingModifiedValues waiting = node.pendingModifiedValues();
        if (waiting != null && waiting.cacheNodeType() != null) {
            fields.add("cacheNodeType");
        }
        if (waiting != null && waiting.engineVersion() != null) {
            fields.add("engineVersion");
        }
        ReplicationGroupPendingModifiedValues group = item.group().pendingModifiedValues();
        if (group != null && group.automaticFailoverStatus() != null) {
            fields.add("automaticFailoverEnabled");
        }
        return Outlook.NONE.pending(fields, MaintenanceWindow.parse(node.preferredMaintenanceWindow()));
    }

    static boolean failover(CacheGroup item) {
        ReplicationGroupPendingModifiedValues pending = item.group().pendingModifiedValues();
        if (pending != null && pending.automaticFailoverStatus() != null) {
            return pending.automaticFailoverStatusAsString().equals("enabled");
        }
        AutomaticFailoverStatus status = item.group().automaticFailover();
        return status == AutomaticFailoverStatus.ENABLED || status == AutomaticFailoverStatus.ENABLING;
    }

    static boolean multiAZ(CacheGroup item) {
        return item.group().multiAZ() == MultiAZStatus.ENABLED;
    }

    static boolean dataTiering(CacheGroup item) {
        return item.group().dataTiering() == DataTieringStatus.ENABLED;
    }

    static @Nullable Integer shards(CacheGroup item) {
        int shards = item.group().nodeGroups().size();
        return shards == 0 ? null : shards;
    }

    /** The replicas of the shard with the fewest: too few replicas are worse than too many. */
    static @Nullable Integer replicas(CacheGroup item) {
        List<NodeGroup> shards = item.group().nodeGroups();
        return shards.isEmpty()
                ? null
                : shards.stream()
                                .mapToInt(shard -> shard.nodeGroupMembers().size())
                                .min()
                                .orElseThrow()
                        - 1;
    }

    /** The configuration endpoint of a group in cluster mode, or else the endpoint of the primary. */
    static @Nullable Endpoint endpoint(CacheGroup item) {
        if (item.group().configurationEndpoint() != null) {
            return item.group().configurationEndpoint();
        }
        List<NodeGroup> shards = item.group().nodeGroups();
        return shards.isEmpty() ? null : shards.getFirst().primaryEndpoint();
    }

    static @Nullable Endpoint reader(CacheGroup item) {
        List<NodeGroup> shards = item.group().nodeGroups();
        return shards.isEmpty() ? null : shards.getFirst().readerEndpoint();
    }

    static @Nullable String topic(CacheGroup item) {
        if (item.node() == null) {
            return null;
        }
        boolean active = item.node().notificationConfiguration() != null
                && "active".equals(item.node().notificationConfiguration().topicStatus());
        return active ? item.node().notificationConfiguration().topicArn() : "";
    }

    static Set<String> userGroups(CacheGroup item) {
        Set<String> groups = new TreeSet<>(item.group().userGroupIds());
        ReplicationGroupPendingModifiedValues pending = item.group().pendingModifiedValues();
        if (pending != null && pending.userGroups() != null) {
            groups.addAll(pending.userGroups().userGroupIdsToAdd());
            groups.removeAll(pending.userGroups().userGroupIdsToRemove());
        }
        return groups;
    }

    static List<LogDelivery> logs(CacheGroup item) {
        Map<String, LogDelivery> logs = new TreeMap<>();
        item.group().logDeliveryConfigurations().stream()
                .filter(log -> log.status() != LogDeliveryConfigurationStatus.DISABLING)
                .forEach(log -> logs.put(log.logTypeAsString(), Wire.read(LogDelivery.class, log)));
        ReplicationGroupPendingModifiedValues pending = item.group().pendingModifiedValues();
        if (pending != null) {
            pending.logDeliveryConfigurations()
                    .forEach(log -> logs.put(log.logTypeAsString(), Wire.read(LogDelivery.class, log)));
        }
        return List.copyOf(logs.values());
    }
}
