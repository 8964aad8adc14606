package dev.holdfast.twin.secrets;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.model.RotationRulesType;

/**
 * The rotation settings of a secret, and the rotation in progress.
 *
 * @param next null if no rotation is scheduled
 * @param running the version that the present rotation creates; null if no rotation is in progress
 */
record RotationState(
        boolean enabled,
        String function,
        RotationRulesType rules,
        @Nullable Instant last,
        @Nullable Instant next,
        @Nullable RunningRotation running) {

    /** @param ended the time at which a real rotation function has finished its last step */
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

    /** Cancels the schedule; the rules stay. */
    RotationState cancelled() {
        return new RotationState(false, function, rules, last, null, null);
    }

    /** The rules with the number of days, which AWS adds to a rate in days. */
    RotationRulesType shownRules() {
        Long days = RotationSchedule.days(rules);
        return days == null ? rules : rules.copy(b -> b.automaticallyAfterDays(days));
    }

    String detail() {
        return enabled + " " + function + " " + rules;
    }
}
