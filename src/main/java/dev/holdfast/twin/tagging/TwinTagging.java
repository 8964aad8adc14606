package dev.holdfast.twin.tagging;

import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinItem;
import dev.holdfast.twin.TwinService;
import java.util.List;
import software.amazon.awssdk.services.resourcegroupstaggingapi.ResourceGroupsTaggingApiClient;

/** The twin of ResourceGroupsTaggingApiClient, as far as the kinds need it. */
public final class TwinTagging implements ResourceGroupsTaggingApiClient, TwinService {
    private final TwinContext context;

    public TwinTagging(TwinContext context) {
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
