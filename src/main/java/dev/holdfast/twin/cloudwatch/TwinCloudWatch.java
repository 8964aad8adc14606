package dev.holdfast.twin.cloudwatch;

import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinItem;
import dev.holdfast.twin.TwinService;
import dev.holdfast.twin.TwinTable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/** The twin of CloudWatch, as far as the kinds need it: alarms, their tags and their states. */
public final class TwinCloudWatch implements CloudWatchClient, TwinService {
    private final TwinContext context;
    private final TwinTable<MetricAlarm> alarms;
    private final Map<String, Map<String, String>> tags = new TreeMap<>();

    public TwinCloudWatch(TwinContext context) {
        this.context = context;
        this.alarms = new TwinTable<>(context);
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
        MetricAlarm.Builder alarm = MetricAlarm.builder();
        detail.accept(alarm);
        alarms.put(
                name,
                alarm.alarmName(name)
                        .alarmArn(arn(name))
                        .actionsEnabled(true)
                        .alarmActions(policyArn)
                        .okActions(List.of())
                        .insufficientDataActions(List.of())
                        .stateValue(StateValue.INSUFFICIENT_DATA)
                        .build());
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

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @Override
    public List<TwinItem> inventory() {
        return alarms.all().stream()
                .map(a -> new TwinItem(
                        "cloudwatch:alarm",
                        a.alarmName(),
                        a.alarmArn(),
                        tags.getOrDefault(a.alarmName(), Map.of()),
                        a.toString()))
                .toList();
    }

    private String arn(String name) {
        return context.arn("cloudwatch", "alarm:" + name);
    }
}
