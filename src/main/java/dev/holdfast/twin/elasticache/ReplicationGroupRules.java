package dev.holdfast.twin.elasticache;

import static dev.holdfast.twin.store.Identifiers.lower;
import static dev.holdfast.twin.store.TwinErrors.combination;
import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.invalid;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.Identifiers;
import dev.holdfast.twin.store.WindowRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticache.model.*;

/**
 * The defaults and the errors of ElastiCache for replication groups.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html">ModifyReplicationGroup</a>
 */
final class ReplicationGroupRules {
    static final WindowRules WINDOWS = new WindowRules(
            "snapshot",
            Duration.ofMinutes(60),
            List.of("02:00-03:00", "14:00-15:00"),
            List.of("sun:04:11-sun:05:11", "sun:16:11-sun:17:11"));

    private ReplicationGroupRules() {}

    static boolean isClustered(CreateReplicationGroupRequest r) {
        boolean mode = r.clusterMode() != null && r.clusterMode() != ClusterMode.DISABLED;
        return mode || shards(r) > 1 || lower(r.cacheParameterGroupName()).endsWith(".cluster.on");
    }

    static int shards(CreateReplicationGroupRequest r) {
        return r.numNodeGroups() == null ? 1 : r.numNodeGroups();
    }

    static int nodesPerShard(CreateReplicationGroupRequest r) {
        if (r.numCacheClusters() != null) {
            return r.numCacheClusters();
        }
        return r.replicasPerNodeGroup() == null ? 1 : r.replicasPerNodeGroup() + 1;
    }

    static void refuse(CreateReplicationGroupRequest r, String name) {
        if (!Identifiers.isValid(name, 40)) {
            throw invalid(
                    "The parameter ReplicationGroupId must be provided and must not be blank, and is not a valid identifier.");
        }
        boolean failover = Boolean.TRUE.equals(r.automaticFailoverEnabled());
        if (r.numCacheClusters() != null && (r.replicasPerNodeGroup() != null || r.numNodeGroups() != null)) {
            throw combination("Cannot specify both NumCacheClusters and NumNodeGroups or ReplicasPerNodeGroup.");
        }
        if (failover && nodesPerShard(r) < 2 && !isClustered(r)) {
            throw combination(
                    "When using automatic failover, there must be at least 2 cache clusters in the replication group.");
        }
        if (isClustered(r) && !failover) {
            throw combination("Automatic failover must be enabled for a replication group with cluster mode enabled.");
        }
        if (Boolean.TRUE.equals(r.multiAZEnabled()) && !failover) {
            throw combination("Automatic Failover must be enabled to enable Multi-AZ.");
        }
        boolean encrypted = Boolean.TRUE.equals(r.transitEncryptionEnabled());
        if (!encrypted && (r.authToken() != null || !r.userGroupIds().isEmpty() || r.transitEncryptionMode() != null)) {
            throw combination(
                    "In-transit encryption must be enabled to use an AUTH token, user groups or a mode of it.");
        }
        refuseToken(r.authToken());
        if (r.kmsKeyId() != null && !Boolean.TRUE.equals(r.atRestEncryptionEnabled())) {
            throw combination("At-rest encryption must be enabled to specify a KMS key.");
        }
        if (Boolean.TRUE.equals(r.dataTieringEnabled())
                != lower(r.cacheNodeType()).startsWith("cache.r6gd")) {
            throw combination("Data tiering must be enabled for r6gd nodes, and for no others.");
        }
        if (!r.preferredCacheClusterAZs().isEmpty()
                && r.preferredCacheClusterAZs().size() != nodesPerShard(r)) {
            throw invalid("PreferredCacheClusterAZs must name as many zones as there are nodes.");
        }
        if (r.snapshotName() != null && !r.snapshotArns().isEmpty()) {
            throw combination("Only one of SnapshotName and SnapshotArns may be given.");
        }
        WINDOWS.refuse(r.snapshotWindow(), r.preferredMaintenanceWindow());
    }

    private static void refuseToken(@Nullable String token) {
        if (token != null && !token.matches("[\\x21-\\x7e&&[^/\"@%]]{16,128}")) {
            throw invalid("Invalid AuthToken provided.");
        }
    }

    static @Nullable TransitEncryptionMode mode(CreateReplicationGroupRequest r) {
        return Boolean.TRUE.equals(r.transitEncryptionEnabled()) && r.transitEncryptionMode() == null
                ? TransitEncryptionMode.REQUIRED
                : r.transitEncryptionMode();
    }

    static void defaults(CreateReplicationGroupRequest r, String engine, ReplicationGroup.Builder g) {
        boolean encrypted = Boolean.TRUE.equals(r.transitEncryptionEnabled());
        g.automaticFailover(
                        Boolean.TRUE.equals(r.automaticFailoverEnabled())
                                ? AutomaticFailoverStatus.ENABLED
                                : AutomaticFailoverStatus.DISABLED)
                .multiAZ(Boolean.TRUE.equals(r.multiAZEnabled()) ? MultiAZStatus.ENABLED : MultiAZStatus.DISABLED)
                .cacheNodeType(r.cacheNodeType() == null ? "cache.t3.micro" : r.cacheNodeType())
                .snapshotRetentionLimit(r.snapshotRetentionLimit() == null ? 0 : r.snapshotRetentionLimit())
                .snapshotWindow(WINDOWS.daily(r.snapshotWindow(), r.preferredMaintenanceWindow()))
                .authTokenEnabled(r.authToken() != null)
                .transitEncryptionEnabled(encrypted)
                .transitEncryptionMode(mode(r))
                .atRestEncryptionEnabled(
                        r.atRestEncryptionEnabled() == null ? engine.equals("valkey") : r.atRestEncryptionEnabled())
                .dataTiering(
                        Boolean.TRUE.equals(r.dataTieringEnabled())
                                ? DataTieringStatus.ENABLED
                                : DataTieringStatus.DISABLED)
                .autoMinorVersionUpgrade(!Boolean.FALSE.equals(r.autoMinorVersionUpgrade()))
                .networkType(r.networkType() == null ? NetworkType.IPV4 : r.networkType())
                .ipDiscovery(r.ipDiscovery() == null ? IpDiscovery.IPV4 : r.ipDiscovery())
                .clusterMode(
                        r.clusterMode() != null
                                ? r.clusterMode()
                                : isClustered(r) ? ClusterMode.ENABLED : ClusterMode.DISABLED);
    }

    static void refuseModify(ModifyReplicationGroupRequest r, ReplicationGroup old, CacheCluster node) {
        boolean clustered = Boolean.TRUE.equals(old.clusterEnabled());
        boolean failover = r.automaticFailoverEnabled() == null
                ? old.automaticFailover() == AutomaticFailoverStatus.ENABLED
                : r.automaticFailoverEnabled();
        boolean multi = r.multiAZEnabled() == null ? old.multiAZ() == MultiAZStatus.ENABLED : r.multiAZEnabled();
        if (clustered && Boolean.FALSE.equals(r.automaticFailoverEnabled())) {
            throw combination(
                    "Turning off automatic failover for replication group with cluster mode enabled is not supported.");
        }
        if (failover && !clustered && old.memberClusters().size() < 2) {
            throw combination(
                    "When using automatic failover, there must be at least 2 cache clusters in the replication group.");
        }
        if (multi && !failover) {
            throw combination("Automatic Failover must be enabled to enable Multi-AZ.");
        }
        Integer days = r.snapshotRetentionLimit();
        if (days != null && days > 0 && old.snapshotRetentionLimit() == 0 && !clustered) {
            if (r.snapshottingClusterId() == null || !old.memberClusters().contains(r.snapshottingClusterId())) {
                throw combination("SnapshottingClusterId must be provided to enable snapshots.");
            }
        }
        WINDOWS.refuseChange(
                r.snapshotWindow(),
                old.snapshotWindow(),
                r.preferredMaintenanceWindow(),
                node.preferredMaintenanceWindow());
        CacheVersions.refuse(r, node);
        refuseTogether(r);
        refuseEncryption(r, old);
        refuseTokens(r, old);
        ClusterMode mode = r.clusterMode();
        if (mode == ClusterMode.ENABLED && old.clusterMode() == ClusterMode.DISABLED) {
            throw combination("Cluster mode must be compatible before it can be enabled.");
        }
        if (mode != null && mode != ClusterMode.ENABLED && old.clusterMode() == ClusterMode.ENABLED) {
            throw combination("Cluster mode cannot be changed from enabled.");
        }
    }

    /**
     * ElastiCache refuses a change of log delivery without ApplyImmediately, and a change of the cluster mode together
     * with another change, except for the parameter group.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Log_Delivery.html">Log delivery</a>
     * @see <a href="https://github.com/aws/aws-cdk/issues/26294">the answer to a change of the cluster mode together
     *     with another change</a>
     */
    private static void refuseTogether(ModifyReplicationGroupRequest r) {
        if (!r.logDeliveryConfigurations().isEmpty() && !Boolean.TRUE.equals(r.applyImmediately())) {
            throw invalid("To modify the log delivery configuration, set the apply-immediately parameter to true.");
        }
        List<String> alone =
                List.of("ReplicationGroupId", "ApplyImmediately", "ClusterMode", "CacheParameterGroupName");
        boolean more = r.sdkFields().stream()
                .filter(f -> !alone.contains(f.memberName()))
                .map(f -> f.getValueOrDefault(r))
                .anyMatch(value -> value != null && !List.of().equals(value));
        if (r.clusterMode() != null && more) {
            throw combination(
                    "Cluster mode updates are not supported while attempting to update additional properties.");
        }
    }

    private static void refuseEncryption(ModifyReplicationGroupRequest r, ReplicationGroup old) {
        boolean was = Boolean.TRUE.equals(old.transitEncryptionEnabled());
        boolean preferred = old.transitEncryptionMode() == TransitEncryptionMode.PREFERRED;
        boolean changes = r.transitEncryptionEnabled() != null || r.transitEncryptionMode() != null;
        // https://github.com/aws-controllers-k8s/community/issues/2536
        if (changes && !old.userGroupIds().isEmpty()) {
            throw combination(
                    "Modification of transit encryption is not supported for access control enabled clusters.");
        }
        // https://github.com/hashicorp/terraform-provider-aws/pull/49221
        if (!r.userGroupIdsToAdd().isEmpty() && (!was || preferred || changes)) {
            throw combination("User group based access control requires encryption-in-transit to be enabled on the"
                    + " replication group.");
        }
        if (Boolean.TRUE.equals(r.transitEncryptionEnabled())
                && !was
                && r.transitEncryptionMode() != TransitEncryptionMode.PREFERRED) {
            throw combination("TransitEncryptionMode must be preferred to enable in-transit encryption.");
        }
        if (r.transitEncryptionMode() != null && !was && !Boolean.TRUE.equals(r.transitEncryptionEnabled())) {
            throw combination("In-transit encryption must be enabled to set a TransitEncryptionMode.");
        }
        if (Boolean.FALSE.equals(r.transitEncryptionEnabled()) && was && !preferred) {
            throw combination("TransitEncryptionMode must be preferred to disable in-transit encryption.");
        }
    }

    private static void refuseTokens(ModifyReplicationGroupRequest r, ReplicationGroup old) {
        refuseToken(r.authToken());
        AuthTokenUpdateStrategyType strategy = r.authTokenUpdateStrategy();
        boolean users = !r.userGroupIdsToAdd().isEmpty();
        if (r.authToken() != null && strategy == null) {
            throw combination("AuthTokenUpdateStrategy must be specified with AuthToken.");
        }
        if (r.authToken() != null && !Boolean.TRUE.equals(old.transitEncryptionEnabled())) {
            throw combination("In-transit encryption must be enabled to use an AUTH token.");
        }
        if (strategy == AuthTokenUpdateStrategyType.DELETE && !users) {
            throw combination("AuthTokenUpdateStrategy DELETE is allowed only with user groups.");
        }
        if (users && Boolean.TRUE.equals(old.authTokenEnabled()) && strategy != AuthTokenUpdateStrategyType.DELETE) {
            throw combination("The AUTH token must be deleted to use user groups.");
        }
        if (strategy != null && strategy != AuthTokenUpdateStrategyType.DELETE && r.authToken() == null) {
            throw combination("AuthToken must be specified with AuthTokenUpdateStrategy.");
        }
        if (Boolean.TRUE.equals(r.removeUserGroups()) && !r.userGroupIdsToAdd().isEmpty()) {
            throw combination("RemoveUserGroups cannot be used with UserGroupIdsToAdd.");
        }
        if (!old.userGroupIds().containsAll(r.userGroupIdsToRemove())) {
            throw error(404, "UserGroupNotFound", "User group is not associated with the replication group.");
        }
    }

    static String hash(String token) {
        return Integer.toHexString(token.hashCode());
    }

    /**
     * The valid tokens after a change, the newest last. ROTATE adds a token; SET keeps only a token that ROTATE has
     * added.
     *
     * @param old the tokens, separated by blanks; null if there are none
     */
    static @Nullable String tokens(ModifyReplicationGroupRequest r, @Nullable String old) {
        String token = r.authToken() == null ? null : hash(r.authToken());
        if (r.authTokenUpdateStrategy() == null) {
            return old;
        }
        return switch (r.authTokenUpdateStrategy()) {
            case ROTATE -> old == null ? "none " + token : old.substring(old.lastIndexOf(' ') + 1) + " " + token;
            case SET -> {
                boolean fromUsers = Boolean.TRUE.equals(r.removeUserGroups());
                if (!fromUsers && (old == null || !List.of(old.split(" ")).contains(token))) {
                    throw combination("AuthTokenUpdateStrategy SET is allowed only after ROTATE.");
                }
                yield token;
            }
            case DELETE -> null;
            case UNKNOWN_TO_SDK_VERSION -> throw invalid("AuthTokenUpdateStrategy is unknown.");
        };
    }

    /** Whether the change takes time because it modifies nodes. */
    static boolean isWork(ModifyReplicationGroupRequest r) {
        return r.automaticFailoverEnabled() != null
                || r.multiAZEnabled() != null
                || r.cacheParameterGroupName() != null
                || r.transitEncryptionEnabled() != null
                || r.transitEncryptionMode() != null
                || r.authTokenUpdateStrategy() != null
                || r.clusterMode() != null
                || r.ipDiscovery() != null
                || Boolean.TRUE.equals(r.removeUserGroups())
                || !r.userGroupIdsToAdd().isEmpty()
                || !r.userGroupIdsToRemove().isEmpty()
                || !r.logDeliveryConfigurations().isEmpty();
    }

    /** Applies the changes that reads return at once. */
    static void atOnce(ModifyReplicationGroupRequest r, ReplicationGroup old, ReplicationGroup.Builder g) {
        if (r.replicationGroupDescription() != null) {
            g.description(r.replicationGroupDescription());
        }
        for (String member : List.of("SnapshotRetentionLimit", "SnapshotWindow", "AutoMinorVersionUpgrade")) {
            Object value = SdkShapes.get(r, member);
            if (value != null) {
                Objects.requireNonNull(SdkShapes.member(g, member)).set(g, value);
            }
        }
        if (r.snapshottingClusterId() != null) {
            g.snapshottingClusterId(r.snapshottingClusterId());
        }
        if (r.automaticFailoverEnabled() != null) {
            g.automaticFailover(
                    r.automaticFailoverEnabled()
                            ? AutomaticFailoverStatus.ENABLING
                            : AutomaticFailoverStatus.DISABLING);
        }
    }

    /** Applies the changes that reads return once the modification is complete. */
    static void later(ModifyReplicationGroupRequest r, ReplicationGroup old, ReplicationGroup.Builder g) {
        if (r.automaticFailoverEnabled() != null) {
            g.automaticFailover(
                    r.automaticFailoverEnabled() ? AutomaticFailoverStatus.ENABLED : AutomaticFailoverStatus.DISABLED);
        }
        if (r.multiAZEnabled() != null) {
            g.multiAZ(r.multiAZEnabled() ? MultiAZStatus.ENABLED : MultiAZStatus.DISABLED);
        }
        if (r.clusterMode() != null) {
            g.clusterMode(r.clusterMode()).clusterEnabled(r.clusterMode() == ClusterMode.ENABLED);
        }
        if (r.ipDiscovery() != null) {
            g.ipDiscovery(r.ipDiscovery());
        }
        if (r.transitEncryptionMode() != null) {
            g.transitEncryptionMode(r.transitEncryptionMode());
        }
        if (r.transitEncryptionEnabled() != null) {
            g.transitEncryptionEnabled(r.transitEncryptionEnabled());
            if (!r.transitEncryptionEnabled()) {
                g.transitEncryptionMode((TransitEncryptionMode) null);
            }
        }
        if (r.authTokenUpdateStrategy() != null) {
            g.authTokenEnabled(r.authTokenUpdateStrategy() != AuthTokenUpdateStrategyType.DELETE);
        }
        Set<String> users = new TreeSet<>(old.userGroupIds());
        users.addAll(r.userGroupIdsToAdd());
        users.removeAll(r.userGroupIdsToRemove());
        g.userGroupIds(Boolean.TRUE.equals(r.removeUserGroups()) ? Set.of() : users);
        g.logDeliveryConfigurations(logs(old.logDeliveryConfigurations(), r.logDeliveryConfigurations()));
    }

    static List<LogDeliveryConfiguration> logs(
            List<LogDeliveryConfiguration> old, List<LogDeliveryConfigurationRequest> asked) {
        Map<LogType, LogDeliveryConfiguration> logs = new TreeMap<>();
        old.forEach(log -> logs.put(log.logType(), log));
        for (LogDeliveryConfigurationRequest log : asked) {
            if (Boolean.FALSE.equals(log.enabled())) {
                logs.remove(log.logType());
            } else if (log.destinationDetails() == null || log.logFormat() == null || log.destinationType() == null) {
                throw combination("DestinationType, DestinationDetails and LogFormat are required to deliver a log.");
            } else {
                logs.put(
                        log.logType(),
                        LogDeliveryConfiguration.builder()
                                .logType(log.logType())
                                .destinationType(log.destinationType())
                                .destinationDetails(log.destinationDetails())
                                .logFormat(log.logFormat())
                                .status(LogDeliveryConfigurationStatus.ACTIVE)
                                .build());
            }
        }
        return new ArrayList<>(logs.values());
    }

    static void refuseReplicas(ReplicationGroup group, int there, @Nullable Integer wanted, boolean now, boolean more) {
        if (!now || wanted == null) {
            throw combination("ApplyImmediately must be true, and NewReplicaCount is required.");
        }
        if (wanted == there) {
            throw refused("NoOperationFault", "The operation was not performed because no changes were required.");
        }
        if (wanted > 5 || wanted < 0 || (wanted > there) != more) {
            throw invalid("Invalid NewReplicaCount: " + wanted);
        }
        boolean clustered = Boolean.TRUE.equals(group.clusterEnabled());
        if (wanted == 0 && group.multiAZ() == MultiAZStatus.ENABLED) {
            throw invalid("Must have at least 1 replica for Multi-AZ enabled Replication Group.");
        }
        if (wanted == 0 && !clustered && group.automaticFailover() == AutomaticFailoverStatus.ENABLED) {
            throw invalid("Must have at least 1 replica when cluster mode is disabled with auto failover enabled.");
        }
    }
}
