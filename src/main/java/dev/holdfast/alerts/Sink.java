package dev.holdfast.alerts;

/** Somewhere that alerts go. Called by one thread at a time. */
public interface Sink {
    /** As metrics, events and the memory of what is told call it. */
    String name();

    /** Takes it, or throws. */
    void send(Alert alert) throws NotDeliveredException;
}
