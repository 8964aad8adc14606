package dev.holdfast.events;

import dev.holdfast.model.ChangeHint;
import java.util.List;

/** The stacks that events may be about. */
public interface EventStacks {
    /** As they are now, those of other replicas too. */
    List<KnownStack> known();

    /** Has what somebody may have changed read at once, by the process that holds the stack. */
    void changed(String stack, List<ChangeHint> changes);

    /** Tells whether events can be read now. */
    void readable(boolean yes);
}
