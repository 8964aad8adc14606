package dev.holdfast.twin.elasticache;

import static dev.holdfast.twin.store.TwinErrors.error;

import dev.holdfast.twin.ec2.TwinEc2;
import dev.holdfast.twin.store.EventSource;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TagRules;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinTags;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.*;

/** The twin of ElastiCache: replication groups with their subnet groups, parameter groups and users. The caches themselves do not exist. */
public final class TwinElastiCache implements ElastiCacheClient, TwinService, EventSource {
    private static final int PAGE = 100;
    /** As many parameters as one request may change. */
    private static final int PARAMETERS = 20;

    static final TagRules TAG_RULES = TagRules.of(
            () -> fault(400, "TagQuotaPerResourceExceeded", "The number of tags exceeds the limit of 50"),
            key -> invalid("Tag keys that begin with aws: are reserved for system use"));

    private final TwinContext context;
    private final ResourceStore<CacheSubnetGroup, CacheSubnetGroup.Builder> subnetGroups;
    private final ResourceStore<CacheParameterGroup, CacheParameterGroup.Builder> parameterGroups;
    private final CacheUsers users;
    private final ReplicationGroups groups;
    private final ServerlessCaches serverless;

    public TwinElastiCache(TwinContext context) {
        this.context = context;
        this.subnetGroups = context.store(CacheSubnetGroup::builder, CacheSubnetGroup::cacheSubnetGroupName)
                .type("elasticache:subnetgroup")
                .arn(CacheSubnetGroup::arn)
                .missing(name ->
                        fault(400, "CacheSubnetGroupNotFoundFault", "Cache Subnet Group " + name + " does not exist."))
                .pages(PAGE)
                .tagRules(TAG_RULES);
        this.parameterGroups = context.store(CacheParameterGroup::builder, CacheParameterGroup::cacheParameterGroupName)
                .type("elasticache:parametergroup")
                .arn(CacheParameterGroup::arn)
                .missing(name -> fault(404, "CacheParameterGroupNotFound", "CacheParameterGroup not found: " + name))
                .pages(PAGE)
                .tagRules(TAG_RULES);
        this.users = new CacheUsers(context);
        this.groups = new ReplicationGroups(context, subnetGroups, parameterGroups, users.groups());
        this.serverless = new ServerlessCaches(context, users.groups());
    }

    @Override
    public void catchUp() {
        serverless.settle();
    }

    static AwsServiceException fault(int status, String code, String message) {
        return error(status, code, message);
    }

    static AwsServiceException invalid(String message) {
        return fault(400, "InvalidParameterValue", message);
    }

    static AwsServiceException combination(String message) {
        return fault(400, "InvalidParameterCombination", message);
    }

    /** The maintenance window of a replication group has come: its nodes take up what waits for it. */
    public void openWindow(String group) {
        groups.openWindow(group);
    }

    /** ElastiCache installs a newer version, as it does by itself. */
    public void upgrade(String group, String version) {
        groups.upgrade(group, version);
    }

    /** Whether a replication group lets clients in that give this token. */
    public boolean lets(String group, String token) {
        return groups.lets(group, token);
    }

    /** The names of all snapshots. */
    public Set<String> snapshots() {
        return groups.snapshots();
    }

    @Override
    public CreateCacheSubnetGroupResponse createCacheSubnetGroup(CreateCacheSubnetGroupRequest r) {
        String name = r.cacheSubnetGroupName().toLowerCase(Locale.ROOT);
        if (subnetGroups.has(name)) {
            throw fault(400, "CacheSubnetGroupAlreadyExists", "Cache subnet group " + name + " already exists.");
        }
        List<Subnet> subnets = subnets(r.subnetIds(), vpc(r.subnetIds()));
        CacheSubnetGroup made = subnetGroups.create(
                r,
                g -> g.cacheSubnetGroupName(name)
                        .arn(context.arn("elasticache", "subnetgroup:" + name))
                        .vpcId(vpc(r.subnetIds()))
                        .subnets(subnets)
                        .supportedNetworkTypes(NetworkType.IPV4));
        return CreateCacheSubnetGroupResponse.builder().cacheSubnetGroup(made).build();
    }

    private @Nullable String vpc(List<String> ids) {
        return ids.isEmpty() ? null : context.peer(TwinEc2.class).vpcOf(ids.getFirst());
    }

    private List<Subnet> subnets(List<String> ids, @Nullable String vpc) {
        List<Subnet> subnets = new ArrayList<>();
        for (String id : new TreeSet<>(ids)) {
            software.amazon.awssdk.services.ec2.model.Subnet subnet =
                    context.peer(TwinEc2.class).subnet(id);
            if (subnet == null || !subnet.vpcId().equals(vpc)) {
                throw fault(400, "InvalidSubnet", "Some input subnets in :[" + id + "] are invalid.");
            }
            subnets.add(Subnet.builder()
                    .subnetIdentifier(id)
                    .subnetAvailabilityZone(z -> z.name(subnet.availabilityZone()))
                    .supportedNetworkTypes(NetworkType.IPV4)
                    .build());
        }
        if (subnets.isEmpty()) {
            throw invalid("A subnet group needs at least one subnet.");
        }
        return subnets;
    }

    @Override
    public DescribeCacheSubnetGroupsResponse describeCacheSubnetGroups(DescribeCacheSubnetGroupsRequest r) {
        return subnetGroups.page(
                r,
                DescribeCacheSubnetGroupsResponse.builder(),
                subnetGroups.visible(named(r.cacheSubnetGroupName()), List.of()));
    }

    static List<String> named(@Nullable String name) {
        return name == null ? List.of() : List.of(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public ModifyCacheSubnetGroupResponse modifyCacheSubnetGroup(ModifyCacheSubnetGroupRequest r) {
        CacheSubnetGroup old =
                subnetGroups.seen(lower(r.cacheSubnetGroupName())).shape();
        List<Subnet> subnets = r.subnetIds().isEmpty() ? old.subnets() : subnets(r.subnetIds(), old.vpcId());
        Set<String> stay =
                new TreeSet<>(subnets.stream().map(Subnet::subnetIdentifier).toList());
        Set<String> used = groups.usedSubnets(old.cacheSubnetGroupName());
        if (!stay.containsAll(used)) {
            throw fault(400, "SubnetInUse", "The subnet IDs " + used + " are in use.");
        }
        CacheSubnetGroup changed = subnetGroups.change(old.cacheSubnetGroupName(), g -> {
            g.subnets(subnets);
            if (r.cacheSubnetGroupDescription() != null) {
                g.cacheSubnetGroupDescription(r.cacheSubnetGroupDescription());
            }
        });
        return ModifyCacheSubnetGroupResponse.builder()
                .cacheSubnetGroup(changed)
                .build();
    }

    static String lower(@Nullable String name) {
        return Objects.requireNonNullElse(name, "").toLowerCase(Locale.ROOT);
    }

    @Override
    public DeleteCacheSubnetGroupResponse deleteCacheSubnetGroup(DeleteCacheSubnetGroupRequest r) {
        String name = subnetGroups.seen(lower(r.cacheSubnetGroupName())).id();
        if (groups.nodes().anyMatch(node -> name.equals(node.cacheSubnetGroupName()))) {
            throw fault(
                    400,
                    "CacheSubnetGroupInUse",
                    "Cache subnet group " + name + " is currently in use by a cache cluster.");
        }
        subnetGroups.delete(name);
        return DeleteCacheSubnetGroupResponse.builder().build();
    }

    @Override
    public CreateCacheParameterGroupResponse createCacheParameterGroup(CreateCacheParameterGroupRequest r) {
        String name = r.cacheParameterGroupName().toLowerCase(Locale.ROOT);
        if (parameterGroups.has(name)) {
            throw fault(400, "CacheParameterGroupAlreadyExists", "Parameter group " + name + " already exists");
        }
        if (!CacheParameters.hasFamily(r.cacheParameterGroupFamily())) {
            throw invalid("CacheParameterGroupFamily " + r.cacheParameterGroupFamily()
                    + " is not a valid parameter group family.");
        }
        CacheParameterGroup made = parameterGroups.create(
                r,
                g -> g.cacheParameterGroupName(name)
                        .isGlobal(false)
                        .arn(context.arn("elasticache", "parametergroup:" + name)));
        return CreateCacheParameterGroupResponse.builder()
                .cacheParameterGroup(made)
                .build();
    }

    @Override
    public DescribeCacheParameterGroupsResponse describeCacheParameterGroups(DescribeCacheParameterGroupsRequest r) {
        return parameterGroups.page(
                r,
                DescribeCacheParameterGroupsResponse.builder(),
                parameterGroups.visible(named(r.cacheParameterGroupName()), List.of()));
    }

    @Override
    public DescribeCacheParametersResponse describeCacheParameters(DescribeCacheParametersRequest r) {
        var group = parameterGroups.seen(lower(r.cacheParameterGroupName()));
        List<Parameter> all = CacheParameters.of(group.attributes())
                .filter(p -> r.source() == null || r.source().equals(p.source()))
                .toList();
        return context.page(r, DescribeCacheParametersResponse.builder(), all, PAGE);
    }

    @Override
    public ModifyCacheParameterGroupResponse modifyCacheParameterGroup(ModifyCacheParameterGroupRequest r) {
        refuseDefault(r.cacheParameterGroupName());
        var group = parameterGroups.seen(lower(r.cacheParameterGroupName()));
        if (r.parameterNameValues().size() > PARAMETERS) {
            throw invalid("A maximum of 20 parameters can be modified in a single request");
        }
        boolean restart = CacheParameters.check(r.parameterNameValues());
        r.parameterNameValues().forEach(p -> group.attributes().put(p.parameterName(), p.parameterValue()));
        if (restart) {
            groups.parametersWait(group.id());
        }
        return ModifyCacheParameterGroupResponse.builder()
                .cacheParameterGroupName(group.id())
                .build();
    }

    private static void refuseDefault(String name) {
        if (name.startsWith("default.")) {
            throw fault(400, "InvalidCacheParameterGroupState", "Default parameter groups cannot be modified.");
        }
    }

    @Override
    public DeleteCacheParameterGroupResponse deleteCacheParameterGroup(DeleteCacheParameterGroupRequest r) {
        refuseDefault(r.cacheParameterGroupName());
        String name = parameterGroups.seen(lower(r.cacheParameterGroupName())).id();
        if (groups.nodes()
                .anyMatch(n -> n.cacheParameterGroup().cacheParameterGroupName().equals(name))) {
            throw fault(
                    400,
                    "InvalidCacheParameterGroupState",
                    "One or more cache clusters are still members of this parameter group " + name
                            + ", so the group cannot be deleted");
        }
        parameterGroups.delete(name);
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
        return TwinTags.show(tagged(r.resourceName()).tags(), ListTagsForResourceResponse.builder())
                .build();
    }

    @Override
    public AddTagsToResourceResponse addTagsToResource(AddTagsToResourceRequest r) {
        Map<String, String> tags = tagged(r.resourceName()).tags();
        TwinTags.put(tags, TwinTags.in(r), TAG_RULES);
        return TwinTags.show(tags, AddTagsToResourceResponse.builder()).build();
    }

    @Override
    public RemoveTagsFromResourceResponse removeTagsFromResource(RemoveTagsFromResourceRequest r) {
        Map<String, String> tags = tagged(r.resourceName()).tags();
        tags.keySet().removeAll(r.tagKeys());
        return TwinTags.show(tags, RemoveTagsFromResourceResponse.builder()).build();
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

    /** The resource of an ARN. Tags of a replication group that is not available are out of reach. */
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
        throw fault(400, "InvalidARN", "ARN " + arn + " is of no resource that has tags.");
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
