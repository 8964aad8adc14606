package dev.holdfast.twin.store;

import java.util.List;
import software.amazon.awssdk.core.SdkClient;

/** The twin of one AWS service: the SDK's client interface and an inventory of the existing resources. */
public interface TwinService extends SdkClient {
    /** Every existing resource, visible or not, including those that AWS creates itself; empty by default. */
    default List<TwinItem> inventory() {
        return List.of();
    }

    @Override
    default String serviceName() {
        return getClass().getSimpleName();
    }

    @Override
    default void close() {}
}
