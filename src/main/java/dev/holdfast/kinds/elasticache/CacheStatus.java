package dev.holdfast.kinds.elasticache;

import dev.holdfast.kind.Observed;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of the statuses of users, user groups and serverless caches, which ElastiCache changes only while ready,
 * and the final snapshot of caches.
 */
final class CacheStatus {
    private CacheStatus() {}

    /** A status that is not in the list means that ElastiCache is working on the resource. */
    static Phase phase(String status) {
        return switch (status) {
            case "active", "available", "create-failed" -> Phase.Steady;
            case "creating" -> Phase.Creating;
            case "deleting" -> Phase.Deleting;
            default -> Phase.Updating;
        };
    }

    static Health health(String status) {
        return switch (status) {
            case "active", "available" -> Health.AVAILABLE;
            case "create-failed" ->
                Health.notReady(
                        status,
                        "the creation failed: delete the resource, so that Holdfast creates it again; for a cache,"
                                + " approve the new creation");
            default -> Health.notReady(status, null);
        };
    }

    /**
     * The name of the snapshot that a deletion takes: each attempt to delete the same cache uses the same name.
     *
     * @param wanted reads whether the applied spec wants a snapshot
     * @return null: the applied spec wants no snapshot
     */
    static <S extends Record> @Nullable String finalSnapshot(
            Observed<S> observed, Function<S, @Nullable Boolean> wanted) {
        S applied = observed.applied();
        if (applied != null && Boolean.FALSE.equals(wanted.apply(applied))) {
            return null;
        }
        Instant made = observed.known().createdAt();
        return observed.physicalId() + "-final" + (made == null ? "" : "-" + made.getEpochSecond());
    }
}
