package dev.holdfast.twin.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/** The default event bus of a region, to which AWS's services send their events. */
public interface EventSink {
    /** Whether a rule could match an event; otherwise the service need not create the event. */
    boolean listening();

    /**
     * Sends an event. It reaches the targets of matching rules after {@link Delay#EVENT}, as {@link EventSettings}
     * allows.
     */
    void send(ServiceEvent event);

    /**
     * An event of a service.
     *
     * @param source such as {@code aws.ecs}
     * @param at the time of the event
     * @param resources the ARNs
     */
    record ServiceEvent(String source, String detailType, Instant at, List<String> resources, ObjectNode detail) {}
}
