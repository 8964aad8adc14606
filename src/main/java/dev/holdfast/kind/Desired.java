package dev.holdfast.kind;

import dev.holdfast.aws.Clients;
import dev.holdfast.model.ResourceId;
import software.amazon.awssdk.core.SdkClient;

/**
 * The desired side of one resource with all references resolved. Its tags include the stack's tags and the ownership
 * tags.
 */
public record Desired<S extends Record>(ResourceId id, S spec, StackRef stack, Clients clients) {
    public <C extends SdkClient> C client(Class<C> type) {
        return clients.client(type);
    }
}
