package dev.holdfast.engine;

import dev.holdfast.model.Fault;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Attempt;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The failed attempts, and when each is due again, if at all before its desired state changes. Used by one thread. */
final class RetrySchedule {
    /**
     * @param desired what was desired when it failed: while that is so, an INVALID stays stalled
     * @param retryAt null: not by itself
     * @param read whether the read before the step failed, and not the step
     */
    record FailedAttempt(
            Fault fault, int attempts, Instant at, @Nullable Instant retryAt, String desired, boolean read) {}

    private final Map<Attempt, FailedAttempt> byAttempt = new HashMap<>();
    private final RandomGenerator jitter;

    RetrySchedule(RandomGenerator jitter) {
        this.jitter = jitter;
    }

    void add(Attempt attempt, Fault fault, Instant now, String desired) {
        FailedAttempt last = byAttempt.get(attempt);
        int attempts = last == null || last.fault().category() != fault.category() ? 1 : last.attempts() + 1;
        byAttempt.put(attempt, new FailedAttempt(fault, attempts, now, retryAt(fault, now, attempts), desired, false));
    }

    /** A read failed: nothing is known of the resource, and least of all that its spec is invalid. */
    void unread(Attempt attempt, Fault fault, Instant now) {
        FailedAttempt last = byAttempt.get(attempt);
        int attempts = last == null || !last.read() ? 1 : last.attempts() + 1;
        Instant next = fault.category() == Fault.Category.INVALID ? null : retryAt(fault, now, attempts);
        byAttempt.put(
                attempt,
                new FailedAttempt(fault, attempts, now, next == null ? backoff(now, attempts) : next, "", true));
    }

    private @Nullable Instant retryAt(Fault fault, Instant now, int attempts) {
        return switch (fault.category()) {
            case CONFLICT -> now.plus(EngineConstants.BUSY);
            case DENIED, QUOTA, TAKEN -> now.plus(EngineConstants.DENIED);
            case INVALID -> null;
            case ABSENT, EXISTS -> now.plus(EngineConstants.BACKOFF_FIRST.multipliedBy(attempts));
            case THROTTLED, TRANSIENT, DEPENDENCY, UNKNOWN -> backoff(now, attempts);
        };
    }

    /** Doubles from {@link EngineConstants#BACKOFF_FIRST}, up to {@link EngineConstants#BACKOFF_MOST}, less up to a quarter by chance. */
    private Instant backoff(Instant now, int attempts) {
        long millis = Math.min(
                EngineConstants.BACKOFF_FIRST.toMillis() << Math.min(attempts - 1, 10),
                EngineConstants.BACKOFF_MOST.toMillis());
        return now.plusMillis(millis - jitter.nextLong(millis / 4 + 1));
    }

    void clear(Attempt attempt) {
        byAttempt.remove(attempt);
    }

    /** Everything of this resource may be tried again at once. */
    void clearAll(ResourceId id) {
        byAttempt.keySet().removeIf(a -> a.resource().equals(id));
    }

    @Nullable
    FailedAttempt get(Attempt attempt) {
        return byAttempt.get(attempt);
    }

    /** An attempt that stalled for a spec that is no longer desired is due again. */
    void desiredNow(Map<ResourceId, ManagedResource<?>> managed) {
        byAttempt.entrySet().removeIf(e -> {
            ManagedResource<?> resource = managed.get(e.getKey().resource());
            return resource != null
                    && e.getValue().retryAt() == null
                    && !e.getValue().desired().equals(String.valueOf(resource.resolved()));
        });
    }

    Map<Attempt, Instant> retryAt() {
        Map<Attempt, Instant> all = new HashMap<>();
        byAttempt.forEach(
                (attempt, failure) -> all.put(attempt, failure.retryAt() == null ? Instant.MAX : failure.retryAt()));
        return all;
    }
}
