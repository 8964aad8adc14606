package dev.holdfast.twin.cloudwatch;

import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.shortened;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.Paging;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TagRules;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinTags;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.*;

/**
 * The twin of CloudWatch, with the calls that the kinds and the operator need: alarms and their tags, dashboards,
 * metrics. An alarm changes its state only on SetAlarmState.
 */
public final class TwinCloudWatch implements CloudWatchClient, TwinService, DashboardCalls {
    private final TwinContext context;
    private final ResourceStore<MetricAlarm, MetricAlarm.Builder> alarms;
    private final ResourceStore<CompositeAlarm, CompositeAlarm.Builder> composites;
    private final TwinMetrics metrics;
    private final ResourceStore<DashboardEntry, DashboardEntry.Builder> dashboards;

    public TwinCloudWatch(TwinContext context) {
        this.context = context;
        TagRules tagRules = (more, after) -> {
            if (after.size() > TagRules.MOST) {
                throw shortened(LimitExceededException.builder(), "The maximum number of tags is 50");
            }
        };
        this.alarms = context.store(MetricAlarm::builder, MetricAlarm::alarmName)
                .type("cloudwatch:alarm")
                .arn(MetricAlarm::alarmArn)
                .missing(TwinCloudWatch::noAlarm)
                .tagRules(tagRules);
        this.composites = context.store(CompositeAlarm::builder, CompositeAlarm::alarmName)
                .type("cloudwatch:alarm")
                .arn(CompositeAlarm::alarmArn)
                .missing(TwinCloudWatch::noAlarm)
                .tagRules(tagRules);
        this.metrics = new TwinMetrics(context);
        this.dashboards = DashboardCalls.store(context);
    }

    private static AwsServiceException noAlarm(String name) {
        return error(ResourceNotFoundException.builder(), 404, "ResourceNotFound", "Alarm " + name + " not found");
    }

    @Override
    public TwinContext context() {
        return context;
    }

    @Override
    public ResourceStore<DashboardEntry, DashboardEntry.Builder> dashboards() {
        return dashboards;
    }

    /**
     * Creates or overwrites an alarm that another service manages, such as Application Auto Scaling for a target
     * tracking policy.
     *
     * @param policyArn the action of the alarm
     * @param detail metric, threshold, and the other members that the service sets
     * @return the alarm's ARN
     */
    public String putAwsAlarm(String name, String policyArn, Consumer<MetricAlarm.Builder> detail) {
        MetricAlarm.Builder alarm =
                fresh(name).toBuilder().dimensions(List.of()).metrics(List.of());
        detail.accept(alarm);
        alarms.put(alarm.actionsEnabled(true)
                .alarmActions(policyArn)
                .okActions(List.of())
                .insufficientDataActions(List.of())
                .build());
        return arn(name);
    }

    /** Deletes an alarm that another service manages, if it exists. */
    public void deleteAwsAlarm(String name) {
        alarms.remove(name);
    }

    public boolean alarmExists(String name) {
        return alarms.has(name);
    }

    /** @return the last value of a metric, or null if it has none */
    public @Nullable Double lastValue(String namespace, String metric, Map<String, String> dimensions) {
        return metrics.last(namespace, metric, dimensions);
    }

    /** Overwrites all members of an alarm except its tags, which CloudWatch reads only when it creates an alarm. */
    @Override
    public PutMetricAlarmResponse putMetricAlarm(PutMetricAlarmRequest r) {
        AlarmRequests.check(r);
        AlarmRequests.checkTopics(r, context.region());
        if (composites.has(r.alarmName())) {
            throw AlarmRequests.validation("Alarm " + r.alarmName() + " already exists as a composite alarm");
        }
        MetricAlarm old = alarms.get(r.alarmName());
        MetricAlarm base = old == null ? fresh(r.alarmName()) : identityAndState(old);
        MetricAlarm made = SdkShapes.copy(r, base.toBuilder())
                .actionsEnabled(!Boolean.FALSE.equals(r.actionsEnabled()))
                .alarmConfigurationUpdatedTimestamp(context.now())
                .build();
        if (old == null) {
            alarms.add(made, TwinTags.in(r));
        } else {
            alarms.put(made);
        }
        return PutMetricAlarmResponse.builder().build();
    }

    private MetricAlarm fresh(String name) {
        return MetricAlarm.builder()
                .alarmName(name)
                .alarmArn(arn(name))
                .alarmConfigurationUpdatedTimestamp(context.now())
                .stateValue(StateValue.INSUFFICIENT_DATA)
                .stateReason("Unchecked: Initial alarm creation")
                .stateUpdatedTimestamp(context.now())
                .stateTransitionedTimestamp(context.now())
                .build();
    }

    private static MetricAlarm identityAndState(MetricAlarm old) {
        return MetricAlarm.builder()
                .alarmArn(old.alarmArn())
                .stateValue(old.stateValue())
                .stateReason(old.stateReason())
                .stateReasonData(old.stateReasonData())
                .stateUpdatedTimestamp(old.stateUpdatedTimestamp())
                .stateTransitionedTimestamp(old.stateTransitionedTimestamp())
                .build();
    }

    @Override
    public PutCompositeAlarmResponse putCompositeAlarm(PutCompositeAlarmRequest r) {
        if (r.alarmRule() == null || r.alarmRule().isBlank()) {
            throw AlarmRequests.validation("AlarmRule must not be empty");
        }
        if (alarms.has(r.alarmName())) {
            throw AlarmRequests.validation("Alarm " + r.alarmName() + " already exists as a metric alarm");
        }
        CompositeAlarm old = composites.get(r.alarmName());
        CompositeAlarm made = SdkShapes.copy(r, CompositeAlarm.builder())
                .alarmArn(arn(r.alarmName()))
                .stateValue(old == null ? StateValue.INSUFFICIENT_DATA : old.stateValue())
                .stateUpdatedTimestamp(old == null ? context.now() : old.stateUpdatedTimestamp())
                .actionsEnabled(!Boolean.FALSE.equals(r.actionsEnabled()))
                .alarmConfigurationUpdatedTimestamp(context.now())
                .build();
        if (old == null) {
            composites.add(made, TwinTags.in(r));
        } else {
            composites.put(made);
        }
        return PutCompositeAlarmResponse.builder().build();
    }

    /** Metric alarms and composite alarms share the pages. */
    @Override
    public DescribeAlarmsResponse describeAlarms(DescribeAlarmsRequest r) {
        if (r.alarmNames().size() > 100) {
            throw AlarmRequests.validation("The collection AlarmNames must not have a size greater than 100.");
        }
        boolean metric = r.alarmTypes().isEmpty() || r.alarmTypes().contains(AlarmType.METRIC_ALARM);
        boolean composite = r.alarmTypes().contains(AlarmType.COMPOSITE_ALARM);
        List<String> names = Stream.concat(
                        metric ? alarms.matching(r).map(MetricAlarm::alarmName) : Stream.of(),
                        composite ? composites.matching(r).map(CompositeAlarm::alarmName) : Stream.of())
                .filter(name -> r.alarmNames().isEmpty() || r.alarmNames().contains(name))
                .filter(name -> r.alarmNamePrefix() == null || name.startsWith(r.alarmNamePrefix()))
                .sorted(Comparator.naturalOrder())
                .toList();
        Paging.Page<String> page = context.slice(r, names, 100, 50);
        return DescribeAlarmsResponse.builder()
                .metricAlarms(page.items().stream()
                        .filter(alarms::has)
                        .map(alarms::need)
                        .toList())
                .compositeAlarms(page.items().stream()
                        .filter(composites::has)
                        .map(composites::need)
                        .toList())
                .nextToken(page.next())
                .build();
    }

    @Override
    public DeleteAlarmsResponse deleteAlarms(DeleteAlarmsRequest r) {
        r.alarmNames().stream().filter(name -> !composites.has(name)).forEach(alarms::seen);
        r.alarmNames().stream().filter(composites::has).forEach(composites::seen);
        r.alarmNames().forEach(alarms::remove);
        r.alarmNames().forEach(composites::remove);
        return DeleteAlarmsResponse.builder().build();
    }

    @Override
    public EnableAlarmActionsResponse enableAlarmActions(EnableAlarmActionsRequest r) {
        setActions(r.alarmNames(), true);
        return EnableAlarmActionsResponse.builder().build();
    }

    @Override
    public DisableAlarmActionsResponse disableAlarmActions(DisableAlarmActionsRequest r) {
        setActions(r.alarmNames(), false);
        return DisableAlarmActionsResponse.builder().build();
    }

    private void setActions(List<String> names, boolean enabled) {
        names.stream().filter(alarms::has).forEach(name -> alarms.change(name, a -> a.actionsEnabled(enabled)));
    }

    @Override
    public SetAlarmStateResponse setAlarmState(SetAlarmStateRequest r) {
        alarms.change(
                alarms.seen(r.alarmName()).id(),
                a -> a.stateValue(r.stateValue())
                        .stateReason(r.stateReason())
                        .stateReasonData(r.stateReasonData())
                        .stateUpdatedTimestamp(context.now())
                        .stateTransitionedTimestamp(context.now()));
        return SetAlarmStateResponse.builder().build();
    }

    @Override
    public PutMetricDataResponse putMetricData(PutMetricDataRequest r) {
        return metrics.put(r);
    }

    @Override
    public ListMetricsResponse listMetrics(ListMetricsRequest r) {
        return metrics.list(r);
    }

    @Override
    public GetMetricDataResponse getMetricData(GetMetricDataRequest r) {
        return metrics.get(r);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest r) {
        return tagged(r.resourceARN()).showTags(ListTagsForResourceResponse.builder());
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest r) {
        return tagged(r.resourceARN()).tag(r, TagResourceResponse.builder());
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest r) {
        return tagged(r.resourceARN()).untag(r.tagKeys(), UntagResourceResponse.builder());
    }

    private StoredResource<?> tagged(@Nullable String arn) {
        return ResourceStore.seenWithArn(
                arn,
                () -> error(
                        ResourceNotFoundException.builder(), 404, "ResourceNotFoundException", arn + " does not exist"),
                alarms,
                composites);
    }

    private String arn(String name) {
        return context.arn("cloudwatch", "alarm:" + name);
    }

    @Override
    public List<TwinItem> inventory() {
        return ResourceStore.items(alarms, composites, dashboards);
    }
}
