package dev.holdfast.kinds.elasticache;

import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.stream.Gatherers;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.CacheParameterGroup;
import software.amazon.awssdk.services.elasticache.model.CacheParameterGroupNotFoundException;
import software.amazon.awssdk.services.elasticache.model.CreateCacheParameterGroupRequest;
import software.amazon.awssdk.services.elasticache.model.ParameterNameValue;

/**
 * The settings of a cache engine, by value. Nodes apply some values at once, and other values when the nodes restart.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.html">Parameter groups</a>
 */
@Singleton
public final class CacheParameterGroupKind extends DeclaredKind<CacheParameterGroupKind.Spec> {
    private static final int PAGE = 100;
    /** The number of parameters that ModifyCacheParameterGroup accepts. */
    private static final int PARAMETERS = 20;

    /** @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheParameterGroup.html">CreateCacheParameterGroup</a> */
    public record Spec(
            @Doc("The name, in lower case.") @PhysicalName(max = 255, lower = true, letterFirst = true)
            String cacheParameterGroupName,

            @Doc("The family: engine and major version, such as redis7 or valkey8.") @Required @Immutable
            String cacheParameterGroupFamily,

            @Doc("The purpose of the group.") @Required @Immutable
            String description,

            @Doc("The values of parameters, by the engine's parameter names; only parameters named here are compared."
                    + " A parameter that is removed here keeps its value.")
            @DeclaredKeys
            @Slow("parameters")
            Map<String, String> parameters,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {
        public Spec {
            parameters = Values.lowerKeys(parameters);
        }
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("CacheParameterGroup", Spec.class, ElastiCacheClient.class)
                .description("A cache parameter group: the settings of a cache engine.")
                .lists(
                        cache -> cache.describeCacheParameterGroupsPaginator(r -> r.maxRecords(PAGE))
                                .cacheParameterGroups(),
                        PointRead.of(
                                (cache, name) -> cache.describeCacheParameterGroups(
                                                r -> r.cacheParameterGroupName(name))
                                        .cacheParameterGroups(),
                                CacheParameterGroupNotFoundException.class))
                .named(CacheParameterGroup::cacheParameterGroupName)
                .arn(CacheParameterGroup::arn)
                .tags(CacheTags.indexed("parametergroup"))
                .createsNamed(CreateCacheParameterGroupRequest::builder, ElastiCacheClient::createCacheParameterGroup)
                .parameters(
                        Spec::parameters,
                        (cache, name) -> cache.describeCacheParametersPaginator(
                                        r -> r.cacheParameterGroupName(name).maxRecords(PAGE))
                                .parameters(),
                        CacheParameterGroupKind::put)
                .deletes((cache, name) -> cache.deleteCacheParameterGroup(r -> r.cacheParameterGroupName(name)))
                .output("name", "Its name.", CacheParameterGroup::cacheParameterGroupName)
                .output("arn", "Its ARN.", CacheParameterGroup::arn)
                .fault("CacheParameterGroupAlreadyExists", EXISTS)
                // ElastiCache has one code for a group in use and for a group that is being changed.
                .fault("InvalidCacheParameterGroupState", DEPENDENCY)
                .permissions(Permissions.on("elasticache:{region}:{account}:parametergroup:{name}"))
                .page(
                        "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheParameterGroup.html");
    }

    private static void put(ElastiCacheClient cache, Change<Spec> change) {
        SdkShapes.pairs(change.differing(Spec::parameters), ParameterNameValue::builder).stream()
                .gather(Gatherers.windowFixed(PARAMETERS))
                .forEach(batch -> cache.modifyCacheParameterGroup(
                        r -> r.cacheParameterGroupName(change.physicalId()).parameterNameValues(batch)));
    }
}
