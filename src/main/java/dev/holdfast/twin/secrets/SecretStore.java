package dev.holdfast.twin.secrets;

import static dev.holdfast.twin.store.TwinErrors.named;

import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinTable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.model.*;

/** All secrets, and the lookup of secrets by name or ARN. */
final class SecretStore {
    private final TwinContext context;
    private final SecretRotations rotations;
    /** The secrets by name. */
    private final TwinTable<TwinSecret> table;

    private final SecretIndex index;

    SecretStore(TwinContext context, SecretRotations rotations) {
        this.context = context;
        this.rotations = rotations;
        this.table = new TwinTable<>(context);
        this.index = new SecretIndex(context);
    }

    void add(TwinSecret secret) {
        table.put(secret.name, secret);
    }

    List<TwinSecret> all() {
        return table.all();
    }

    /** Applies the effects of time: removes secrets whose recovery window has passed, and advances rotations. */
    void settle() {
        table.all().forEach(s -> find(s.name));
    }

    /** The secrets that ListSecrets returns. */
    List<SecretListEntry> inSight() {
        return index.inSight();
    }

    /** Records a change, which ListSecrets returns later. */
    void changed(TwinSecret secret) {
        secret.changedAt = context.now();
        index.changed(secret.arn, secret.entry());
    }

    void remove(TwinSecret secret) {
        table.remove(secret.name);
        index.changed(secret.arn, null);
    }

    /** The secret, if it is visible to callers and not scheduled for deletion. */
    TwinSecret usable(String id) {
        TwinSecret secret = visible(id);
        if (secret.deletedAt != null) {
            throw named(
                    InvalidRequestException.builder(),
                    "You can't perform this operation on the secret because it was marked for deletion.");
        }
        return secret;
    }

    /** The secret, if it is visible to callers. */
    TwinSecret visible(String id) {
        TwinSecret secret = find(id);
        if (secret == null || table.visible(secret.name) == null) {
            throw named(ResourceNotFoundException.builder(), "Secrets Manager can't find the specified secret.");
        }
        return secret;
    }

    /** Finds a secret by name or ARN; removes it if its recovery window has passed. */
    @Nullable
    TwinSecret find(String id) {
        int at = id.indexOf(":secret:");
        String name = at < 0 ? id : id.substring(at + ":secret:".length());
        TwinSecret secret = table.get(name);
        if (secret == null && at >= 0 && name.length() > 7) {
            secret = table.get(name.substring(0, name.length() - 7));
        }
        if (secret == null || !secret.answersTo(id)) {
            return null;
        }
        if (secret.goneAt != null && !context.now().isBefore(secret.goneAt)) {
            remove(secret);
            return null;
        }
        if (secret.deletedAt == null && rotations.settle(secret)) {
            changed(secret);
        }
        return secret;
    }
}
