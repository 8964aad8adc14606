package dev.holdfast.kinds.elasticache;

import dev.holdfast.kind.Change;
import dev.holdfast.kinds.elasticache.ReplicationGroupKind.Spec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.AuthTokenUpdateStrategyType;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * How a token becomes another: ROTATE takes the new one up beside the former, the clients change over, and SET ends the former.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html">AUTH</a>
 */
final class ReplicationGroupTokens {
    private static final String SET = "SET";

    private ReplicationGroupTokens() {}

    /** SET is about one token: of another token it has to be said, and approved, again. */
    static @Nullable String strategy(@Nullable String strategy, @Nullable String token) {
        return SET.equals(strategy) && token != null ? SET + " " + token : strategy;
    }

    /** Where users are given up, the token takes their place in the same call ({@link ReplicationGroupCalls#beside}). */
    static boolean mayRotate(Change<Spec> change) {
        return change.spec().authToken() != null;
    }

    static @Nullable String read(SecretsManagerClient secrets, Spec spec) {
        return spec.authToken() == null ? null : CacheSecrets.read(secrets, spec.authToken());
    }

    static void rotate(ElastiCacheClient cache, Change<Spec> change) {
        authenticate(cache, change, AuthTokenUpdateStrategyType.ROTATE);
    }

    /** Back from SET to ROTATE, nothing is to be done. */
    static boolean ends(Change<Spec> change) {
        return isSet(change.spec());
    }

    private static boolean isSet(Spec spec) {
        return spec.authTokenUpdateStrategy() != null
                && spec.authTokenUpdateStrategy().startsWith(SET);
    }

    static void set(ElastiCacheClient cache, Change<Spec> change) {
        authenticate(cache, change, AuthTokenUpdateStrategyType.SET);
    }

    private static void authenticate(
            ElastiCacheClient cache, Change<Spec> change, AuthTokenUpdateStrategyType strategy) {
        String token = Objects.requireNonNull(read(change.client(SecretsManagerClient.class), change.spec()));
        cache.modifyReplicationGroup(r -> r.replicationGroupId(change.physicalId())
                .authToken(token)
                .authTokenUpdateStrategy(strategy)
                .applyImmediately(true));
    }

    /** null: there is nothing to approve. */
    static @Nullable String approval(Spec desired) {
        return isSet(desired)
                ? "the former token ends: clients that still use it can no longer connect. Approve it when all of them have"
                        + " the new one"
                : null;
    }
}
