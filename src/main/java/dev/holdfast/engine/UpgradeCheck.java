package dev.holdfast.engine;

import dev.holdfast.model.Revision;
import dev.holdfast.state.StackMemory;

/** Tells a plan that only a new version of the operator brings about. */
final class UpgradeCheck {
    private UpgradeCheck() {}

    /** Whether the operator's version changed since the last pass that was over, and the revision did not. */
    static boolean pending(String version, StackMemory memory, Revision revision) {
        return memory.version() != null
                && !memory.version().equals(version)
                && revision.sha256().equals(memory.revision());
    }
}
