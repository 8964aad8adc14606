package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.Specs;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.plan.Diff;
import dev.holdfast.plan.DiffInput;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the assessments of one revision have in common: the references of its documents, and the differences of the resources
 * of which nothing has changed since. A stack is assessed after every result that arrives, and each result concerns few of
 * its resources. Used by one thread.
 */
final class AssessmentCache {
    private final Revision revision;
    private final ResourceReferences references;
    private final Map<ResourceId, CachedDiff> diffs = new HashMap<>();

    /**
     * What a difference is made of.
     *
     * @param applied the spec as recorded; null: nothing is recorded
     * @param ignored JSON pointers that are not compared
     */
    record Compared(
            Specs.Bound<?> desired,
            Record observed,
            @Nullable JsonNode applied,
            Set<String> ignored,
            Map<String, DiffInput.Bounds> bounds) {
        /** Whether nothing was bound, read or recorded anew: then the three are the very same objects. */
        boolean isStill(Compared former) {
            return desired == former.desired
                    && observed == former.observed
                    && applied == former.applied
                    && ignored.equals(former.ignored)
                    && bounds.equals(former.bounds);
        }
    }

    private record CachedDiff(Compared of, Diff diff) {}

    AssessmentCache(KindCatalog catalog, Revision revision) {
        this.revision = revision;
        this.references = new ResourceReferences(catalog, revision);
    }

    /** Whether it was made for that very revision. */
    boolean isOf(Revision other) {
        return revision == other;
    }

    ResourceReferences references() {
        return references;
    }

    /** The difference as it was found last, if it is made of the same; else as found now. */
    Diff diff(ResourceId id, Compared of, Supplier<Diff> differ) {
        CachedDiff last = diffs.get(id);
        if (last != null && of.isStill(last.of)) {
            return last.diff;
        }
        Diff diff = differ.get();
        diffs.put(id, new CachedDiff(of, diff));
        return diff;
    }
}
