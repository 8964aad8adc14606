package dev.holdfast.twin.store;

/** A service whose resources Application Auto Scaling scales. */
public interface ScalableResources {
    /** @param resourceId the resource in the format of Application Auto Scaling: {@code service/cluster/name} */
    boolean isScalable(String resourceId);

    /** Scales a resource as Application Auto Scaling does after an alarm. */
    void scale(String resourceId, int count);
}
