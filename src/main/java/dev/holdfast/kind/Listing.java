package dev.holdfast.kind;

import java.util.Collection;
import software.amazon.awssdk.core.SdkClient;

/**
 * Finds the resources of a kind in AWS: the wanted resources, objects that take their place, and in a sweep all other
 * resources of the stack.
 */
@FunctionalInterface
public interface Listing<C extends SdkClient, T> {
    /** Reads in as few paginated calls as the API allows. The caller filters the result by ownership and by name. */
    Collection<T> find(Scope<?> scope, C client);
}
