package dev.holdfast.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.RollsOut;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Phase;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rolls rotated secrets out to one service after the other, and to none after a failure. All other changes are a
 * person's decision, but a rotation happens automatically and concerns every service that uses the secret. Pure.
 */
final class SecretRollouts {
    /** A reference to a secret's value; the group is the part before the version. */
    private static final Pattern VERSION =
            Pattern.compile("(arn:[a-z-]+:secretsmanager:[^:]*:[^:]*:secret:[^:]*:[^:]*:[^:]*:)[^:]*");

    private SecretRollouts() {}

    /**
     * @param input the steps that this pass has begun, and the time
     * @param decided the verdicts of the steps before this one in the plan
     * @return the resource whose turn it is, or whose rollout failed; null if the step need not wait
     */
    static @Nullable ResourceId waitsFor(
            Step step, GuardInput input, Map<ResourceId, ResourceAssessment> assessments, Map<Step, Verdict> decided) {
        ResourceAssessment own = assessments.get(step.resource());
        if (own == null || !isRotation(step)) {
            return null;
        }
        for (Map.Entry<Step, Verdict> other : decided.entrySet()) {
            if (other.getValue() instanceof Verdict.Allowed
                    && !other.getKey().resource().equals(step.resource())
                    && isRotation(other.getKey())) {
                return other.getKey().resource();
            }
        }
        Set<ResourceId> used = uses(own);
        ResourceId written = written(step.resource(), used, input, assessments);
        if (written != null) {
            return written;
        }
        return assessments.values().stream()
                .filter(other -> !uses(other).contains(step.resource()) && isRollingOut(other))
                .filter(other -> uses(other).stream()
                        .map(assessments::get)
                        .anyMatch(of -> of != null && uses(of).stream().anyMatch(used::contains)))
                .map(ResourceAssessment::id)
                .findFirst()
                .orElse(null);
    }

    /**
     * Another resource that uses the same secret and was just written. A read may still show its former state, so that
     * neither its own difference nor that of its service shows whether its rollout has begun.
     */
    private static @Nullable ResourceId written(
            ResourceId own, Set<ResourceId> used, GuardInput input, Map<ResourceId, ResourceAssessment> assessments) {
        Set<ResourceId> begun =
                input.begun().stream().map(GuardInput.BegunStep::resource).collect(Collectors.toSet());
        return assessments.values().stream()
                .filter(other -> !other.id().equals(own) && other.id().kind().equals(own.kind()))
                .filter(other -> uses(other).stream().anyMatch(used::contains))
                .filter(other -> begun.contains(other.id()) || mayBeStale(other, input))
                .map(ResourceAssessment::id)
                .findFirst()
                .orElse(null);
    }

    private static boolean mayBeStale(ResourceAssessment assessment, GuardInput input) {
        Instant notBefore = assessment.history().repairs().notBefore();
        return notBefore != null && input.now().isBefore(notBefore);
    }

    /** Whether a rollout is running, is about to begin, or has failed and is held. */
    private static boolean isRollingOut(ResourceAssessment assessment) {
        boolean runs = assessment.presence() instanceof Presence.Present present
                && present.known().phase() == Phase.RollingOut;
        SpecModel model = SpecModel.of(assessment.info().spec());
        return runs
                || assessment.history().rolloutFailed() != null
                || assessment.diff().changes().stream()
                        .anyMatch(c -> !c.knownAfterApply()
                                && c.effect() != FieldChange.Effect.Released
                                && model.field(c.component())
                                        .map(f -> f.has(RollsOut.class))
                                        .orElse(false));
    }

    /** Whether the step only exchanges versions of secrets. */
    private static boolean isRotation(Step step) {
        return !step.changes().isEmpty() && step.changes().stream().allMatch(c -> isVersion(c.desired(), c.observed()));
    }

    private static boolean isVersion(@Nullable JsonNode desired, @Nullable JsonNode observed) {
        if (desired == null || observed == null || !desired.isTextual() || !observed.isTextual()) {
            return false;
        }
        var one = VERSION.matcher(desired.asText());
        var other = VERSION.matcher(observed.asText());
        return one.matches() && other.matches() && one.group(1).equals(other.group(1));
    }

    private static Set<ResourceId> uses(ResourceAssessment assessment) {
        return assessment.references().values().stream()
                .flatMap(Collection::stream)
                .collect(Collectors.toSet());
    }
}
