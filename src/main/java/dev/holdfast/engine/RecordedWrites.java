package dev.holdfast.engine;

import dev.holdfast.aws.WriteEffects;
import dev.holdfast.model.ResourceId;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.StackState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The writes of a stack, each recorded before it is sent. Safe for use by many threads. */
final class RecordedWrites {
    private final StackState state;

    RecordedWrites(StackState state) {
        this.state = state;
    }

    /**
     * Sends the calls of a step after their intended result is recorded. If AWS or this process rejected all calls, the
     * former record is restored. A write that failed, or during which the process ended, is never counted as
     * ineffective.
     */
    <T> T send(ResourceRecord during, Supplier<T> calls) {
        return send(List.of(during), calls);
    }

    /** The same for calls that change several resources. */
    <T> T send(List<ResourceRecord> during, Supplier<T> calls) {
        Map<ResourceId, ResourceRecord> before = new HashMap<>();
        for (ResourceRecord record : during) {
            ResourceRecord known = state.record(record.id());
            if (known != null) {
                before.put(record.id(), known);
            }
        }
        during.forEach(state::save);
        WriteEffects effects = new WriteEffects();
        boolean done = false;
        try {
            T result = effects.call(calls);
            done = true;
            during.forEach(record -> accepted(record, before.get(record.id())));
            return result;
        } finally {
            if (!done) {
                during.forEach(record -> undo(record, before.get(record.id()), effects.possible()));
            }
        }
    }

    private void undo(ResourceRecord during, @Nullable ResourceRecord before, boolean possible) {
        if (possible) {
            state.save(during.uncounted(before));
        } else if (before != null) {
            state.save(before);
        } else {
            state.forget(during.id());
        }
    }

    /**
     * Stores the acceptance at once only for a repeated write. If the process ends after a first write, one more
     * attempt is harmless.
     */
    private void accepted(ResourceRecord during, @Nullable ResourceRecord before) {
        ResourceRecord accepted = during.accepted(before);
        if (accepted.repeats(before)) {
            state.save(accepted);
        } else {
            state.note(accepted);
        }
    }

    void send(ResourceRecord during, Runnable calls) {
        send(during, () -> {
            calls.run();
            return during;
        });
    }
}
