package dev.holdfast.desired;

import dev.holdfast.model.Revision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What reading a stack's desired state gives. */
public sealed interface Loaded {
    record Valid(Revision revision) implements Loaded {}

    /**
     * There is a desired state, and it does not hold together; nothing of it may be used.
     *
     * @param sha256 the name of the refused revision where it has one
     * @param problems all of them, in the order of their places
     */
    record Refused(@Nullable String sha256, List<Problem> problems) implements Loaded {
        public Refused {
            problems = problems.stream().distinct().sorted().toList();
        }
    }

    /** There is none. Never the same as an empty one. */
    record Absent(String reason) implements Loaded {}
}
