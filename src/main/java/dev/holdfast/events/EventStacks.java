package dev.holdfast.events;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.StackReconciler;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.ChangeHint;
import java.util.List;

/** The stacks that events may be about. */
public interface EventStacks {
    /** As they are now, those of other replicas too. */
    List<StackView> views();

    /** Has what somebody may have changed read at once, by the process that holds the stack. */
    void changed(String stack, List<ChangeHint> changes);

    /** Tells whether events can be read now. */
    void readable(boolean yes);

    /** The stacks of an engine. */
    static EventStacks of(Engine engine) {
        return new EventStacks() {
            @Override
            public List<StackView> views() {
                return engine.stacks().values().stream()
                        .map(StackReconciler::view)
                        .toList();
            }

            @Override
            public void changed(String stack, List<ChangeHint> changes) {
                engine.changed(stack, changes);
            }

            @Override
            public void readable(boolean yes) {
                engine.eventsReadable(yes);
            }
        };
    }
}
