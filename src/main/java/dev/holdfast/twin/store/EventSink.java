package dev.holdfast.twin.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/** The default event bus of a region, which AWS's services send their events to. */
public interface EventSink {
    /** Whether any rule could want an event, so that it need not be made otherwise. */
    boolean listening();

    /** Sends an event. It reaches the targets of the rules that match it {@link Delay#EVENT} later, as well as {@link EventSettings} says. */
    void send(ServiceEvent event);

    /**
     * An event of a service.
     *
     * @param source {@code aws.ecs}
     * @param at when it happened
     * @param resources ARNs
     */
    record ServiceEvent(String source, String detailType, Instant at, List<String> resources, ObjectNode detail) {}
}
