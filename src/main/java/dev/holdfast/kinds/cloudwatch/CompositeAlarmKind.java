package dev.holdfast.kinds.cloudwatch;

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
            @Doc("The name of the alarm.") @PhysicalName(max = 255, also = " _./:")
            String alarmName,

            @Doc("The rule over other alarms, such as ALARM(\"a\") AND NOT ALARM(\"b\").") @Required
            String alarmRule,

            @Doc("The description of the alarm for people.") @EmptyIsNone
            String alarmDescription,

            @Doc("Whether a change of the state runs actions.")
            Boolean actionsEnabled,

            @Doc("The ARNs of the actions for ALARM; at most 5.")
            Set<String> alarmActions,

            @Doc("The ARNs of the actions for OK.") Set<String> okActions,

            @Doc("The ARNs of the actions for INSUFFICIENT_DATA.")
            Set<String> insufficientDataActions,

            @Doc("The name or ARN of the suppressor, an alarm that suppresses the actions while it is in ALARM.")
            @EmptyIsNone
            @Needs({"actionsSuppressorWaitPeriod", "actionsSuppressorExtensionPeriod"})
            String actionsSuppressor,

            @Doc("The time that the actions wait for the suppressor to go into ALARM, in seconds.")
            @Needs("actionsSuppressor")
            Integer actionsSuppressorWaitPeriod,

            @Doc("The time that the actions wait after the suppressor has left ALARM, in seconds.")
            @Needs("actionsSuppressor")
            Integer actionsSuppressorExtensionPeriod,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        PointRead<CloudWatchClient, CompositeAlarm> read = PointRead.of(
                (cloudWatch, name) -> cloudWatch
                        .describeAlarms(r -> r.alarmNames(name).alarmTypes(AlarmType.COMPOSITE_ALARM))
                        .compositeAlarms(),
                ResourceNotFoundException.class);
        return Recipe.of("CompositeAlarm", Spec.class, CloudWatchClient.class)
                .description("An alarm on the states of other alarms.")
                .listsByName(
                        AlarmTags.BATCH,
                        (cloudWatch, names) -> AlarmTags.read(cloudWatch, names, AlarmType.COMPOSITE_ALARM)
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
                .output("name", "The name of the alarm.", CompositeAlarm::alarmName)
                .output("arn", "The ARN of the alarm.", CompositeAlarm::alarmArn)
                .leavesOut(
                        "ActionConfiguration",
                        "the setting whether actions receive the alarm's tags is not offered yet; an existing alarm"
                                + " keeps it")
                .permissions(Permissions.on("cloudwatch:{region}:{account}:alarm:{name}"))
                .page("https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html");
    }

    /** CloudWatch accepts the periods only with a suppressor, and they may remain after a suppressor was removed. */
    private static void dropPeriods(PutCompositeAlarmRequest.Builder put) {
        if (put.build().actionsSuppressor() == null) {
            put.actionsSuppressorWaitPeriod(null).actionsSuppressorExtensionPeriod(null);
        }
    }
}
