package dev.holdfast.twin.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import software.amazon.awssdk.core.SdkPojo;

/** The interface through which CloudTrail records actions of AWS's own services. */
public interface ServiceTrail {
    /**
     * Records an event that no call caused.
     *
     * @param service such as {@code secretsmanager}
     * @param additional the value of {@code additionalEventData}
     */
    void happened(String service, String eventName, Instant at, ObjectNode additional);

    /** Records a call that a service makes with its own role. */
    void called(ServiceCaller by, String operation, SdkPojo input, SdkPojo output);

    /**
     * A service that calls another service.
     *
     * @param principal such as {@code ecs.application-autoscaling.amazonaws.com}
     * @param role the service-linked role
     * @param session the name of the session of the role
     * @param called the service that is called, such as {@code ecs}
     */
    record ServiceCaller(String principal, String role, String session, String called) {}
}
