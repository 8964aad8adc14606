package dev.holdfast.kinds.cloudfront;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.Tagging;
import dev.holdfast.kind.Values;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.Tag;

/**
 * The tags of CloudFront's resources, which are read by ARN, and from the tagging API of one region, and the
 * permissions for resources without tags.
 */
final class CloudFrontTags {
    private CloudFrontTags() {}

    /** @param type the resource type in the tagging API, {@code distribution} */
    static Tagging<CloudFrontClient> of(String type) {
        return Tagging.<CloudFrontClient>indexed(
                        "cloudfront:" + type,
                        (cloudFront, arn) -> SdkShapes.map(cloudFront
                                .listTagsForResource(r -> r.resource(arn))
                                .tags()
                                .items()),
                        arn -> Values.last(arn, '/'),
                        (cloudFront, arn, tags) -> cloudFront.tagResource(r ->
                                r.resource(arn).tags(t -> t.items(SdkShapes.pairs(tags, Tag::builder)))),
                        (cloudFront, arn, keys) ->
                                cloudFront.untagResource(r -> r.resource(arn).tagKeys(k -> k.items(keys))))
                .on("arn");
    }

    /**
     * Permissions for resources that have no tags, and whose ARN contains no name.
     *
     * @param type the type in ARNs, {@code cache-policy}
     * @param name the type in the names of the calls, {@code CachePolicy}
     */
    static Permissions untagged(String type, String name) {
        String arn = "cloudfront::{account}:" + type + "/*";
        return Permissions.on(arn)
                .changesAnything("cloudfront:Create" + name)
                .touches("cloudfront:Update" + name, arn)
                .touches("cloudfront:Delete" + name, arn);
    }
}
