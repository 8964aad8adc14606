package dev.holdfast.engine;

import dev.holdfast.aws.WriteEffects;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.StackState;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The writes of a stack, each recorded before it is sent. Safe for use by many threads. */
final class RecordedWrites {
    private final StackState state;

    RecordedWrites(StackState state) {
        this.state = state;
    }

    /**
     * Sends the calls of a step. What they are to come to is recorded before them. If all of them were refused, by AWS or by
     * this process, the record is the same afterwards as before. A write that failed is never one without effect, nor is one
     * during which the process ended.
     */
    <T> T send(ResourceRecord during, Supplier<T> calls) {
        ResourceRecord before = state.record(during.id());
        state.save(during);
        WriteEffects effects = new WriteEffects();
        boolean done = false;
        try {
            T result = effects.call(calls);
            done = true;
            accepted(during, before);
            return result;
        } finally {
            if (!done) {
                if (effects.possible()) {
                    state.save(during.uncounted(before));
                } else if (before != null) {
                    state.save(before);
                } else {
                    state.forget(during.id());
                }
            }
        }
    }

    /** Only of a write that is repeated it is worth a call to record this: a process that ends after the first one tries once more. */
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
