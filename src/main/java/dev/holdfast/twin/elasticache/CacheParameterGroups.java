package dev.holdfast.twin.elasticache;

import static dev.holdfast.twin.store.Identifiers.lower;
import static dev.holdfast.twin.store.TwinErrors.combination;
import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.invalid;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.twin.store.NamedGroups;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticache.model.*;

/** The parameter groups of caches. The groups of ElastiCache itself ({@code default.*}) are not stored. */
final class CacheParameterGroups {
    private static final int PAGE = 100;
    /** The largest number of parameters that one request may change. */
    private static final int PARAMETERS = 20;

    private final TwinContext context;
    private final ResourceStore<CacheParameterGroup, CacheParameterGroup.Builder> store;
    private final NamedGroups<CacheParameterGroup, CacheParameterGroup.Builder> named;

    CacheParameterGroups(TwinContext context) {
        this.context = context;
        this.store = context.store(CacheParameterGroup::builder, CacheParameterGroup::cacheParameterGroupName)
                .type("elasticache:parametergroup")
                .arn(CacheParameterGroup::arn)
                .missing(name -> error(404, "CacheParameterGroupNotFound", "CacheParameterGroup not found: " + name))
                .pages(PAGE)
                .tagRules(TwinElastiCache.TAG_RULES);
        this.named = new NamedGroups<>(
                store,
                name -> refused("CacheParameterGroupAlreadyExists", "Parameter group " + name + " already exists"),
                name -> refused(
                        "InvalidCacheParameterGroupState",
                        "One or more cache clusters are still members of this parameter group " + name
                                + ", so the group cannot be deleted"));
    }

    StoredResource<CacheParameterGroup> seen(@Nullable String name) {
        return store.seen(lower(name));
    }

    List<TwinItem> items() {
        return store.items();
    }

    /**
     * The name of the parameter group for a cache; throws if its family does not match.
     *
     * @param family the family of the cache's version
     */
    String usable(String asked, String family) {
        String its = asked.startsWith("default.")
                ? asked.replace("default.", "").replace(".cluster.on", "")
                : seen(asked).shape().cacheParameterGroupFamily();
        if (!its.equals(family)) {
            throw combination("Expected a parameter group of family " + family + " but found one of family " + its);
        }
        return lower(asked);
    }

    CacheParameterGroup create(CreateCacheParameterGroupRequest r) {
        String name = named.free(r.cacheParameterGroupName());
        if (!CacheParameters.hasFamily(r.cacheParameterGroupFamily())) {
            throw invalid("CacheParameterGroupFamily " + r.cacheParameterGroupFamily()
                    + " is not a valid parameter group family.");
        }
        return store.create(
                r,
                g -> g.cacheParameterGroupName(name)
                        .isGlobal(false)
                        .arn(context.arn("elasticache", "parametergroup:" + name)));
    }

    DescribeCacheParameterGroupsResponse page(DescribeCacheParameterGroupsRequest r) {
        return named.page(r, DescribeCacheParameterGroupsResponse.builder(), r.cacheParameterGroupName());
    }

    DescribeCacheParametersResponse parameters(DescribeCacheParametersRequest r) {
        List<Parameter> all = CacheParameters.of(
                        seen(r.cacheParameterGroupName()).attributes())
                .filter(p -> r.source() == null || r.source().equals(p.source()))
                .toList();
        return context.page(r, DescribeCacheParametersResponse.builder(), all, PAGE);
    }

    /**
     * Changes parameters of a group.
     *
     * @param restarts receives the name of the group if the change requires a restart of its nodes
     * @return the name of the group
     */
    String modify(ModifyCacheParameterGroupRequest r, Consumer<String> restarts) {
        refuseDefault(r.cacheParameterGroupName());
        StoredResource<CacheParameterGroup> group = seen(r.cacheParameterGroupName());
        if (r.parameterNameValues().size() > PARAMETERS) {
            throw invalid("A maximum of 20 parameters can be modified in a single request");
        }
        boolean restart = CacheParameters.check(r.parameterNameValues());
        r.parameterNameValues().forEach(p -> group.attributes().put(p.parameterName(), p.parameterValue()));
        if (restart) {
            restarts.accept(group.id());
        }
        return group.id();
    }

    private static void refuseDefault(String name) {
        if (name.startsWith("default.")) {
            throw refused("InvalidCacheParameterGroupState", "Default parameter groups cannot be modified.");
        }
    }

    void delete(DeleteCacheParameterGroupRequest r, Predicate<String> used) {
        refuseDefault(r.cacheParameterGroupName());
        named.delete(lower(r.cacheParameterGroupName()), used);
    }
}
