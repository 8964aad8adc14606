package dev.holdfast.twin.store;

/**
 * A service whose state changes with time. It computes changes only when it is read, so the queue of events requests
 * them.
 */
public interface EventSource {
    /** Advances the state to the present and sends the events that happened since the last call. */
    void catchUp();
}
