package dev.holdfast.twin.elasticache;

import static dev.holdfast.twin.store.TwinErrors.invalid;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.twin.store.EventSource;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TagRules;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.*;

/**
 * The twin of ElastiCache: replication groups with their subnet groups, parameter groups and users. It runs no caches.
 */
public final class TwinElastiCache implements ElastiCacheClient, TwinService, EventSource {
    static final TagRules TAG_RULES = TagRules.of(
            () -> refused("TagQuotaPerResourceExceeded", "The number of tags exceeds the limit of 50"),
            key -> invalid("Tag keys that begin with aws: are reserved for system use"));

    private final CacheSubnetGroups subnetGroups;
    private final CacheParameterGroups parameterGroups;
    private final CacheUsers users;
    private final ReplicationGroups groups;
    private final ServerlessCaches serverless;

    public TwinElastiCache(TwinContext context) {
        this.subnetGroups = new CacheSubnetGroups(context);
        this.parameterGroups = new CacheParameterGroups(context);
        this.users = new CacheUsers(context);
        this.groups = new ReplicationGroups(context, subnetGroups, parameterGroups, users.groups());
        this.serverless = new ServerlessCaches(context, users.groups());
    }

    @Override
    public void catchUp() {
        serverless.settle();
    }

    /** Opens the maintenance window of a replication group, so that its nodes apply the changes that wait for it. */
    public void openWindow(String group) {
        groups.openWindow(group);
    }

    /** Lets the creation of a replication group or of a serverless cache that is under way fail. */
    public void failCreation(String cache) {
        if (serverless.has(cache)) {
            serverless.failCreation(cache);
        } else {
            groups.failCreation(cache);
        }
    }

    /** Lets the delivery of the logs of a replication group fail. */
    public void failLogs(String group, String message) {
        groups.failLogs(group, message);
    }

    /** Moves the slots of a replication group that is resharded, up to this percentage. */
    public void migrates(String group, double percent) {
        groups.migrates(group, percent);
    }

    /** Installs a newer version, as ElastiCache does on its own. */
    public void upgrade(String group, String version) {
        groups.upgrade(group, version);
    }

    /** Whether a replication group accepts clients with this token. */
    public boolean lets(String group, String token) {
        return groups.lets(group, token);
    }

    /** The names of all snapshots. */
    public Set<String> snapshots() {
        return groups.snapshots();
    }

    @Override
    public CreateCacheSubnetGroupResponse createCacheSubnetGroup(CreateCacheSubnetGroupRequest r) {
        return CreateCacheSubnetGroupResponse.builder()
                .cacheSubnetGroup(subnetGroups.create(r))
                .build();
    }

    @Override
    public DescribeCacheSubnetGroupsResponse describeCacheSubnetGroups(DescribeCacheSubnetGroupsRequest r) {
        return subnetGroups.page(r);
    }

    @Override
    public ModifyCacheSubnetGroupResponse modifyCacheSubnetGroup(ModifyCacheSubnetGroupRequest r) {
        return ModifyCacheSubnetGroupResponse.builder()
                .cacheSubnetGroup(subnetGroups.modify(r, groups::usedSubnets))
                .build();
    }

    @Override
    public DeleteCacheSubnetGroupResponse deleteCacheSubnetGroup(DeleteCacheSubnetGroupRequest r) {
        subnetGroups.delete(r, name -> groups.nodes().anyMatch(node -> name.equals(node.cacheSubnetGroupName())));
        return DeleteCacheSubnetGroupResponse.builder().build();
    }

    @Override
    public CreateCacheParameterGroupResponse createCacheParameterGroup(CreateCacheParameterGroupRequest r) {
        return CreateCacheParameterGroupResponse.builder()
                .cacheParameterGroup(parameterGroups.create(r))
                .build();
    }

    @Override
    public DescribeCacheParameterGroupsResponse describeCacheParameterGroups(DescribeCacheParameterGroupsRequest r) {
        return parameterGroups.page(r);
    }

    @Override
    public DescribeCacheParametersResponse describeCacheParameters(DescribeCacheParametersRequest r) {
        return parameterGroups.parameters(r);
    }

    @Override
    public ModifyCacheParameterGroupResponse modifyCacheParameterGroup(ModifyCacheParameterGroupRequest r) {
        return ModifyCacheParameterGroupResponse.builder()
                .cacheParameterGroupName(parameterGroups.modify(r, groups::parametersWait))
                .build();
    }

    @Override
    public DeleteCacheParameterGroupResponse deleteCacheParameterGroup(DeleteCacheParameterGroupRequest r) {
        parameterGroups.delete(
                r,
                name -> groups.nodes()
                        .anyMatch(n -> n.cacheParameterGroup()
                                .cacheParameterGroupName()
                                .equals(name)));
        return DeleteCacheParameterGroupResponse.builder().build();
    }

    @Override
    public CreateReplicationGroupResponse createReplicationGroup(CreateReplicationGroupRequest r) {
        return CreateReplicationGroupResponse.builder()
                .replicationGroup(groups.create(r))
                .build();
    }

    @Override
    public DescribeReplicationGroupsResponse describeReplicationGroups(DescribeReplicationGroupsRequest r) {
        return groups.page(r, r.replicationGroupId());
    }

    @Override
    public DescribeCacheClustersResponse describeCacheClusters(DescribeCacheClustersRequest r) {
        return groups.pageOfNodes(r, r.cacheClusterId(), Boolean.TRUE.equals(r.showCacheNodeInfo()));
    }

    @Override
    public ModifyReplicationGroupResponse modifyReplicationGroup(ModifyReplicationGroupRequest r) {
        return ModifyReplicationGroupResponse.builder()
                .replicationGroup(groups.modify(r))
                .build();
    }

    @Override
    public IncreaseReplicaCountResponse increaseReplicaCount(IncreaseReplicaCountRequest r) {
        return IncreaseReplicaCountResponse.builder()
                .replicationGroup(groups.replicas(
                        r.replicationGroupId(), r.newReplicaCount(), Boolean.TRUE.equals(r.applyImmediately()), true))
                .build();
    }

    @Override
    public DecreaseReplicaCountResponse decreaseReplicaCount(DecreaseReplicaCountRequest r) {
        return DecreaseReplicaCountResponse.builder()
                .replicationGroup(groups.replicas(
                        r.replicationGroupId(), r.newReplicaCount(), Boolean.TRUE.equals(r.applyImmediately()), false))
                .build();
    }

    @Override
    public ModifyReplicationGroupShardConfigurationResponse modifyReplicationGroupShardConfiguration(
            ModifyReplicationGroupShardConfigurationRequest r) {
        return ModifyReplicationGroupShardConfigurationResponse.builder()
                .replicationGroup(groups.reshard(
                        r.replicationGroupId(),
                        r.nodeGroupCount(),
                        Boolean.TRUE.equals(r.applyImmediately()),
                        r.nodeGroupsToRemove()))
                .build();
    }

    @Override
    public DeleteReplicationGroupResponse deleteReplicationGroup(DeleteReplicationGroupRequest r) {
        return DeleteReplicationGroupResponse.builder()
                .replicationGroup(groups.delete(r))
                .build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest r) {
        return tagged(r.resourceName()).showTags(ListTagsForResourceResponse.builder());
    }

    @Override
    public AddTagsToResourceResponse addTagsToResource(AddTagsToResourceRequest r) {
        return tagged(r.resourceName()).tag(r, AddTagsToResourceResponse.builder());
    }

    @Override
    public RemoveTagsFromResourceResponse removeTagsFromResource(RemoveTagsFromResourceRequest r) {
        return tagged(r.resourceName()).untag(r.tagKeys(), RemoveTagsFromResourceResponse.builder());
    }

    @Override
    public CreateServerlessCacheResponse createServerlessCache(CreateServerlessCacheRequest r) {
        return serverless.create(r);
    }

    @Override
    public DescribeServerlessCachesResponse describeServerlessCaches(DescribeServerlessCachesRequest r) {
        return serverless.page(r);
    }

    @Override
    public ModifyServerlessCacheResponse modifyServerlessCache(ModifyServerlessCacheRequest r) {
        return serverless.modify(r);
    }

    @Override
    public DeleteServerlessCacheResponse deleteServerlessCache(DeleteServerlessCacheRequest r) {
        return serverless.delete(r);
    }

    /** The names of the snapshots of serverless caches. */
    public Set<String> serverlessSnapshots() {
        return serverless.snapshots();
    }

    @Override
    public CreateUserResponse createUser(CreateUserRequest r) {
        return users.create(r);
    }

    @Override
    public DescribeUsersResponse describeUsers(DescribeUsersRequest r) {
        return users.page(r);
    }

    @Override
    public ModifyUserResponse modifyUser(ModifyUserRequest r) {
        return users.modify(r);
    }

    @Override
    public DeleteUserResponse deleteUser(DeleteUserRequest r) {
        return users.delete(r);
    }

    @Override
    public CreateUserGroupResponse createUserGroup(CreateUserGroupRequest r) {
        return users.groups().create(r);
    }

    @Override
    public DescribeUserGroupsResponse describeUserGroups(DescribeUserGroupsRequest r) {
        return users.groups().page(r);
    }

    @Override
    public ModifyUserGroupResponse modifyUserGroup(ModifyUserGroupRequest r) {
        return users.groups().modify(r);
    }

    @Override
    public DeleteUserGroupResponse deleteUserGroup(DeleteUserGroupRequest r) {
        return users.groups().delete(r);
    }

    /**
     * The resource with this ARN. ElastiCache refuses access to the tags of a replication group that is not available.
     */
    private StoredResource<?> tagged(String arn) {
        String name = arn.substring(arn.lastIndexOf(':') + 1);
        if (arn.contains(":subnetgroup:")) {
            return subnetGroups.seen(name);
        }
        if (arn.contains(":parametergroup:")) {
            return parameterGroups.seen(name);
        }
        if (arn.contains(":replicationgroup:")) {
            return groups.available(name);
        }
        if (arn.contains(":serverlesscache:")) {
            return serverless.available(name);
        }
        if (arn.contains(":user:")) {
            return users.seen(name);
        }
        if (arn.contains(":usergroup:")) {
            return users.groups().seen(name);
        }
        throw refused("InvalidARN", "ARN " + arn + " is of no resource that has tags.");
    }

    @Override
    public List<TwinItem> inventory() {
        return Stream.of(
                        subnetGroups.items(),
                        parameterGroups.items(),
                        users.items(),
                        users.groups().items(),
                        groups.items(),
                        serverless.items())
                .flatMap(List::stream)
                .toList();
    }
}
