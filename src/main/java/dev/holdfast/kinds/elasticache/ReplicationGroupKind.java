package dev.holdfast.kinds.elasticache;

import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.ClusterMode;
import software.amazon.awssdk.services.elasticache.model.CreateReplicationGroupRequest;
import software.amazon.awssdk.services.elasticache.model.Endpoint;
import software.amazon.awssdk.services.elasticache.model.IpDiscovery;
import software.amazon.awssdk.services.elasticache.model.ModifyReplicationGroupRequest;
import software.amazon.awssdk.services.elasticache.model.NetworkType;
import software.amazon.awssdk.services.elasticache.model.TransitEncryptionMode;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** A cache of Redis OSS or Valkey: a primary node with its replicas, or several shards of them. */
@Singleton
public final class ReplicationGroupKind extends DeclaredKind<ReplicationGroupKind.Spec> {
    /** @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html">CreateReplicationGroup</a> */
    public record Spec(
            @Doc("The name, in lower case.") @PhysicalName(max = 40, lower = true, letterFirst = true)
            String replicationGroupId,

            @Doc("The purpose of the cache.") @Required @ReadFrom("description")
            String replicationGroupDescription,

            @Doc("The engine; a cache changes from redis to valkey and back in place.")
            @Required
            @Offers({"redis", "valkey"})
            String engine,

            @Doc("The version or its beginning: 7 matches every 7.x. A newer cache keeps its version.")
            @Required
            @VersionPrefix(major = 1, fits = "cacheParameterGroupName")
            String engineVersion,

            @Doc("Size and family of each node, such as cache.t4g.small.") @Required
            String cacheNodeType,

            @Doc("The number of nodes, including the primary; for a cache of one shard.")
            @Range(min = 1, max = 6)
            @Excludes({"numNodeGroups", "replicasPerNodeGroup"})
            Integer numCacheClusters,

            @Doc("The number of shards; several shards need cluster mode.") @Range(min = 1, max = 500)
            Integer numNodeGroups,

            @Doc("The number of replicas of each shard.") @Range(min = 0, max = 5) @Needs("numNodeGroups")
            Integer replicasPerNodeGroup,

            @Doc("Whether a replica becomes the primary when the primary fails.")
            Boolean automaticFailoverEnabled,

            @Doc("Whether the nodes of a shard are in several zones.")
            Boolean multiAZEnabled,

            @Doc("The subnet group, with the subnets that ElastiCache may place nodes in.")
            @Required
            @Immutable
            @Ref("CacheSubnetGroup")
            String cacheSubnetGroupName,

            @Doc("The security groups.") @Required @Ref("SecurityGroup") @ReadFrom("securityGroups.securityGroupId")
            Set<String> securityGroupIds,

            @Doc("The parameter group, with the settings of the engine.")
            @Ref("CacheParameterGroup")
            @ReadFrom("cacheParameterGroup.cacheParameterGroupName")
            String cacheParameterGroupName,

            @Doc("The port that the nodes listen on.") @Immutable @Range(min = 1, max = 65535)
            Integer port,

            @Doc("Whether data on disk is encrypted.") @Required @Immutable
            Boolean atRestEncryptionEnabled,

            @Doc("The ARN of the key that encrypts data on disk. The default is ElastiCache's own key.") @Immutable
            String kmsKeyId,

            @Doc("Whether clients may use TLS.") @Required Boolean transitEncryptionEnabled,

            @Doc("Whether clients must use TLS: required, or preferred while clients switch to TLS.")
            TransitEncryptionMode transitEncryptionMode,

            @Doc("The secret that holds the token by which clients authenticate: its ARN, or ARN:key:stage:version,"
                    + " as in a task definition's valueFrom. If the version is given, a new version of the"
                    + " secret is a new token. For caches without user groups.")
            @WriteOnly
            @NotSent
            @Excludes("userGroupIds")
            String authToken,

            @Doc("The handling of the former token. ROTATE, the default: the former token stays valid until the next"
                    + " change of the token. SET: a step that needs an approval ends the former token.")
            @WriteOnly
            @NotSent
            @Needs("authToken")
            @Offers({"ROTATE", "SET"})
            String authTokenUpdateStrategy,

            @Doc("The user group whose users may use the cache; []: no user group.") @Ref("CacheUserGroup")
            Set<String> userGroupIds,

            @Doc("The days for which daily snapshots are kept; 0: no snapshots.") @Range(min = 0, max = 35)
            Integer snapshotRetentionLimit,

            @Doc("The daily time in UTC at which snapshots are taken, such as 02:00-03:00.")
            String snapshotWindow,

            @Doc("The weekly time in UTC at which ElastiCache may change or restart nodes: sun:03:30-sun:04:30.")
            String preferredMaintenanceWindow,

            @Doc("The SNS topic that receives the events of the cache; \"\": no topic.")
            @Ref(value = "Topic", output = "arn")
            @EmptyIsNone
            String notificationTopicArn,

            @Doc("Whether ElastiCache installs minor versions by itself in the maintenance window.")
            Boolean autoMinorVersionUpgrade,

            @Doc("The destinations of the slow log and the engine's log; []: no destination.")
            List<LogDelivery> logDeliveryConfigurations,

            @Doc("The addresses of the nodes: ipv4, ipv6 or dual_stack.") @Immutable
            NetworkType networkType,

            @Doc("The type of address that the cache gives to clients: ipv4 or ipv6.")
            IpDiscovery ipDiscovery,

            @Doc("Whether clients speak the cluster protocol: disabled, compatible or enabled.")
            ClusterMode clusterMode,

            @Doc("Whether seldom used data moves to disks; for nodes of the family r6gd only.") @Immutable
            Boolean dataTieringEnabled,

            @Doc("The zone of each node of a cache of one shard, the primary's first.") @InitialOnly
            List<String> preferredCacheClusterAZs,

            @Doc("The snapshot that the cache is filled from when it is created.") @InitialOnly
            String snapshotName,

            @Doc("The files in S3 that the cache is filled from when it is created.") @InitialOnly
            List<String> snapshotArns,

            @Doc("Whether a change of node type, version or parameter group is made at once, together with all"
                    + " changes that already wait for the maintenance window; the default is true.")
            @DeleteOnly
            @NotSent
            Boolean applyImmediately,

            @Doc("Whether a snapshot is taken before the cache is deleted; the default is true.") @DeleteOnly
            Boolean finalSnapshot,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {
        public Spec {
            cacheSubnetGroupName = Values.lower(cacheSubnetGroupName);
            cacheParameterGroupName = Values.lower(cacheParameterGroupName);
            preferredMaintenanceWindow = Values.lower(preferredMaintenanceWindow);
            authTokenUpdateStrategy = ReplicationGroupTokens.strategy(authTokenUpdateStrategy, authToken);
        }

        @Override
        public String toString() {
            return "Spec[replicationGroupId=" + replicationGroupId + "]";
        }
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("ReplicationGroup", Spec.class, ElastiCacheClient.class)
                .description(
                        "A cache of ElastiCache: Redis OSS or Valkey, a primary with replicas, in one shard or several.")
                .lists(CacheGroup::all, CacheGroup.READ)
                .named(CacheGroup::replicationGroupId)
                .arn(CacheGroup::arn)
                .tags(CacheTags.indexed("replicationgroup"))
                .detail((scope, cache, item) -> item.shapes())
                .reads(Spec::automaticFailoverEnabled, ReplicationGroupStates::failover)
                .reads(Spec::multiAZEnabled, ReplicationGroupStates::multiAZ)
                .reads(Spec::dataTieringEnabled, ReplicationGroupStates::dataTiering)
                .reads(
                        Spec::numCacheClusters,
                        item -> item.group().memberClusters().size())
                .reads(Spec::numNodeGroups, ReplicationGroupStates::shards)
                .reads(Spec::replicasPerNodeGroup, ReplicationGroupStates::replicas)
                .reads(Spec::port, item -> Values.of(ReplicationGroupStates.endpoint(item), Endpoint::port))
                .reads(Spec::notificationTopicArn, ReplicationGroupStates::topic)
                .reads(Spec::userGroupIds, ReplicationGroupStates::userGroups)
                .reads(Spec::logDeliveryConfigurations, ReplicationGroupStates::logs)
                .creates(
                        CreateReplicationGroupRequest::builder,
                        (request, desired) -> request.authToken(ReplicationGroupTokens.read(
                                desired.client(SecretsManagerClient.class), desired.spec())),
                        ElastiCacheClient::createReplicationGroup)
                // ElastiCache requires this order, and accepts each call only while the cache is available. Nodes are
                // added before the changes that need them, and removed after the changes that need them.
                .updates(ReplicationGroupCalls::reshard, Spec::numNodeGroups)
                .updatesIf(
                        ReplicationGroupCalls::addsReplicas,
                        ReplicationGroupCalls::increase,
                        Spec::numCacheClusters,
                        Spec::replicasPerNodeGroup)
                .updatesIf(
                        ReplicationGroupCalls::startsSnapshots,
                        ReplicationGroupCalls::startSnapshots,
                        Spec::snapshotRetentionLimit)
                .patchesOnly(
                        ModifyReplicationGroupRequest::builder,
                        ReplicationGroupCalls::configure,
                        ElastiCacheClient::modifyReplicationGroup,
                        Spec::replicationGroupDescription,
                        Spec::securityGroupIds,
                        Spec::snapshotRetentionLimit,
                        Spec::snapshotWindow,
                        Spec::preferredMaintenanceWindow,
                        Spec::notificationTopicArn,
                        Spec::autoMinorVersionUpgrade)
                .patchesOnly(
                        ModifyReplicationGroupRequest::builder,
                        ReplicationGroupCalls::work,
                        ElastiCacheClient::modifyReplicationGroup,
                        Spec::engine,
                        Spec::engineVersion,
                        Spec::cacheNodeType,
                        Spec::cacheParameterGroupName)
                .patchesOnly(
                        ModifyReplicationGroupRequest::builder,
                        (request, change) -> request.applyImmediately(true),
                        ElastiCacheClient::modifyReplicationGroup,
                        Spec::automaticFailoverEnabled,
                        Spec::multiAZEnabled)
                .updates(ReplicationGroupCalls::deliver, Spec::logDeliveryConfigurations)
                .patchesOnly(
                        ModifyReplicationGroupRequest::builder,
                        (request, change) -> request.applyImmediately(true),
                        ElastiCacheClient::modifyReplicationGroup,
                        Spec::ipDiscovery)
                .updates(ReplicationGroupCalls::cluster, Spec::clusterMode)
                .updatesIf(
                        ReplicationGroupCalls::dismisses,
                        ReplicationGroupCalls::dismiss,
                        Spec::userGroupIds,
                        Spec::authToken,
                        Spec::authTokenUpdateStrategy)
                .updates(ReplicationGroupCalls::encrypt, Spec::transitEncryptionEnabled, Spec::transitEncryptionMode)
                .updates(ReplicationGroupCalls::admit, Spec::userGroupIds)
                .updatesIf(ReplicationGroupTokens::mayRotate, ReplicationGroupTokens::rotate, Spec::authToken)
                .updatesIf(ReplicationGroupTokens::ends, ReplicationGroupTokens::set, Spec::authTokenUpdateStrategy)
                .updates(ReplicationGroupCalls::decrease, Spec::numCacheClusters, Spec::replicasPerNodeGroup)
                .deletesObserved(ReplicationGroupCalls::delete)
                .state((known, item) -> ReplicationGroupStates.facts(known, item)
                        .phase(ReplicationGroupStates.phase(item))
                        .health(ReplicationGroupStates.health(item))
                        .outlook(ReplicationGroupStates.outlook(item))
                        .createdAt(item.group().replicationGroupCreateTime()))
                .supports(CacheSupport::runs, (cache, item) -> CacheSupport.end(item))
                .output(
                        "endpoint",
                        "The host name to write to: the primary's, or in cluster mode the configuration endpoint's.",
                        item -> Values.of(ReplicationGroupStates.endpoint(item), Endpoint::address))
                .output(
                        "readerEndpoint",
                        "The host name to read from; not in cluster mode.",
                        item -> Values.of(ReplicationGroupStates.reader(item), Endpoint::address))
                .output(
                        "port",
                        "The port of the cache.",
                        item -> Values.of(ReplicationGroupStates.endpoint(item), Endpoint::port))
                .output("arn", "Its ARN.", CacheGroup::arn)
                .output("id", "Its name.", CacheGroup::replicationGroupId)
                .output(
                        "memberClusters",
                        "The names of its nodes, which are the dimension CacheClusterId of their metrics.",
                        item -> item.group().memberClusters())
                .output(
                        "authTokenEnabled",
                        "Whether clients have to give a token.",
                        item -> Boolean.TRUE.equals(item.group().authTokenEnabled()))
                .info(info -> info.stateful("its data, except for a final snapshot, unless finalSnapshot is false")
                        .stepwise()
                        .hastens(
                                Spec::automaticFailoverEnabled,
                                Spec::multiAZEnabled,
                                Spec::logDeliveryConfigurations,
                                Spec::ipDiscovery,
                                Spec::clusterMode,
                                Spec::transitEncryptionEnabled,
                                Spec::transitEncryptionMode,
                                Spec::userGroupIds,
                                Spec::authToken,
                                Spec::authTokenUpdateStrategy))
                .leavesOut(
                        "GlobalReplicationGroupId, PrimaryClusterId",
                        "such a cache depends on another cache: on a global datastore, or on an older single node")
                .leavesOut(
                        "NodeGroupConfiguration",
                        "ElastiCache spreads slots and zones evenly over the shards that numNodeGroups requests")
                .leavesOut("CacheSecurityGroupNames", "they belong to EC2-Classic, which AWS has ended")
                .leavesOut("ServerlessCacheSnapshotName", "a user restores a snapshot of a serverless cache by hand")
                .leavesOut("Durability", "AWS has not documented yet which changes of this member keep the data")
                .fault("ReplicationGroupAlreadyExists", EXISTS)
                .fault("InvalidReplicationGroupState", CONFLICT)
                .fault("InvalidCacheClusterState", CONFLICT)
                .fault("InvalidUserGroupState", CONFLICT)
                .fault("CacheSubnetGroupNotFoundFault", DEPENDENCY)
                .fault("CacheParameterGroupNotFound", DEPENDENCY)
                .fault("UserGroupNotFound", DEPENDENCY)
                .fault("NodeGroupsPerReplicationGroupQuotaExceeded", QUOTA)
                // The secret of the token or its version is missing; for a missing cache, ElastiCache has another code.
                .fault("ResourceNotFoundException", DEPENDENCY)
                .permissions(Permissions.on("elasticache:{region}:{account}:replicationgroup:{name}")
                        .readsSecrets("authToken")
                        .touches(
                                "elasticache:CreateReplicationGroup",
                                "elasticache:{region}:{account}:subnetgroup:*",
                                "elasticache:{region}:{account}:parametergroup:*",
                                "elasticache:{region}:{account}:snapshot:*",
                                "elasticache:{region}:{account}:usergroup:*",
                                "elasticache:{region}:{account}:cluster:*")
                        .touches(
                                "elasticache:ModifyReplicationGroup",
                                "elasticache:{region}:{account}:parametergroup:*",
                                "elasticache:{region}:{account}:usergroup:*",
                                "elasticache:{region}:{account}:cluster:*")
                        .touches("elasticache:DeleteReplicationGroup", "elasticache:{region}:{account}:snapshot:*")
                        // ElastiCache takes a final snapshot with the caller's permissions.
                        .touches("elasticache:CreateSnapshot", "elasticache:{region}:{account}:snapshot:*")
                        .needsOn("elasticache:{region}:{account}:replicationgroup:{name}", "elasticache:CreateSnapshot")
                        // ElastiCache arranges the delivery with the caller's permissions.
                        // https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Logging-destinations.html
                        .changesAnythingFor(
                                "logDeliveryConfigurations",
                                "logs:CreateLogDelivery",
                                "logs:GetLogDelivery",
                                "logs:UpdateLogDelivery",
                                "logs:DeleteLogDelivery",
                                "logs:ListLogDeliveries",
                                "logs:PutResourcePolicy",
                                "logs:DescribeResourcePolicies",
                                "logs:DescribeLogGroups",
                                "firehose:TagDeliveryStream")
                        .needsServiceRole("delivery.logs.amazonaws.com", "logDeliveryConfigurations")
                        .needsServiceRole("elasticache.amazonaws.com"))
                .page(
                        "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html");
    }

    @Override
    public Map<String, String> approvals(Spec desired, Spec observed) {
        return ReplicationGroupCalls.approvals(desired, observed);
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        ReplicationGroupChecks.check(spec, findings);
    }
}
