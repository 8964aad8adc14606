package dev.holdfast.events;

import dev.holdfast.model.ChangeHint;
import java.util.List;

/** The stacks that events may be about. */
public interface EventStacks {
    /** The stacks as they are now, including those of other replicas. */
    List<KnownStack> known();

    /** Has the process that holds the stack read these resources at once, because they may have changed. */
    void changed(String stack, List<ChangeHint> changes);

    /** Reports whether events can be read now. */
    void readable(boolean yes);
}
