package dev.holdfast.twin.logs;

import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinItem;
import dev.holdfast.twin.TwinService;
import dev.holdfast.twin.TwinTable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;

/** The twin of CloudWatch Logs, as far as the kinds need it: log groups. */
public final class TwinLogs implements CloudWatchLogsClient, TwinService {
    private final TwinContext context;
    private final TwinTable<LogGroup> groups;
    private final Map<String, Map<String, String>> tags = new TreeMap<>();

    public TwinLogs(TwinContext context) {
        this.context = context;
        this.groups = new TwinTable<>(context);
    }

    /** Whether a writer finds this log group. */
    public boolean exists(String logGroup) {
        return groups.get(logGroup) != null;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @Override
    public List<TwinItem> inventory() {
        return groups.all().stream()
                .map(g -> new TwinItem(
                        "logs:log-group",
                        g.logGroupName(),
                        g.logGroupArn(),
                        tags.getOrDefault(g.logGroupName(), Map.of()),
                        g.toString()))
                .toList();
    }

    String arn(String name) {
        return context.arn("logs", "log-group:" + name);
    }
}
