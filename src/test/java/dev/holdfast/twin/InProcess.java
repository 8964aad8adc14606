package dev.holdfast.twin;

import dev.holdfast.aws.Clients;
import java.util.Map;
import software.amazon.awssdk.core.SdkClient;

/** Clients that call a twin in process, without HTTP. The unit tests of single kinds and of the twin use them. */
public record InProcess(TwinAccount twin, String region, Map<Class<? extends SdkClient>, SdkClient> wire)
        implements Clients {
    /** Calls every service in process. */
    public InProcess(TwinAccount twin, String region) {
        this(twin, region, Map.of());
    }

    @Override
    public String account() {
        return twin.id();
    }

    @Override
    public Clients in(String other) {
        return new InProcess(twin, other, wire);
    }

    @Override
    public <C extends SdkClient> C client(Class<C> type) {
        return wire.containsKey(type) ? type.cast(wire.get(type)) : twin.service(region, type);
    }
}
