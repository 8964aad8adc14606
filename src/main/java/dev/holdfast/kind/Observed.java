package dev.holdfast.kind;

import dev.holdfast.aws.Clients;
import dev.holdfast.model.ResourceId;
import software.amazon.awssdk.core.SdkClient;

/** The observed side of one resource of ours, with the clients to act on it. */
public record Observed<S extends Record>(ResourceId id, Observation.Known<S> known, StackRef stack, Clients clients) {
    public S spec() {
        return known.spec();
    }

    public String physicalId() {
        return known.identity().physicalId();
    }

    public <C extends SdkClient> C client(Class<C> type) {
        return clients.client(type);
    }
}
