package dev.holdfast.desired;

import dev.holdfast.model.Revision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The result of reading a stack's desired state. */
public sealed interface LoadResult {
    /**
     * @param published the commit that made the revision the desired one; null if the source has no commits
     * @param warnings remarks about the documents that do not stop them; empty if the source has no documents
     */
    record ValidRevision(Revision revision, @Nullable Publication published, List<Problem> warnings)
            implements LoadResult {
        public ValidRevision(Revision revision) {
            this(revision, null);
        }

        public ValidRevision(Revision revision, @Nullable Publication published) {
            this(revision, published, List.of());
        }

        /** The number of the commit; 0 if the source has none. */
        public long number() {
            return published == null ? 0 : published.head().number();
        }
    }

    /**
     * The desired state has problems, and no part of it may be used.
     *
     * @param sha256 the name of the refused revision, if it has one
     * @param problems all problems, in the order of their locations; at least one
     */
    record RefusedRevision(@Nullable String sha256, List<Problem> problems) implements LoadResult {
        public RefusedRevision {
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("a refused revision needs a problem");
            }
            // A mistake in a composite can show up in several of its parts: it is reported once.
            Map<List<Object>, Problem> distinct = new LinkedHashMap<>();
            problems.forEach(
                    p -> distinct.putIfAbsent(List.of(p.file(), p.line(), p.column(), p.pointer(), p.message()), p));
            problems = distinct.values().stream().sorted().toList();
        }
    }

    /** The desired state is being changed and has not settled yet. The former desired state stays in force. */
    record UnsettledSource(String reason) implements LoadResult {}

    /** There is no desired state. It is never treated as an empty desired state. */
    record NoDesiredState(String reason) implements LoadResult {}
}
