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
 * The data that the assessments of one revision share: the references of its documents, and the differences of
 * resources whose input has not changed. A stack is assessed after every result that arrives, and each result concerns
 * few of its resources. Used by one thread.
 */
final class AssessmentCache {
    private final Revision revision;
    private final ResourceReferences references;
    private final Map<ResourceId, CachedDiff> diffs = new HashMap<>();

    /**
     * The input of a comparison.
     *
     * @param applied the spec that the state records as applied; null: none is recorded
     * @param granted the access that updates have granted since; null: none is recorded
     * @param ignored JSON pointers that are not compared
     */
    record Compared(
            Specs.Bound<?> desired,
            Record observed,
            @Nullable JsonNode applied,
            @Nullable JsonNode granted,
            Set<String> ignored,
            Map<String, DiffInput.Bounds> bounds) {
        /**
         * Whether the input is unchanged. The specs are the same objects unless they were bound, read or recorded
         * again.
         */
        boolean isStill(Compared former) {
            return desired == former.desired
                    && observed == former.observed
                    && applied == former.applied
                    && granted == former.granted
                    && ignored.equals(former.ignored)
                    && bounds.equals(former.bounds);
        }
    }

    private record CachedDiff(Compared of, Diff diff) {}

    AssessmentCache(KindCatalog catalog, Revision revision) {
        this.revision = revision;
        this.references = new ResourceReferences(catalog, revision);
    }

    /** Whether this cache belongs to that revision object. */
    boolean isOf(Revision other) {
        return revision == other;
    }

    ResourceReferences references() {
        return references;
    }

    /** The last difference if its input is unchanged; otherwise a new one. */
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
