package dev.holdfast.twin.iam;

import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinItem;
import dev.holdfast.twin.TwinService;
import java.util.List;
import software.amazon.awssdk.services.iam.IamClient;

/** The twin of IamClient, as far as the kinds need it. */
public final class TwinIam implements IamClient, TwinService {
    private final TwinContext context;

    public TwinIam(TwinContext context) {
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
