package dev.holdfast.twin.store;

/** A service whose resources Application Auto Scaling scales. */
public interface ScalableResources {
    /** @param resourceId as Application Auto Scaling writes it: {@code service/cluster/name} */
    boolean isScalable(String resourceId);

    /** Application Auto Scaling scales a resource, as it does when an alarm tells it to. */
    void scale(String resourceId, int count);
}
