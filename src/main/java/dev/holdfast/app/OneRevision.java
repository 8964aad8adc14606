package dev.holdfast.app;

import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.model.Revision;
import java.util.List;

/** A desired state that consists of one revision of one stack. */
record OneRevision(Revision revision, String location) implements DesiredSource {
    @Override
    public LoadResult read(String stack) {
        return stack.equals(revision.settings().name())
                ? new LoadResult.ValidRevision(revision)
                : new LoadResult.NoDesiredState("there is no stack " + stack + " at " + location);
    }

    @Override
    public List<String> stacks() {
        return List.of(revision.settings().name());
    }
}
