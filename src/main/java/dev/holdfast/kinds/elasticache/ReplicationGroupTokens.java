package dev.holdfast.kinds.elasticache;

import dev.holdfast.kind.Change;
import dev.holdfast.kinds.elasticache.ReplicationGroupKind.Spec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.AuthTokenUpdateStrategyType;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * The change of a token: ROTATE adds the new token to the former token, the clients switch to the new token, and SET
 * ends the former token.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html">AUTH</a>
 */
final class ReplicationGroupTokens {
    private static final String SET = "SET";

    private ReplicationGroupTokens() {}

    /** SET holds for one token only: with another token, SET is a new change, which needs another approval. */
    static @Nullable String strategy(@Nullable String strategy, @Nullable String token) {
        return SET.equals(strategy) && token != null ? SET + " " + token : strategy;
    }

    /** A change that removes the user groups sets the token in the same call ({@link ReplicationGroupCalls#dismiss}). */
    static boolean mayRotate(Change<Spec> change) {
        return change.spec().authToken() != null;
    }

    static @Nullable String read(SecretsManagerClient secrets, Spec spec) {
        return spec.authToken() == null ? null : CacheSecrets.read(secrets, spec.authToken());
    }

    static void rotate(ElastiCacheClient cache, Change<Spec> change) {
        authenticate(cache, change, AuthTokenUpdateStrategyType.ROTATE);
    }

    /** A change from SET back to ROTATE needs no call. */
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

    /** The reason why the change needs an approval; null: it needs none. */
    static @Nullable String approval(Spec desired) {
        return isSet(desired)
                ? "the former token ends: clients that still use it can no longer connect. Approve this step when all"
                        + " clients have the new token"
                : null;
    }
}
