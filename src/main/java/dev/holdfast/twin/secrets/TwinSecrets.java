package dev.holdfast.twin.secrets;

import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinItem;
import dev.holdfast.twin.TwinService;
import java.util.List;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The twin of SecretsManagerClient, as far as the kinds need it. */
public final class TwinSecrets implements SecretsManagerClient, TwinService {
    private final TwinContext context;

    public TwinSecrets(TwinContext context) {
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
