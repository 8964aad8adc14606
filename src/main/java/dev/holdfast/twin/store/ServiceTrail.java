package dev.holdfast.twin.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import software.amazon.awssdk.core.SdkPojo;

/** Where CloudTrail hears of what AWS's own services do. */
public interface ServiceTrail {
    /**
     * Something that no call did.
     *
     * @param service {@code secretsmanager}
     * @param additional goes into {@code additionalEventData}
     */
    void happened(String service, String eventName, Instant at, ObjectNode additional);

    /** A call that a service makes with its own role. */
    void called(ServiceCaller by, String operation, SdkPojo input, SdkPojo output);

    /**
     * A service that calls another.
     *
     * @param principal {@code ecs.application-autoscaling.amazonaws.com}
     * @param role its service-linked role
     * @param session how it names its session of the role
     * @param called {@code ecs}
     */
    record ServiceCaller(String principal, String role, String session, String called) {}
}
