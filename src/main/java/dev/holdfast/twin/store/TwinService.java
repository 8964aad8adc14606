package dev.holdfast.twin.store;

import java.util.List;
import software.amazon.awssdk.core.SdkClient;

/** The twin of one AWS service: besides the SDK's client interface, it lists the resources that exist. */
public interface TwinService extends SdkClient {
    /** Every resource that exists now, visible or not yet, including those that AWS makes by itself; none by default. */
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
