package dev.holdfast.kinds.elasticache;

import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;

/** What the statuses of users, user groups and serverless caches mean: none of them takes a change while it is not ready. */
final class CacheStatus {
    private CacheStatus() {}

    /** A word that this list does not know is work of ElastiCache. */
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
                Health.notReady(status, "ElastiCache could not create it: delete it, and have it made anew");
            default -> Health.notReady(status, null);
        };
    }
}
