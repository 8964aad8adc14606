package dev.holdfast.kinds.cloudfront;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.Tagging;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.Tag;

/** The tags of CloudFront's resources, which are read by ARN, and from the tagging API of one region. */
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
                        arn -> arn.substring(arn.lastIndexOf('/') + 1),
                        (cloudFront, arn, tags) -> cloudFront.tagResource(r ->
                                r.resource(arn).tags(t -> t.items(SdkShapes.pairs(tags, Tag::builder)))),
                        (cloudFront, arn, keys) ->
                                cloudFront.untagResource(r -> r.resource(arn).tagKeys(k -> k.items(keys))))
                .on("arn");
    }
}
