package dev.holdfast.desired;

import dev.holdfast.model.Revision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What reading a stack's desired state gives. */
public sealed interface LoadResult {
    record ValidRevision(Revision revision) implements LoadResult {}

    /**
     * There is a desired state, and it does not hold together; nothing of it may be used.
     *
     * @param sha256 the name of the refused revision where it has one
     * @param problems all of them, in the order of their places
     */
    record RefusedRevision(@Nullable String sha256, List<Problem> problems) implements LoadResult {
        public RefusedRevision {
            // One slip in a composite shows in several of its parts: once is enough.
            Map<List<Object>, Problem> distinct = new LinkedHashMap<>();
            problems.forEach(
                    p -> distinct.putIfAbsent(List.of(p.file(), p.line(), p.column(), p.pointer(), p.message()), p));
            problems = distinct.values().stream().sorted().toList();
        }
    }

    /** It is being changed from outside, and has not held still yet: nothing is known, and what counted before counts on. */
    record UnsettledSource(String reason) implements LoadResult {}

    /** There is none. Never the same as an empty one. */
    record NoDesiredState(String reason) implements LoadResult {}
}
