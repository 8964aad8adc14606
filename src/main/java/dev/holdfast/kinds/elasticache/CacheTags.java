package dev.holdfast.kinds.elasticache;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.Tagging;
import dev.holdfast.kind.Values;
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
                        arn -> Values.last(arn, ':'),
                        (cache, arn, tags) -> cache.addTagsToResource(
                                r -> r.resourceName(arn).tags(SdkShapes.pairs(tags, Tag::builder))),
                        (cache, arn, keys) -> cache.removeTagsFromResource(
                                r -> r.resourceName(arn).tagKeys(keys)))
                .on("arn");
    }
}
