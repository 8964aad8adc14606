package dev.holdfast.desired;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A source of desired state. Safe for use by many threads. */
public interface DesiredSource {
    /**
     * Reads the desired state of a stack. As long as nothing changes, the source returns the same {@link
     * LoadResult.ValidRevision} instance.
     *
     * @throws RuntimeException of the store or file system if the source cannot be read; the desired state is unknown
     *     then
     */
    LoadResult read(String stack);

    /**
     * Reads a former revision of the stack.
     *
     * @return {@link LoadResult.NoDesiredState} if this source has no history that reaches back to this revision
     */
    default LoadResult past(String stack, String sha256) {
        return new LoadResult.NoDesiredState(location() + " keeps no earlier revisions");
    }

    /** The heads of a stack's published revisions, the newest first; empty if this source keeps no history. */
    default List<Head> revisions(String stack, int most) {
        return List.of();
    }

    /**
     * Whether the members of a head of {@link #revisions} can be relied on.
     *
     * @return why not, in words; null: they can
     */
    default @Nullable String doubt(String stack, Head head) {
        return null;
    }

    /** The names of all stacks, including refused ones, in order. */
    List<String> stacks();

    /** The location as people write it. */
    String location();
}
