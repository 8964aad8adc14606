package dev.holdfast.twin.secrets;

import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinItem;
import dev.holdfast.twin.TwinService;
import dev.holdfast.twin.TwinTable;
import java.util.List;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The twin of SecretsManagerClient, as far as the kinds need it. */
public final class TwinSecrets implements SecretsManagerClient, TwinService {
    private final TwinContext context;
    private final TwinTable<TwinSecret> secrets;

    public TwinSecrets(TwinContext context) {
        this.context = context;
        this.secrets = new TwinTable<>(context);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    /**
     * Whether ECS could read its value: it exists and is not scheduled for deletion.
     *
     * @param arnOrName a full ARN, an ARN without the six random characters, or a name; what ECS's {@code valueFrom} adds
     *     behind an ARN (JSON key, stage, version) is not to be in it
     */
    public boolean exists(String arnOrName) {
        return secrets.all().stream().anyMatch(s -> s.deletedAt == null && s.answersTo(arnOrName));
    }

    @Override
    public List<TwinItem> inventory() {
        return secrets.all().stream().map(TwinSecret::item).toList();
    }
}
