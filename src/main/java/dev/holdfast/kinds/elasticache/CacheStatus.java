package dev.holdfast.kinds.elasticache;

import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;

/**
 * The meaning of the statuses of users, user groups and serverless caches. ElastiCache changes them only while ready.
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
                Health.notReady(status, "the creation failed: delete the resource, so that Holdfast creates it again");
            default -> Health.notReady(status, null);
        };
    }
}
