package dev.holdfast.kinds.elasticache;

import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.CacheSubnetGroup;
import software.amazon.awssdk.services.elasticache.model.CacheSubnetGroupNotFoundException;
import software.amazon.awssdk.services.elasticache.model.CreateCacheSubnetGroupRequest;
import software.amazon.awssdk.services.elasticache.model.ModifyCacheSubnetGroupRequest;

/** The subnets that ElastiCache may place a cache in. */
@Singleton
public final class CacheSubnetGroupKind extends DeclaredKind<CacheSubnetGroupKind.Spec> {
    private static final int PAGE = 100;

    /** @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheSubnetGroup.html">CreateCacheSubnetGroup</a> */
    public record Spec(
            @Doc("The name, in lower case.") @PhysicalName(max = 255, lower = true, letterFirst = true)
            String cacheSubnetGroupName,

            @Doc("The purpose of the group.") @Required String cacheSubnetGroupDescription,

            @Doc("The VPC, which AWS derives from the subnets. If it is set, a move of the subnets to another VPC"
                    + " replaces the group, because AWS cannot move an existing one.")
            @Immutable
            @Ref("Vpc")
            String vpcId,

            @Doc("The subnets, all of one VPC.") @Required @Ref("Subnet") @ReadFrom("subnets.subnetIdentifier")
            Set<String> subnetIds,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("CacheSubnetGroup", Spec.class, ElastiCacheClient.class)
                .description("A cache subnet group: the subnets that ElastiCache may place a cache in.")
                .lists(
                        cache -> cache.describeCacheSubnetGroupsPaginator(r -> r.maxRecords(PAGE))
                                .cacheSubnetGroups(),
                        PointRead.of(
                                (cache, name) -> cache.describeCacheSubnetGroups(r -> r.cacheSubnetGroupName(name))
                                        .cacheSubnetGroups(),
                                CacheSubnetGroupNotFoundException.class))
                .named(CacheSubnetGroup::cacheSubnetGroupName)
                .arn(CacheSubnetGroup::arn)
                .tags(CacheTags.indexed("subnetgroup"))
                .createsNamed(CreateCacheSubnetGroupRequest::builder, ElastiCacheClient::createCacheSubnetGroup)
                .changes(ModifyCacheSubnetGroupRequest::builder, ElastiCacheClient::modifyCacheSubnetGroup)
                .deletes((cache, name) -> cache.deleteCacheSubnetGroup(r -> r.cacheSubnetGroupName(name)))
                .output("name", "Its name.", CacheSubnetGroup::cacheSubnetGroupName)
                .output("arn", "Its ARN.", CacheSubnetGroup::arn)
                .fault("CacheSubnetGroupAlreadyExists", EXISTS)
                .fault("CacheSubnetGroupInUse", DEPENDENCY)
                .fault("SubnetInUse", DEPENDENCY)
                .permissions(Permissions.on("elasticache:{region}:{account}:subnetgroup:{name}"))
                .page(
                        "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheSubnetGroup.html");
    }
}
