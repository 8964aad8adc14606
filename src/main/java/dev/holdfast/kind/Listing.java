package dev.holdfast.kind;

import java.util.Collection;
import software.amazon.awssdk.core.SdkClient;

/** Finds what AWS has of a kind: the wanted resources, what stands in their place, and in a sweep the rest of the stack's. */
@FunctionalInterface
public interface Listing<C extends SdkClient, T> {
    /** Reads in as few paginated calls as the API allows; what it returns besides is filtered by ownership and by name. */
    Collection<T> find(Scope<?> scope, C client);
}
