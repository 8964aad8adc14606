package dev.holdfast.alerts;

/** A destination of alerts. Only one thread at a time calls it. */
public interface Sink {
    /** The name of the sink in metrics, events and the alert memory. */
    String name();

    /** Sends the alert, and throws if the sink does not accept it. */
    void send(Alert alert) throws NotDeliveredException;
}
