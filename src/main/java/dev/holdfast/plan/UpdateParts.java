package dev.holdfast.plan;

import dev.holdfast.model.FieldChange;
import java.util.List;

/**
 * The changes of an update, by the step that makes them.
 *
 * @param asking the changes that need an approval
 * @param last the changes that withdraw access that another resource may still use
 * @param rest all other changes
 */
record UpdateParts(List<FieldChange> asking, List<FieldChange> last, List<FieldChange> rest) {
    /** @param used whether other resources may use the access that is withdrawn */
    static UpdateParts of(ResourceAssessment assessment, List<FieldChange> all, boolean used) {
        List<FieldChange> asking =
                all.stream().filter(assessment.approved()::concerns).toList();
        List<FieldChange> last =
                used ? all.stream().filter(assessment.diff()::withdraws).toList() : List.of();
        return new UpdateParts(
                asking,
                last,
                all.stream()
                        .filter(c -> !asking.contains(c) && !last.contains(c))
                        .toList());
    }

    /** Whether a step is needed for the rest: fields that are only released are part of any other step. */
    boolean hasRest() {
        return (asking.isEmpty() && last.isEmpty())
                || rest.stream().anyMatch(c -> c.effect() != FieldChange.Effect.Released);
    }
}
