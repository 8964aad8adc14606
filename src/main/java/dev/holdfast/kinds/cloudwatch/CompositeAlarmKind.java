package dev.holdfast.kinds.cloudwatch;

import static dev.holdfast.kind.OwnershipForm.TAG;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.PutCompositeAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.ResourceNotFoundException;

/** An alarm on the states of other alarms. */
@Singleton
public final class CompositeAlarmKind extends DeclaredKind<CompositeAlarmKind.Spec> {
    /**
     * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html">PutCompositeAlarm</a>
     */
    public record Spec(
            @Doc("The name.") @PhysicalName(max = 255, also = " _./:")
            String alarmName,

            @Doc("The rule: ALARM(\"a\") AND NOT ALARM(\"b\").") @Required
            String alarmRule,

            @Doc("What it means, for people.") @EmptyIsNone String alarmDescription,

            @Doc("Whether a change of state does anything.") Boolean actionsEnabled,

            @Doc("ARNs of what happens on ALARM; at most 5.")
            Set<String> alarmActions,

            @Doc("ARNs of what happens on OK.") Set<String> okActions,

            @Doc("ARNs of what happens when data is missing.")
            Set<String> insufficientDataActions,

            @Doc("The alarm that keeps the actions back while it is in ALARM: its name or ARN.")
            @EmptyIsNone
            @Needs({"actionsSuppressorWaitPeriod", "actionsSuppressorExtensionPeriod"})
            String actionsSuppressor,

            @Doc("How long the suppressor is waited for, in seconds.")
            Integer actionsSuppressorWaitPeriod,

            @Doc("How long actions stay suppressed afterwards, in seconds.")
            Integer actionsSuppressorExtensionPeriod,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        PointRead<CloudWatchClient, CompositeAlarm> read = PointRead.of(
                (cloudWatch, name) -> cloudWatch
                        .describeAlarms(r -> r.alarmNames(name).alarmTypes(AlarmType.COMPOSITE_ALARM))
                        .compositeAlarms(),
                ResourceNotFoundException.class);
        return Recipe.of(
                        "CompositeAlarm",
                        Spec.class,
                        CloudWatchClient.class,
                        TAG,
                        "An alarm on the states of other alarms.")
                .listsByName(
                        AlarmTags.BATCH,
                        (cloudWatch, names) -> cloudWatch
                                .describeAlarmsPaginator(r -> r.alarmNames(names)
                                        .alarmTypes(AlarmType.COMPOSITE_ALARM)
                                        .maxRecords(AlarmTags.BATCH))
                                .compositeAlarms(),
                        AlarmTags.TAGGING)
                .named(CompositeAlarm::alarmName)
                .arn(CompositeAlarm::alarmArn)
                .createsNamed(
                        PutCompositeAlarmRequest::builder,
                        (put, desired) -> dropPeriods(put),
                        CloudWatchClient::putCompositeAlarm)
                .overwrites(
                        PutCompositeAlarmRequest::builder,
                        read,
                        (put, change) -> dropPeriods(put),
                        CloudWatchClient::putCompositeAlarm)
                .deletes((cloudWatch, name) -> cloudWatch.deleteAlarms(r -> r.alarmNames(name)))
                .output("name", "Its name.", CompositeAlarm::alarmName)
                .output("arn", "Its ARN.", CompositeAlarm::alarmArn)
                .leavesOut(
                        "ActionConfiguration",
                        "whether the actions get the alarm's tags is not offered yet; an alarm keeps it")
                .permissions(Permissions.on("cloudwatch:{region}:{account}:alarm:{name}"))
                .page("https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html");
    }

    /** CloudWatch takes the periods with a suppressor only; a suppressor that was taken away may have left them. */
    private static void dropPeriods(PutCompositeAlarmRequest.Builder put) {
        if (put.build().actionsSuppressor() == null) {
            put.actionsSuppressorWaitPeriod(null).actionsSuppressorExtensionPeriod(null);
        }
    }
}
