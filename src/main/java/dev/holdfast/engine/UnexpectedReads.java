package dev.holdfast.engine;

import dev.holdfast.model.Event;
import dev.holdfast.model.Fault;
import java.util.HashMap;
import java.util.Map;

/**
 * Reports once for each kind that its read ended by an exception that is not an error response of AWS. Used by one
 * thread.
 */
final class UnexpectedReads {
    private final EventLog events;
    private final Map<String, String> codes = new HashMap<>();

    UnexpectedReads(EventLog events) {
        this.events = events;
    }

    void report(KindReading reading) {
        Fault fault = reading.unexpected();
        String kind = reading.region().kind();
        if (fault == null) {
            codes.remove(kind);
        } else if (!fault.code().equals(codes.put(kind, fault.code()))) {
            events.add(
                    null,
                    Event.Severity.Alert,
                    "ReadFailed",
                    "the read of " + kind + " failed unexpectedly: " + fault.code() + ": " + fault.message()
                            + "; nothing of this kind is written until a read succeeds");
        }
    }
}
