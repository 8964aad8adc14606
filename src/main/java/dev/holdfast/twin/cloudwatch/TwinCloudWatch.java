package dev.holdfast.twin.cloudwatch;

import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinErrors;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.DeleteAlarmsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DeleteAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.DeleteDashboardsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DeleteDashboardsResponse;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.DisableAlarmActionsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DisableAlarmActionsResponse;
import software.amazon.awssdk.services.cloudwatch.model.EnableAlarmActionsRequest;
import software.amazon.awssdk.services.cloudwatch.model.EnableAlarmActionsResponse;
import software.amazon.awssdk.services.cloudwatch.model.GetDashboardRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetDashboardResponse;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.LimitExceededException;
import software.amazon.awssdk.services.cloudwatch.model.ListDashboardsRequest;
import software.amazon.awssdk.services.cloudwatch.model.ListDashboardsResponse;
import software.amazon.awssdk.services.cloudwatch.model.ListMetricsRequest;
import software.amazon.awssdk.services.cloudwatch.model.ListMetricsResponse;
import software.amazon.awssdk.services.cloudwatch.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.cloudwatch.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.PutCompositeAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutCompositeAlarmResponse;
import software.amazon.awssdk.services.cloudwatch.model.PutDashboardRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutDashboardResponse;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmResponse;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cloudwatch.model.SetAlarmStateRequest;
import software.amazon.awssdk.services.cloudwatch.model.SetAlarmStateResponse;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.cloudwatch.model.Tag;
import software.amazon.awssdk.services.cloudwatch.model.TagResourceRequest;
import software.amazon.awssdk.services.cloudwatch.model.TagResourceResponse;
import software.amazon.awssdk.services.cloudwatch.model.UntagResourceRequest;
import software.amazon.awssdk.services.cloudwatch.model.UntagResourceResponse;

/**
 * The twin of CloudWatch, as far as the kinds and the operator need it: alarms and their tags, dashboards, metrics.
 * Alarms change their state only when told to.
 */
public final class TwinCloudWatch implements CloudWatchClient, TwinService {
    private final TwinContext context;
    private final TwinTable<MetricAlarm> alarms;
    private final TwinTable<CompositeAlarm> composites;
    private final TwinDashboards dashboards;
    private final TwinMetrics metrics;
    private final Map<String, Map<String, String>> tags = new TreeMap<>();

    public TwinCloudWatch(TwinContext context) {
        this.context = context;
        this.alarms = new TwinTable<>(context);
        this.composites = new TwinTable<>(context);
        this.dashboards = new TwinDashboards(context);
        this.metrics = new TwinMetrics(context);
    }

    /**
     * Creates or overwrites an alarm that another service keeps, as Application Auto Scaling does for a target tracking
     * policy.
     *
     * @param policyArn what the alarm calls
     * @param detail metric, threshold, and what else the service sets
     * @return the alarm's ARN
     */
    public String putAwsAlarm(String name, String policyArn, Consumer<MetricAlarm.Builder> detail) {
        MetricAlarm.Builder alarm = MetricAlarm.builder().dimensions(List.of()).metrics(List.of());
        detail.accept(alarm);
        alarms.put(
                name,
                fresh(alarm.alarmName(name)
                        .actionsEnabled(true)
                        .alarmActions(policyArn)
                        .okActions(List.of())
                        .insufficientDataActions(List.of())
                        .build()));
        return arn(name);
    }

    /** Deletes an alarm that another service keeps; what is not there stays so. */
    public void deleteAwsAlarm(String name) {
        alarms.remove(name);
        tags.remove(name);
    }

    public boolean alarmExists(String name) {
        return alarms.get(name) != null;
    }

    /** @return the last value of a metric, or null if there never was one */
    public @Nullable Double lastValue(String namespace, String metric, Map<String, String> dimensions) {
        return metrics.last(namespace, metric, dimensions);
    }

    @Override
    public PutMetricAlarmResponse putMetricAlarm(PutMetricAlarmRequest r) {
        TwinAlarms.check(r);
        if (composites.get(r.alarmName()) != null) {
            throw TwinAlarms.validation("Alarm " + r.alarmName() + " already exists as a composite alarm");
        }
        MetricAlarm old = alarms.get(r.alarmName());
        if (old == null) {
            alarms.put(r.alarmName(), fresh(TwinAlarms.overwritten(null, r)));
            tag(r.alarmName(), r.tags());
        } else {
            // The tags of a request count only when it creates.
            alarms.put(
                    r.alarmName(),
                    TwinAlarms.overwritten(old.toBuilder().alarmConfigurationUpdatedTimestamp(context.now()), r));
        }
        return PutMetricAlarmResponse.builder().build();
    }

    private MetricAlarm fresh(MetricAlarm alarm) {
        return alarm.toBuilder()
                .alarmArn(arn(alarm.alarmName()))
                .alarmConfigurationUpdatedTimestamp(context.now())
                .stateValue(StateValue.INSUFFICIENT_DATA)
                .stateReason("Unchecked: Initial alarm creation")
                .stateUpdatedTimestamp(context.now())
                .stateTransitionedTimestamp(context.now())
                .build();
    }

    @Override
    public PutCompositeAlarmResponse putCompositeAlarm(PutCompositeAlarmRequest r) {
        if (r.alarmRule() == null || r.alarmRule().isBlank()) {
            throw TwinAlarms.validation("AlarmRule must not be empty");
        }
        if (alarms.get(r.alarmName()) != null) {
            throw TwinAlarms.validation("Alarm " + r.alarmName() + " already exists as a metric alarm");
        }
        CompositeAlarm old = composites.get(r.alarmName());
        CompositeAlarm.Builder alarm = old == null
                ? CompositeAlarm.builder()
                        .alarmArn(arn(r.alarmName()))
                        .stateValue(StateValue.INSUFFICIENT_DATA)
                        .stateUpdatedTimestamp(context.now())
                : old.toBuilder();
        composites.put(
                r.alarmName(),
                alarm.alarmName(r.alarmName())
                        .alarmRule(r.alarmRule())
                        .alarmDescription(r.alarmDescription())
                        .actionsEnabled(!Boolean.FALSE.equals(r.actionsEnabled()))
                        .alarmActions(r.alarmActions())
                        .okActions(r.okActions())
                        .insufficientDataActions(r.insufficientDataActions())
                        .actionsSuppressor(r.actionsSuppressor())
                        .actionsSuppressorWaitPeriod(r.actionsSuppressorWaitPeriod())
                        .actionsSuppressorExtensionPeriod(r.actionsSuppressorExtensionPeriod())
                        .alarmConfigurationUpdatedTimestamp(context.now())
                        .build());
        if (old == null) {
            tag(r.alarmName(), r.tags());
        }
        return PutCompositeAlarmResponse.builder().build();
    }

    @Override
    public DescribeAlarmsResponse describeAlarms(DescribeAlarmsRequest r) {
        if (r.alarmNames().size() > 100) {
            throw TwinAlarms.validation("The collection AlarmNames must not have a size greater than 100.");
        }
        boolean metric = r.alarmTypes().isEmpty() || r.alarmTypes().contains(AlarmType.METRIC_ALARM);
        boolean composite = r.alarmTypes().contains(AlarmType.COMPOSITE_ALARM);
        List<Object> all = Stream.concat(
                        metric ? alarms.visible().stream() : Stream.of(),
                        composite ? composites.visible().stream() : Stream.of())
                .filter(a -> matches(r, a))
                .sorted(Comparator.comparing(TwinCloudWatch::name))
                .collect(Collectors.toCollection(ArrayList::new));
        TwinContext.Page<Object> page =
                context.page(all, r.nextToken(), 100, r.maxRecords() == null ? 50 : r.maxRecords());
        return DescribeAlarmsResponse.builder()
                .metricAlarms(only(MetricAlarm.class, page.items()))
                .compositeAlarms(only(CompositeAlarm.class, page.items()))
                .nextToken(page.next())
                .build();
    }

    private static boolean matches(DescribeAlarmsRequest r, Object alarm) {
        StateValue state = alarm instanceof MetricAlarm m ? m.stateValue() : ((CompositeAlarm) alarm).stateValue();
        return (r.alarmNames().isEmpty() || r.alarmNames().contains(name(alarm)))
                && (r.alarmNamePrefix() == null || name(alarm).startsWith(r.alarmNamePrefix()))
                && (r.stateValue() == null || state == r.stateValue());
    }

    private static String name(Object alarm) {
        return alarm instanceof MetricAlarm m ? m.alarmName() : ((CompositeAlarm) alarm).alarmName();
    }

    private static <T> List<T> only(Class<T> type, List<Object> all) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public DeleteAlarmsResponse deleteAlarms(DeleteAlarmsRequest r) {
        for (String name : r.alarmNames()) {
            if (alarms.visible(name) == null && composites.visible(name) == null) {
                throw TwinErrors.error(
                        ResourceNotFoundException.builder(), 404, "ResourceNotFound", "Alarm " + name + " not found");
            }
        }
        r.alarmNames().forEach(name -> {
            alarms.remove(name);
            composites.remove(name);
            tags.remove(name);
        });
        return DeleteAlarmsResponse.builder().build();
    }

    @Override
    public EnableAlarmActionsResponse enableAlarmActions(EnableAlarmActionsRequest r) {
        r.alarmNames().forEach(name -> change(name, a -> a.actionsEnabled(true)));
        return EnableAlarmActionsResponse.builder().build();
    }

    @Override
    public DisableAlarmActionsResponse disableAlarmActions(DisableAlarmActionsRequest r) {
        r.alarmNames().forEach(name -> change(name, a -> a.actionsEnabled(false)));
        return DisableAlarmActionsResponse.builder().build();
    }

    @Override
    public SetAlarmStateResponse setAlarmState(SetAlarmStateRequest r) {
        if (alarms.visible(r.alarmName()) == null) {
            throw TwinErrors.error(
                    ResourceNotFoundException.builder(),
                    404,
                    "ResourceNotFound",
                    "Alarm " + r.alarmName() + " not found");
        }
        change(
                r.alarmName(),
                a -> a.stateValue(r.stateValue())
                        .stateReason(r.stateReason())
                        .stateReasonData(r.stateReasonData())
                        .stateUpdatedTimestamp(context.now())
                        .stateTransitionedTimestamp(context.now()));
        return SetAlarmStateResponse.builder().build();
    }

    private void change(String name, UnaryOperator<MetricAlarm.Builder> how) {
        MetricAlarm alarm = alarms.visible(name);
        if (alarm != null) {
            alarms.put(name, how.apply(alarm.toBuilder()).build());
        }
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
        return ListTagsForResourceResponse.builder()
                .tags(tagsOf(r.resourceARN()).entrySet().stream()
                        .map(e -> Tag.builder()
                                .key(e.getKey())
                                .value(e.getValue())
                                .build())
                        .toList())
                .build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest r) {
        tagsOf(r.resourceARN());
        tag(r.resourceARN().substring(arn("").length()), r.tags());
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest r) {
        tagsOf(r.resourceARN()).keySet().removeAll(r.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    private void tag(String name, List<Tag> more) {
        Map<String, String> all = new TreeMap<>(tags.getOrDefault(name, Map.of()));
        more.forEach(t -> all.put(t.key(), t.value()));
        if (all.size() > 50) {
            throw TwinErrors.error(
                    LimitExceededException.builder(), 400, "LimitExceeded", "The maximum number of tags is 50");
        }
        tags.put(name, all);
    }

    private Map<String, String> tagsOf(@Nullable String arn) {
        String prefix = arn("");
        String name = arn != null && arn.startsWith(prefix) ? arn.substring(prefix.length()) : null;
        if (name == null || (alarms.visible(name) == null && composites.visible(name) == null)) {
            throw TwinErrors.error(
                    ResourceNotFoundException.builder(), 404, "ResourceNotFoundException", arn + " does not exist");
        }
        return tags.computeIfAbsent(name, n -> new TreeMap<>());
    }

    @Override
    public PutDashboardResponse putDashboard(PutDashboardRequest r) {
        return dashboards.put(r);
    }

    @Override
    public GetDashboardResponse getDashboard(GetDashboardRequest r) {
        return dashboards.get(r);
    }

    @Override
    public ListDashboardsResponse listDashboards(ListDashboardsRequest r) {
        return dashboards.list(r);
    }

    @Override
    public DeleteDashboardsResponse deleteDashboards(DeleteDashboardsRequest r) {
        return dashboards.delete(r);
    }

    @Override
    public List<TwinItem> inventory() {
        List<TwinItem> all = new ArrayList<>();
        alarms.all().forEach(a -> all.add(item(a.alarmName(), a)));
        composites.all().forEach(a -> all.add(item(a.alarmName(), a)));
        all.addAll(dashboards.inventory());
        return all;
    }

    private TwinItem item(String name, Object alarm) {
        return new TwinItem(
                "cloudwatch:alarm", name, arn(name), Map.copyOf(tags.getOrDefault(name, Map.of())), alarm.toString());
    }

    private String arn(String name) {
        return context.arn("cloudwatch", "alarm:" + name);
    }
}
