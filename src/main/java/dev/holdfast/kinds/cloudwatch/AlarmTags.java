package dev.holdfast.kinds.cloudwatch;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.Tagging;
import dev.holdfast.kind.Values;
import java.util.List;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.Tag;
import software.amazon.awssdk.services.cloudwatch.paginators.DescribeAlarmsIterable;

/** The tags and the list of metric alarms and composite alarms, which share names and ARNs. */
final class AlarmTags {
    /** The largest number of names that DescribeAlarms accepts, and of alarms that it returns. */
    static final int BATCH = 100;

    static final Tagging<CloudWatchClient> TAGGING = Tagging.<CloudWatchClient>indexed(
                    "cloudwatch:alarm",
                    (cloudWatch, arn) -> SdkShapes.map(cloudWatch
                            .listTagsForResource(r -> r.resourceARN(arn))
                            .tags()),
                    arn -> Values.after(arn, ":alarm:"),
                    (cloudWatch, arn, tags) ->
                            cloudWatch.tagResource(r -> r.resourceARN(arn).tags(SdkShapes.pairs(tags, Tag::builder))),
                    (cloudWatch, arn, keys) ->
                            cloudWatch.untagResource(r -> r.resourceARN(arn).tagKeys(keys)))
            .on("arn");

    private AlarmTags() {}

    /** The alarms of one type with these names. */
    static DescribeAlarmsIterable read(CloudWatchClient cloudWatch, List<String> names, AlarmType type) {
        return cloudWatch.describeAlarmsPaginator(
                r -> r.alarmNames(names).alarmTypes(type).maxRecords(BATCH));
    }
}
