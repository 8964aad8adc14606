package dev.holdfast.engine;

import dev.holdfast.model.Fault;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Attempt;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The failed attempts and the times at which they are due again. Some are due only after their desired state has
 * changed. Used by one thread.
 */
final class RetrySchedule {
    /**
     * @param desired the desired spec at the failure; while it is unchanged, an INVALID attempt stays stalled
     * @param retryAt null if the attempt is not repeated without a request or a new spec
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

    /** A read failed. The resource is unknown, so that INVALID says nothing about its spec and the read is repeated. */
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

    /**
     * Doubles from {@link EngineConstants#BACKOFF_FIRST} to {@link EngineConstants#BACKOFF_MOST}, reduced at random by
     * up to a quarter.
     */
    private Instant backoff(Instant now, int attempts) {
        long millis = Math.min(
                EngineConstants.BACKOFF_FIRST.toMillis() << Math.min(attempts - 1, 10),
                EngineConstants.BACKOFF_MOST.toMillis());
        return now.plusMillis(millis - jitter.nextLong(millis / 4 + 1));
    }

    void clear(Attempt attempt) {
        byAttempt.remove(attempt);
    }

    /** Makes all attempts of this resource due at once. */
    void clearAll(ResourceId id) {
        byAttempt.keySet().removeIf(a -> a.resource().equals(id));
    }

    @Nullable
    FailedAttempt get(Attempt attempt) {
        return byAttempt.get(attempt);
    }

    /** The failure of a resource itself: the first one in the order of {@link Attempt.Work}. Null if there is none. */
    @Nullable
    FailedAttempt on(ResourceId id) {
        return Arrays.stream(Attempt.Work.values())
                .map(work -> byAttempt.get(new Attempt(id, null, work)))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Forgets the resources that are no longer managed. */
    void retain(Set<ResourceId> managed) {
        byAttempt.keySet().removeIf(a -> !managed.contains(a.resource()));
    }

    /** Forgets the failures of a resource itself. */
    void clearOn(ResourceId id) {
        byAttempt.keySet().removeIf(a -> a.isOn(id));
    }

    /** Makes an attempt due again if it stalled for a spec that is no longer desired. */
    void desiredNow(Map<ResourceId, ManagedResource<?>> managed) {
        byAttempt.entrySet().removeIf(e -> {
            ManagedResource<?> resource = managed.get(e.getKey().resource());
            return resource != null
                    && e.getValue().retryAt() == null
                    && !e.getValue().desired().equals(String.valueOf(resource.resolved()));
        });
    }

    /** Makes the attempts on a kind due again that AWS rejected as invalid. */
    void rejected(String kind) {
        byAttempt
                .entrySet()
                .removeIf(e -> e.getKey().resource().kind().equals(kind)
                        && e.getValue().retryAt() == null);
    }

    Map<Attempt, Instant> retryAt() {
        Map<Attempt, Instant> all = new HashMap<>();
        byAttempt.forEach(
                (attempt, failure) -> all.put(attempt, failure.retryAt() == null ? Instant.MAX : failure.retryAt()));
        return all;
    }
}
