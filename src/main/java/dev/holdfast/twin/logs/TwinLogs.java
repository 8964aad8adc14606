package dev.holdfast.twin.logs;

import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinItem;
import dev.holdfast.twin.TwinService;
import java.util.List;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;

/** The twin of CloudWatchLogsClient, as far as the kinds need it. */
public final class TwinLogs implements CloudWatchLogsClient, TwinService {
    private final TwinContext context;

    public TwinLogs(TwinContext context) {
        this.context = context;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @Override
    public List<TwinItem> inventory() {
        return List.of();
    }
}
