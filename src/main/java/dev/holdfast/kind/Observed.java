package dev.holdfast.kind;

import dev.holdfast.aws.Clients;
import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.ResourceId;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;

/**
 * The observed side of one resource of ours, with the clients to act on it.
 *
 * @param applied the spec that was applied last, with write-only and sensitive values as keyed hashes; null if it is
 *     not known
 * @param onDelete the deletion mode that its document sets, or set last
 */
public record Observed<S extends Record>(
        ResourceId id,
        Observation.Known<S> known,
        StackRef stack,
        Clients clients,
        @Nullable S applied,
        Lifecycle.OnDelete onDelete) {

    /** A resource without a recorded applied spec. */
    public Observed(ResourceId id, Observation.Known<S> known, StackRef stack, Clients clients) {
        this(id, known, stack, clients, null, Lifecycle.OnDelete.Delete);
    }

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
