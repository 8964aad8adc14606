package dev.holdfast.twin.ecs;

import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinItem;
import dev.holdfast.twin.TwinService;
import java.util.List;
import software.amazon.awssdk.services.ecs.EcsClient;

/** The twin of EcsClient, as far as the kinds need it. */
public final class TwinEcs implements EcsClient, TwinService {
    private final TwinContext context;

    public TwinEcs(TwinContext context) {
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
