package dev.holdfast.twin.store;

/** A service with work that goes on by itself. It takes note of the time only when somebody looks, so a queue of events asks it to. */
public interface EventSource {
    /** Advances to the present and sends the events of what has happened since. */
    void catchUp();
}
