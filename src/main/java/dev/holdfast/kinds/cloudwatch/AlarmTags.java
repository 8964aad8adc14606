package dev.holdfast.kinds.cloudwatch;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.Tagging;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Tag;

/** The tags of metric alarms and composite alarms, which share names and ARNs. */
final class AlarmTags {
    /** The largest number of names that DescribeAlarms accepts, and of alarms that it returns. */
    static final int BATCH = 100;

    private static final String IN_ARN = ":alarm:";

    static final Tagging<CloudWatchClient> TAGGING = Tagging.<CloudWatchClient>indexed(
                    "cloudwatch:alarm",
                    (cloudWatch, arn) -> SdkShapes.map(cloudWatch
                            .listTagsForResource(r -> r.resourceARN(arn))
                            .tags()),
                    arn -> arn.substring(arn.indexOf(IN_ARN) + IN_ARN.length()),
                    (cloudWatch, arn, tags) ->
                            cloudWatch.tagResource(r -> r.resourceARN(arn).tags(SdkShapes.pairs(tags, Tag::builder))),
                    (cloudWatch, arn, keys) ->
                            cloudWatch.untagResource(r -> r.resourceARN(arn).tagKeys(keys)))
            .on("arn");

    private AlarmTags() {}
}
