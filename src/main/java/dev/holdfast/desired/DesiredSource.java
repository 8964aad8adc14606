package dev.holdfast.desired;

import java.util.List;

/** Where desired state comes from. Safe for use by many threads. */
public interface DesiredSource {
    /**
     * Reads what a stack desires now; the same {@link LoadResult.ValidRevision} instance as long as nothing changed.
     *
     * @throws RuntimeException of the store or file system if it cannot be read: nothing is known then
     */
    LoadResult read(String stack);

    /**
     * Reads a revision that the stack once desired.
     *
     * @return Absent if this source keeps no history, or not that far back
     */
    default LoadResult past(String stack, String sha256) {
        return new LoadResult.NoDesiredState(location() + " keeps no earlier revisions");
    }

    /** The stacks that there are, refused ones too, in order. */
    List<String> stacks();

    /** For people. */
    String location();
}
