package dev.holdfast.twin;

import dev.holdfast.aws.Clients;
import software.amazon.awssdk.core.SdkClient;

/** Clients that call a twin without a wire: for the unit tests of one kind or of the twin itself. */
public record InProcess(TwinAccount twin, String region) implements Clients {
    @Override
    public String account() {
        return twin.id();
    }

    @Override
    public Clients in(String other) {
        return new InProcess(twin, other);
    }

    @Override
    public <C extends SdkClient> C client(Class<C> type) {
        return twin.service(region, type);
    }
}
