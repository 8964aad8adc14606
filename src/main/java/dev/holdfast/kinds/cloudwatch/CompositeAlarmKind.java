package dev.holdfast.kinds.cloudwatch;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.Slow;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.Wanted;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.PutCompositeAlarmRequest;

/** An alarm on the states of other alarms. */
@Singleton
public final class CompositeAlarmKind implements Kind<CompositeAlarmKind.Spec> {
    /**
     * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html">PutCompositeAlarm</a>
     */
    public record Spec(
            @Doc("The name.") @PhysicalName(max = 255, also = " _./:") @Nullable
            String alarmName,

            @Doc("The rule: ALARM(\"a\") AND NOT ALARM(\"b\").") @Required @Nullable
            String alarmRule,

            @Doc("What it means, for people.") @Nullable String alarmDescription,

            @Doc("Whether a change of state does anything.") @Nullable
            Boolean actionsEnabled,

            @Doc("ARNs of what happens on ALARM; at most 5.") @Nullable
            Set<String> alarmActions,

            @Doc("ARNs of what happens on OK.") @Nullable Set<String> okActions,

            @Doc("ARNs of what happens when data is missing.") @Nullable
            Set<String> insufficientDataActions,

            @Doc("The alarm that keeps the actions back while it is in ALARM: its name or ARN.") @Nullable
            String actionsSuppressor,

            @Doc("How long the suppressor is waited for, in seconds.") @Nullable
            Integer actionsSuppressorWaitPeriod,

            @Doc("How long actions stay suppressed afterwards, in seconds.") @Nullable
            Integer actionsSuppressorExtensionPeriod,

            @Doc("Tags.") @TagMap @Slow("tags") @Nullable Map<String, String> tags) {}

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("CompositeAlarm", Spec.class, OwnershipForm.TAG)
                .description("An alarm on the states of other alarms.")
                .output("name", "Its name.")
                .output("arn", "Its ARN.")
                .page("https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html")
                .permissions(Permissions.on("cloudwatch:{region}:{account}:alarm:{name}")
                        .lists("cloudwatch:DescribeAlarms")
                        .reads("cloudwatch:ListTagsForResource")
                        .creates("cloudwatch:PutCompositeAlarm")
                        .tags("cloudwatch:TagResource", "cloudwatch:UntagResource")
                        .changes("cloudwatch:DeleteAlarms"))
                .build();
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        Map<String, Wanted<Spec>> wanted = Alarms.wanted(scope);
        List<CompositeAlarm> alarms =
                Alarms.read(scope, AlarmType.COMPOSITE_ALARM, wanted.keySet(), DescribeAlarmsResponse::compositeAlarms);
        return scope.each(
                alarms,
                alarm -> Alarms.identify(alarm.alarmName(), wanted.get(alarm.alarmName())),
                (alarm, identity) -> observed(scope, alarm, identity, wanted.get(alarm.alarmName())));
    }

    private static Known<Spec> observed(
            Scope<Spec> scope, CompositeAlarm alarm, Identity identity, @Nullable Wanted<Spec> wanted) {
        Spec desired = wanted == null ? null : wanted.desired();
        Map<String, String> tags =
                Alarms.tags(scope, alarm.alarmArn(), alarm.alarmName(), desired == null ? null : desired.tags());
        Spec spec = new Spec(
                alarm.alarmName(),
                alarm.alarmRule(),
                Objects.requireNonNullElse(alarm.alarmDescription(), ""),
                alarm.actionsEnabled(),
                Set.copyOf(alarm.alarmActions()),
                Set.copyOf(alarm.okActions()),
                Set.copyOf(alarm.insufficientDataActions()),
                Objects.requireNonNullElse(alarm.actionsSuppressor(), ""),
                alarm.actionsSuppressorWaitPeriod(),
                alarm.actionsSuppressorExtensionPeriod(),
                tags);
        return Known.of(identity.belongingTo(null).tagged(tags), spec)
                .output("name", alarm.alarmName())
                .output("arn", alarm.alarmArn());
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        desired.client(CloudWatchClient.class)
                .putCompositeAlarm(put(desired.spec())
                        .tags(Alarms.tags(desired.spec().tags()))
                        .build());
        return Objects.requireNonNull(desired.spec().alarmName());
    }

    /** One call overwrites the whole alarm and ignores its tags. */
    @Override
    public void update(Change<Spec> change) {
        if (Alarms.differs(change, Spec::tags)) {
            Spec merged = new Spec(
                    change.physicalId(),
                    change.merged(Spec::alarmRule),
                    change.merged(Spec::alarmDescription),
                    change.merged(Spec::actionsEnabled),
                    change.merged(Spec::alarmActions),
                    change.merged(Spec::okActions),
                    change.merged(Spec::insufficientDataActions),
                    change.merged(Spec::actionsSuppressor),
                    change.merged(Spec::actionsSuppressorWaitPeriod),
                    change.merged(Spec::actionsSuppressorExtensionPeriod),
                    null);
            change.client(CloudWatchClient.class).putCompositeAlarm(put(merged).build());
        }
        Alarms.updateTags(change, Spec::tags);
    }

    private static PutCompositeAlarmRequest.Builder put(Spec spec) {
        // The periods go only with a suppressor: nobody's remain from one that was taken away.
        boolean suppressed =
                spec.actionsSuppressor() != null && !spec.actionsSuppressor().isEmpty();
        return PutCompositeAlarmRequest.builder()
                .alarmName(spec.alarmName())
                .alarmRule(spec.alarmRule())
                .alarmDescription("".equals(spec.alarmDescription()) ? null : spec.alarmDescription())
                .actionsEnabled(spec.actionsEnabled())
                .alarmActions(spec.alarmActions())
                .okActions(spec.okActions())
                .insufficientDataActions(spec.insufficientDataActions())
                .actionsSuppressor(suppressed ? spec.actionsSuppressor() : null)
                .actionsSuppressorWaitPeriod(suppressed ? spec.actionsSuppressorWaitPeriod() : null)
                .actionsSuppressorExtensionPeriod(suppressed ? spec.actionsSuppressorExtensionPeriod() : null);
    }

    @Override
    public void delete(Observed<Spec> observed) {
        observed.client(CloudWatchClient.class).deleteAlarms(r -> r.alarmNames(observed.physicalId()));
    }
}
