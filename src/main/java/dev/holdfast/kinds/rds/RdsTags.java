package dev.holdfast.kinds.rds;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.Tagging;
import dev.holdfast.kind.Values;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.Tag;

/**
 * The tags of RDS. The list of instances or clusters contains their tags. The tags of groups come from the tagging API,
 * or from one read per group.
 */
final class RdsTags {
    static final Tagging<RdsClient> INLINE =
            Tagging.<RdsClient>inline(RdsTags::put, RdsTags::remove).on("arn");

    private RdsTags() {}

    /** @param type the resource type in the ARN: {@code subgrp}, {@code pg} */
    static Tagging<RdsClient> indexed(String type) {
        return Tagging.<RdsClient>indexed(
                        "rds:" + type,
                        (rds, arn) -> SdkShapes.map(rds.listTagsForResource(r -> r.resourceName(arn))
                                .tagList()),
                        arn -> Values.last(arn, ':'),
                        RdsTags::put,
                        RdsTags::remove)
                .on("arn");
    }

    private static void put(RdsClient rds, String arn, java.util.Map<String, String> tags) {
        rds.addTagsToResource(r -> r.resourceName(arn).tags(SdkShapes.pairs(tags, Tag::builder)));
    }

    private static void remove(RdsClient rds, String arn, java.util.Set<String> keys) {
        rds.removeTagsFromResource(r -> r.resourceName(arn).tagKeys(keys));
    }
}
