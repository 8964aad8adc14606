package dev.holdfast.kinds.elasticache;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Delta;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.kinds.elasticache.ReplicationGroupKind.Spec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.AuthTokenUpdateStrategyType;
import software.amazon.awssdk.services.elasticache.model.ClusterMode;
import software.amazon.awssdk.services.elasticache.model.LogDeliveryConfigurationRequest;
import software.amazon.awssdk.services.elasticache.model.ModifyReplicationGroupRequest;
import software.amazon.awssdk.services.elasticache.model.NodeGroup;
import software.amazon.awssdk.services.elasticache.model.NodeGroupMember;
import software.amazon.awssdk.services.elasticache.model.ReplicationGroup;
import software.amazon.awssdk.services.elasticache.model.TransitEncryptionMode;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The calls that change and delete a replication group. */
final class ReplicationGroupCalls {
    private ReplicationGroupCalls() {}

    /** The changes that no later change can undo, and the changes that disconnect clients. */
    static Map<String, String> approvals(Spec desired, Spec observed) {
        Map<String, String> reasons = new HashMap<>();
        if (!Objects.equals(desired.engine(), observed.engine()) || isMajor(desired, observed)) {
            for (String component : List.of("engine", "engineVersion", "cacheParameterGroupName")) {
                reasons.put(component, "another engine or major version: few of these changes can be undone");
            }
        }
        if (Boolean.FALSE.equals(desired.transitEncryptionEnabled())) {
            reasons.put("transitEncryptionEnabled", "clients that use TLS can no longer connect");
        }
        if (desired.transitEncryptionMode() == TransitEncryptionMode.REQUIRED
                && observed.transitEncryptionMode() == TransitEncryptionMode.PREFERRED) {
            reasons.put("transitEncryptionMode", "clients that do not use TLS yet can no longer connect");
        }
        if (desired.clusterMode() == ClusterMode.ENABLED && observed.clusterMode() == ClusterMode.COMPATIBLE) {
            reasons.put("clusterMode", "the change cannot be undone, and clients without the cluster protocol fail");
        }
        String former = ReplicationGroupTokens.approval(desired);
        if (former != null) {
            reasons.put("authTokenUpdateStrategy", former);
        }
        return reasons;
    }

    private static boolean isMajor(Spec desired, Spec observed) {
        return desired.engineVersion() != null
                && observed.engineVersion() != null
                && !major(desired.engineVersion()).equals(major(observed.engineVersion()));
    }

    private static String major(String version) {
        return version.split("\\.", 2)[0];
    }

    /** ElastiCache requires the names of the shards to remove, and moves their data to the shards that stay. */
    static void reshard(ElastiCacheClient cache, Change<Spec> change) {
        int wanted = Objects.requireNonNull(change.spec().numNodeGroups());
        List<String> shards = cache
                .describeReplicationGroups(r -> r.replicationGroupId(change.physicalId()))
                .replicationGroups()
                .getFirst()
                .nodeGroups()
                .stream()
                .map(NodeGroup::nodeGroupId)
                .sorted()
                .toList();
        cache.modifyReplicationGroupShardConfiguration(r -> {
            r.replicationGroupId(change.physicalId()).nodeGroupCount(wanted).applyImmediately(true);
            if (wanted < shards.size()) {
                r.nodeGroupsToRemove(shards.subList(wanted, shards.size()));
            }
        });
    }

    static boolean addsReplicas(Change<Spec> change) {
        Integer there = replicas(change.observed().spec());
        return there == null || replicas(change) > there;
    }

    static void increase(ElastiCacheClient cache, Change<Spec> change) {
        cache.increaseReplicaCount(r -> r.replicationGroupId(change.physicalId())
                .newReplicaCount(replicas(change))
                .applyImmediately(true));
    }

    static void decrease(ElastiCacheClient cache, Change<Spec> change) {
        cache.decreaseReplicaCount(r -> r.replicationGroupId(change.physicalId())
                .newReplicaCount(replicas(change))
                .applyImmediately(true));
    }

    private static int replicas(Change<Spec> change) {
        return Objects.requireNonNull(replicas(change.spec()));
    }

    /** The nodes of each shard without the primary. */
    private static @Nullable Integer replicas(Spec spec) {
        return spec.replicasPerNodeGroup() != null || spec.numCacheClusters() == null
                ? spec.replicasPerNodeGroup()
                : Integer.valueOf(spec.numCacheClusters() - 1);
    }

    /**
     * Whether the change switches snapshots on. Then a cache without cluster mode needs the node from which ElastiCache
     * takes them: a replica, if there is one.
     */
    static boolean startsSnapshots(Change<Spec> change) {
        return Integer.valueOf(0).equals(change.observed().spec().snapshotRetentionLimit());
    }

    static void startSnapshots(ElastiCacheClient cache, Change<Spec> change) {
        ReplicationGroup group = cache.describeReplicationGroups(r -> r.replicationGroupId(change.physicalId()))
                .replicationGroups()
                .getFirst();
        String node = group.nodeGroups().stream()
                .flatMap(shard -> shard.nodeGroupMembers().stream())
                .filter(member -> "replica".equals(member.currentRole()))
                .map(NodeGroupMember::cacheClusterId)
                .findFirst()
                .orElse(group.memberClusters().getFirst());
        cache.modifyReplicationGroup(r -> r.replicationGroupId(change.physicalId())
                .snapshotRetentionLimit(change.spec().snapshotRetentionLimit())
                .snapshottingClusterId(Boolean.TRUE.equals(group.clusterEnabled()) ? null : node));
    }

    /** Adds the members that ElastiCache requires together with the changed fields. */
    static void beside(ModifyReplicationGroupRequest.Builder request, Change<Spec> change) {
        Spec spec = change.spec();
        request.applyImmediately(!Boolean.FALSE.equals(spec.applyImmediately()) && worksOnNodes(change));
        if (change.touches(Spec::engine)) {
            request.engine(spec.engine())
                    .engineVersion(spec.engineVersion())
                    .cacheParameterGroupName(spec.cacheParameterGroupName());
        }
        if (change.touches(Spec::transitEncryptionEnabled, Spec::transitEncryptionMode)) {
            encrypt(request, change);
        }
        if (change.touches(Spec::clusterMode)
                && spec.clusterMode() == ClusterMode.ENABLED
                && change.observed().spec().clusterMode() == ClusterMode.DISABLED) {
            request.clusterMode(ClusterMode.COMPATIBLE);
        }
        if (change.touches(Spec::notificationTopicArn)) {
            boolean none = "".equals(spec.notificationTopicArn());
            request.notificationTopicArn(none ? null : spec.notificationTopicArn())
                    .notificationTopicStatus(none ? "inactive" : "active");
        }
        if (change.touches(Spec::logDeliveryConfigurations)) {
            request.logDeliveryConfigurations(logs(change.delta(Spec::logDeliveryConfigurations)));
        }
        if (change.touches(Spec::userGroupIds)) {
            users(request, change);
        }
    }

    /**
     * Whether the change needs ApplyImmediately. ElastiCache makes other changes at once without this flag, which would
     * also make the changes that wait for the maintenance window.
     */
    private static boolean worksOnNodes(Change<Spec> change) {
        return change.touches(
                Spec::engine,
                Spec::engineVersion,
                Spec::cacheNodeType,
                Spec::cacheParameterGroupName,
                Spec::automaticFailoverEnabled,
                Spec::multiAZEnabled,
                Spec::transitEncryptionEnabled,
                Spec::transitEncryptionMode,
                Spec::userGroupIds,
                Spec::logDeliveryConfigurations,
                Spec::ipDiscovery,
                Spec::clusterMode);
    }

    /**
     * Switches TLS on or off in two steps, with the mode {@code preferred} between them; each step is one call.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption-enable.html">Enabling encryption
     *     on an existing cache</a>
     */
    private static void encrypt(ModifyReplicationGroupRequest.Builder request, Change<Spec> change) {
        boolean on = Boolean.TRUE.equals(change.merged(Spec::transitEncryptionEnabled));
        boolean was = Boolean.TRUE.equals(change.observed().spec().transitEncryptionEnabled());
        TransitEncryptionMode mode = change.observed().spec().transitEncryptionMode();
        if (on && !was) {
            request.transitEncryptionEnabled(true).transitEncryptionMode(TransitEncryptionMode.PREFERRED);
        } else if (on) {
            request.transitEncryptionEnabled(true)
                    .transitEncryptionMode(change.spec().transitEncryptionMode());
        } else if (mode == TransitEncryptionMode.PREFERRED) {
            request.transitEncryptionEnabled(false).transitEncryptionMode((TransitEncryptionMode) null);
        } else {
            request.transitEncryptionEnabled(true).transitEncryptionMode(TransitEncryptionMode.PREFERRED);
        }
    }

    private static List<LogDeliveryConfigurationRequest> logs(Delta<LogDelivery> delta) {
        List<LogDeliveryConfigurationRequest> logs = new ArrayList<>();
        delta.added().forEach(log -> logs.add(log(log)));
        delta.altered().forEach(log -> logs.add(log(log)));
        delta.removed()
                .forEach(log -> logs.add(LogDeliveryConfigurationRequest.builder()
                        .logType(log.logType())
                        .enabled(false)
                        .build()));
        return logs;
    }

    private static LogDeliveryConfigurationRequest log(LogDelivery log) {
        return Wire.fill(LogDeliveryConfigurationRequest.builder(), log)
                .enabled(true)
                .build();
    }

    /**
     * One call replaces the token by user groups, or the user groups by the token.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html#rbac-migrate-to">Migrating to role-based
     *     access control</a>
     */
    private static void users(ModifyReplicationGroupRequest.Builder request, Change<Spec> change) {
        Delta<String> groups = change.deltaOfStrings(Spec::userGroupIds);
        boolean token = Boolean.TRUE.equals(change.observed().known().outputs().get("authTokenEnabled"));
        if (change.spec().userGroupIds() == null || change.spec().userGroupIds().isEmpty()) {
            request.removeUserGroups(true);
            if (change.spec().authToken() != null) {
                request.authToken(ReplicationGroupTokens.read(change.client(SecretsManagerClient.class), change.spec()))
                        .authTokenUpdateStrategy(AuthTokenUpdateStrategyType.SET);
            }
            return;
        }
        if (!groups.added().isEmpty()) {
            request.userGroupIdsToAdd(groups.added());
        }
        if (!groups.removed().isEmpty()) {
            request.userGroupIdsToRemove(groups.removed());
        }
        if (token) {
            request.authTokenUpdateStrategy(AuthTokenUpdateStrategyType.DELETE);
        }
    }

    static void delete(ElastiCacheClient cache, Observed<Spec> observed) {
        String snapshot = CacheStatus.finalSnapshot(observed, Spec::finalSnapshot);
        cache.deleteReplicationGroup(r -> r.replicationGroupId(observed.physicalId())
                .retainPrimaryCluster(false)
                .finalSnapshotIdentifier(snapshot));
    }
}
