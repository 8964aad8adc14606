package dev.holdfast.twin.autoscaling;

import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinItem;
import dev.holdfast.twin.TwinService;
import java.util.List;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;

/** The twin of ApplicationAutoScalingClient, as far as the kinds need it. */
public final class TwinAutoScaling implements ApplicationAutoScalingClient, TwinService {
    private final TwinContext context;

    public TwinAutoScaling(TwinContext context) {
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
