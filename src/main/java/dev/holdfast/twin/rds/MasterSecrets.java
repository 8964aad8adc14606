package dev.holdfast.twin.rds;

import dev.holdfast.twin.secrets.TwinSecrets;
import dev.holdfast.twin.store.TwinContext;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.MasterUserSecret;

/**
 * The secrets that RDS manages for master users: the name and the password, without data of the server.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html">managed passwords</a>
 */
final class MasterSecrets {
    private final TwinContext context;

    MasterSecrets(TwinContext context) {
        this.context = context;
    }

    /** @param prefix the prefix of the secret's name: {@code rds!db-} or {@code rds!cluster-} */
    MasterUserSecret make(String prefix, String username, @Nullable String kmsKeyId) {
        TwinSecrets secrets = context.peer(TwinSecrets.class);
        String password = secrets.getRandomPassword(r -> r.passwordLength(28L).excludePunctuation(true))
                .randomPassword();
        String arn = secrets.createSecret(r -> r.name(prefix + context.uuid())
                        .secretString("{\"username\":\"" + username + "\",\"password\":\"" + password + "\"}"))
                .arn();
        return MasterUserSecret.builder()
                .secretArn(arn)
                .secretStatus("active")
                .kmsKeyId(kmsKeyId)
                .build();
    }

    /** RDS deletes the secret together with its instance or cluster. */
    void delete(@Nullable MasterUserSecret secret) {
        if (secret != null) {
            context.peer(TwinSecrets.class)
                    .deleteSecret(r -> r.secretId(secret.secretArn()).forceDeleteWithoutRecovery(true));
        }
    }
}
