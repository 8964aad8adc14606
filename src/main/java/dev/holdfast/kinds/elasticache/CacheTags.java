package dev.holdfast.kinds.elasticache;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.Tagging;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.Tag;

/**
 * The tags of ElastiCache. They come from the tagging API, or from one read per resource, which works only while the
 * resource is available.
 */
final class CacheTags {
    private CacheTags() {}

    /**
     * @param type the resource type in the ARN: {@code replicationgroup}, {@code subnetgroup}, {@code parametergroup}
     */
    static Tagging<ElastiCacheClient> indexed(String type) {
        return Tagging.<ElastiCacheClient>indexed(
                        "elasticache:" + type,
                        (cache, arn) -> SdkShapes.map(cache.listTagsForResource(r -> r.resourceName(arn))
                                .tagList()),
                        arn -> arn.substring(arn.lastIndexOf(':') + 1),
                        CacheTags::put,
                        CacheTags::remove)
                .on("arn");
    }

    private static void put(ElastiCacheClient cache, String arn, Map<String, String> tags) {
        cache.addTagsToResource(r -> r.resourceName(arn).tags(SdkShapes.pairs(tags, Tag::builder)));
    }

    private static void remove(ElastiCacheClient cache, String arn, Set<String> keys) {
        cache.removeTagsFromResource(r -> r.resourceName(arn).tagKeys(keys));
    }
}
