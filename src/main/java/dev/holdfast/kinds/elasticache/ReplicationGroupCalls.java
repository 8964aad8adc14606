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
import java.util.Set;
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
        if (has(desired.userGroupIds()) && !requiresTls(observed)) {
            reasons.put(
                    "userGroupIds",
                    "users need TLS to be required: clients that do not use TLS yet can no longer connect");
        }
        // ElastiCache does not change TLS for "access control enabled clusters", so the token comes after it.
        // https://github.com/aws-controllers-k8s/community/issues/2536
        if (desired.transitEncryptionMode() == TransitEncryptionMode.REQUIRED && !requiresTls(observed)) {
            reasons.put("authToken", "the token follows when TLS is required");
        }
        if (desired.clusterMode() == ClusterMode.ENABLED && observed.clusterMode() == ClusterMode.COMPATIBLE) {
            reasons.put("clusterMode", "the change cannot be undone, and clients without the cluster protocol fail");
        }
        String former = ReplicationGroupTokens.approval(desired);
        if (former != null && !has(observed.userGroupIds())) {
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

    /**
     * The members of the call with the changes that ElastiCache makes at once without ApplyImmediately, so that the
     * changes that wait for the maintenance window keep waiting.
     */
    static void configure(ModifyReplicationGroupRequest.Builder request, Change<Spec> change) {
        if (change.touches(Spec::notificationTopicArn)) {
            boolean none = "".equals(change.spec().notificationTopicArn());
            request.notificationTopicArn(none ? null : change.spec().notificationTopicArn())
                    .notificationTopicStatus(none ? "inactive" : "active");
        }
    }

    /** The members of the call for which the document chooses between now and the maintenance window. */
    static void work(ModifyReplicationGroupRequest.Builder request, Change<Spec> change) {
        Spec spec = change.spec();
        request.applyImmediately(!Boolean.FALSE.equals(spec.applyImmediately()));
        if (change.touches(Spec::engine)) {
            request.engine(spec.engine())
                    .engineVersion(spec.engineVersion())
                    .cacheParameterGroupName(spec.cacheParameterGroupName());
        }
    }

    /** The mode changes from disabled to enabled in two steps; each step is one call without any other change. */
    static void cluster(ElastiCacheClient cache, Change<Spec> change) {
        boolean early = change.spec().clusterMode() == ClusterMode.ENABLED
                && change.observed().spec().clusterMode() == ClusterMode.DISABLED;
        cache.modifyReplicationGroup(r -> r.replicationGroupId(change.physicalId())
                .clusterMode(early ? ClusterMode.COMPATIBLE : change.spec().clusterMode())
                .applyImmediately(true));
    }

    /**
     * ElastiCache accepts a change of the log delivery only with ApplyImmediately.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Log_Delivery.html">Log delivery</a>
     */
    static void deliver(ElastiCacheClient cache, Change<Spec> change) {
        cache.modifyReplicationGroup(r -> r.replicationGroupId(change.physicalId())
                .logDeliveryConfigurations(logs(change.delta(Spec::logDeliveryConfigurations)))
                .applyImmediately(true));
    }

    /**
     * Switches TLS on or off in two steps, with the mode {@code preferred} between them; each step is one call.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption-enable.html">Enabling encryption
     *     on an existing cache</a>
     */
    static void encrypt(ElastiCacheClient cache, Change<Spec> change) {
        boolean on = Boolean.TRUE.equals(change.merged(Spec::transitEncryptionEnabled));
        if (on) {
            encryptUpTo(change.spec().transitEncryptionMode(), cache, change);
            return;
        }
        boolean last = change.observed().spec().transitEncryptionMode() == TransitEncryptionMode.PREFERRED;
        cache.modifyReplicationGroup(r -> r.replicationGroupId(change.physicalId())
                .transitEncryptionEnabled(!last)
                .transitEncryptionMode(last ? null : TransitEncryptionMode.PREFERRED)
                .applyImmediately(true));
    }

    private static void encryptUpTo(
            @Nullable TransitEncryptionMode mode, ElastiCacheClient cache, Change<Spec> change) {
        boolean was = Boolean.TRUE.equals(change.observed().spec().transitEncryptionEnabled());
        cache.modifyReplicationGroup(r -> r.replicationGroupId(change.physicalId())
                .transitEncryptionEnabled(true)
                .transitEncryptionMode(was ? mode : TransitEncryptionMode.PREFERRED)
                .applyImmediately(true));
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

    /** ElastiCache changes TLS only while the cache has no user group. */
    static boolean dismisses(Change<Spec> change) {
        return change.touches(Spec::userGroupIds) && !has(change.spec().userGroupIds());
    }

    static boolean has(@Nullable Set<String> groups) {
        return groups != null && !groups.isEmpty();
    }

    /** One call replaces the user groups by the token, which is then the only one: no token has to be ended later. */
    static void dismiss(ElastiCacheClient cache, Change<Spec> change) {
        String token = ReplicationGroupTokens.read(change.client(SecretsManagerClient.class), change.spec());
        cache.modifyReplicationGroup(r -> r.replicationGroupId(change.physicalId())
                .removeUserGroups(true)
                .authToken(token)
                .authTokenUpdateStrategy(token == null ? null : AuthTokenUpdateStrategyType.SET)
                .applyImmediately(true));
    }

    /**
     * One call replaces the token by user groups. ElastiCache accepts user groups only while TLS is required, so the
     * calls that require TLS come first.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html#rbac-migrate-to">Migrating to role-based
     *     access control</a>
     * @see <a href="https://github.com/hashicorp/terraform-provider-aws/pull/49221">user groups and TLS</a>
     */
    static void admit(ElastiCacheClient cache, Change<Spec> change) {
        if (!requiresTls(change.observed().spec())) {
            encryptUpTo(TransitEncryptionMode.REQUIRED, cache, change);
            return;
        }
        Delta<String> groups = change.deltaOfStrings(Spec::userGroupIds);
        boolean token = Boolean.TRUE.equals(change.observed().known().outputs().get("authTokenEnabled"));
        cache.modifyReplicationGroup(r -> r.replicationGroupId(change.physicalId())
                .userGroupIdsToAdd(groups.added().isEmpty() ? null : groups.added())
                .userGroupIdsToRemove(groups.removed().isEmpty() ? null : groups.removed())
                .authTokenUpdateStrategy(token ? AuthTokenUpdateStrategyType.DELETE : null)
                .applyImmediately(true));
    }

    private static boolean requiresTls(Spec observed) {
        return Boolean.TRUE.equals(observed.transitEncryptionEnabled())
                && observed.transitEncryptionMode() != TransitEncryptionMode.PREFERRED;
    }

    static void delete(ElastiCacheClient cache, Observed<Spec> observed) {
        String snapshot = CacheStatus.finalSnapshot(observed, Spec::finalSnapshot);
        cache.deleteReplicationGroup(r -> r.replicationGroupId(observed.physicalId())
                .retainPrimaryCluster(false)
                .finalSnapshotIdentifier(snapshot));
    }
}
