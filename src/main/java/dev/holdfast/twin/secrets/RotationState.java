package dev.holdfast.twin.secrets;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.model.RotationRulesType;

/**
 * How a secret rotates, and the rotation that is under way.
 *
 * @param next null: no rotation is scheduled
 * @param running the version that a rotation makes now; null: none is under way
 */
record RotationState(
        boolean enabled,
        String function,
        RotationRulesType rules,
        @Nullable Instant last,
        @Nullable Instant next,
        @Nullable RunningRotation running) {

    /** @param ended when the function that runs for real has done its last step */
    record RunningRotation(String token, Instant since, AtomicReference<Instant> ended) {}

    RotationState running(@Nullable RunningRotation value) {
        return new RotationState(enabled, function, rules, last, next, value);
    }

    RotationState scheduled(@Nullable Instant value) {
        return new RotationState(enabled, function, rules, last, value, running);
    }

    RotationState rotated(Instant now) {
        return new RotationState(enabled, function, rules, now, next, null);
    }

    /** Nothing is scheduled any more, but the rules stay. */
    RotationState cancelled() {
        return new RotationState(false, function, rules, last, null, null);
    }

    /** Of a rate in days, AWS shows the days too. */
    RotationRulesType shownRules() {
        Long days = RotationSchedule.days(rules);
        return days == null ? rules : rules.copy(b -> b.automaticallyAfterDays(days));
    }

    String detail() {
        return enabled + " " + function + " " + rules;
    }
}
