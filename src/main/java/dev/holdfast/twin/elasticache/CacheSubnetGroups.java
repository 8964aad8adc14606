package dev.holdfast.twin.elasticache;

import static dev.holdfast.twin.store.Identifiers.lower;
import static dev.holdfast.twin.store.TwinErrors.invalid;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.twin.ec2.TwinEc2;
import dev.holdfast.twin.store.NamedGroups;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticache.model.*;

/** The subnet groups of caches. All subnets of a group are in one VPC. */
final class CacheSubnetGroups {
    private final TwinContext context;
    private final ResourceStore<CacheSubnetGroup, CacheSubnetGroup.Builder> store;
    private final NamedGroups<CacheSubnetGroup, CacheSubnetGroup.Builder> named;

    CacheSubnetGroups(TwinContext context) {
        this.context = context;
        this.store = context.store(CacheSubnetGroup::builder, CacheSubnetGroup::cacheSubnetGroupName)
                .type("elasticache:subnetgroup")
                .arn(CacheSubnetGroup::arn)
                .missing(name ->
                        refused("CacheSubnetGroupNotFoundFault", "Cache Subnet Group " + name + " does not exist."))
                .pages(100)
                .tagRules(TwinElastiCache.TAG_RULES);
        this.named = new NamedGroups<>(
                store,
                name -> refused("CacheSubnetGroupAlreadyExists", "Cache subnet group " + name + " already exists."),
                name -> refused(
                        "CacheSubnetGroupInUse",
                        "Cache subnet group " + name + " is currently in use by a cache cluster."));
    }

    StoredResource<CacheSubnetGroup> seen(@Nullable String name) {
        return store.seen(lower(name));
    }

    /** The group of a node, visible or not. */
    CacheSubnetGroup need(String name) {
        return store.need(name);
    }

    List<TwinItem> items() {
        return store.items();
    }

    CacheSubnetGroup create(CreateCacheSubnetGroupRequest r) {
        String name = named.free(r.cacheSubnetGroupName());
        String vpc = r.subnetIds().isEmpty()
                ? null
                : context.peer(TwinEc2.class).vpcOf(r.subnetIds().getFirst());
        List<Subnet> subnets = subnets(r.subnetIds(), vpc);
        return store.create(
                r,
                g -> g.cacheSubnetGroupName(name)
                        .arn(context.arn("elasticache", "subnetgroup:" + name))
                        .vpcId(vpc)
                        .subnets(subnets)
                        .supportedNetworkTypes(NetworkType.IPV4));
    }

    private List<Subnet> subnets(List<String> ids, @Nullable String vpc) {
        List<Subnet> subnets = context.peer(TwinEc2.class).subnets(vpc, new TreeSet<>(ids)).stream()
                .map(subnet -> Subnet.builder()
                        .subnetIdentifier(subnet.subnetId())
                        .subnetAvailabilityZone(z -> z.name(subnet.availabilityZone()))
                        .supportedNetworkTypes(NetworkType.IPV4)
                        .build())
                .toList();
        if (subnets.isEmpty()) {
            throw invalid("A subnet group needs at least one subnet.");
        }
        return subnets;
    }

    DescribeCacheSubnetGroupsResponse page(DescribeCacheSubnetGroupsRequest r) {
        return named.page(r, DescribeCacheSubnetGroupsResponse.builder(), r.cacheSubnetGroupName());
    }

    /** @param used the subnets of a group that contain caches */
    CacheSubnetGroup modify(ModifyCacheSubnetGroupRequest r, Function<String, Set<String>> used) {
        CacheSubnetGroup old = seen(r.cacheSubnetGroupName()).shape();
        List<Subnet> subnets = r.subnetIds().isEmpty() ? old.subnets() : subnets(r.subnetIds(), old.vpcId());
        Set<String> stay =
                new TreeSet<>(subnets.stream().map(Subnet::subnetIdentifier).toList());
        Set<String> needed = used.apply(old.cacheSubnetGroupName());
        if (!stay.containsAll(needed)) {
            throw refused("SubnetInUse", "The subnet IDs " + needed + " are in use.");
        }
        return store.change(old.cacheSubnetGroupName(), g -> {
            g.subnets(subnets);
            if (r.cacheSubnetGroupDescription() != null) {
                g.cacheSubnetGroupDescription(r.cacheSubnetGroupDescription());
            }
        });
    }

    void delete(DeleteCacheSubnetGroupRequest r, Predicate<String> used) {
        named.delete(lower(r.cacheSubnetGroupName()), used);
    }
}
