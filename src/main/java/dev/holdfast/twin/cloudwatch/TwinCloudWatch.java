package dev.holdfast.twin.cloudwatch;

import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinItem;
import dev.holdfast.twin.TwinService;
import java.util.List;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/** The twin of CloudWatchClient, as far as the kinds need it. */
public final class TwinCloudWatch implements CloudWatchClient, TwinService {
    private final TwinContext context;

    public TwinCloudWatch(TwinContext context) {
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
