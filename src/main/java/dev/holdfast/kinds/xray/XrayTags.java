package dev.holdfast.kinds.xray;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.Tagging;
import dev.holdfast.kind.Values;
import software.amazon.awssdk.services.xray.XRayClient;
import software.amazon.awssdk.services.xray.model.Tag;

/** The tags of X-Ray. The lists of rules and groups contain no tags; the tagging API knows all tags. */
final class XrayTags {
    private XrayTags() {}

    /** @param type the resource type in the ARN: {@code group}, {@code sampling-rule} */
    static Tagging<XRayClient> indexed(String type) {
        return Tagging.<XRayClient>indexed(
                        "xray:" + type,
                        (xray, arn) -> SdkShapes.map(xray.listTagsForResource(r -> r.resourceARN(arn))
                                .tags()),
                        XrayTags::nameIn,
                        (xray, arn, tags) ->
                                xray.tagResource(r -> r.resourceARN(arn).tags(SdkShapes.pairs(tags, Tag::builder))),
                        (xray, arn, keys) ->
                                xray.untagResource(r -> r.resourceARN(arn).tagKeys(keys)))
                .on("arn");
    }

    /**
     * In the ARN of a group, an id of AWS follows the name: {@code
     * arn:aws:xray:eu-west-2:123456789012:group/api/KZ5Q2}.
     */
    private static String nameIn(String arn) {
        String resource = Values.last(arn, ':');
        int end = resource.startsWith("group/") ? resource.lastIndexOf('/') : resource.length();
        return resource.substring(resource.indexOf('/') + 1, end);
    }
}
