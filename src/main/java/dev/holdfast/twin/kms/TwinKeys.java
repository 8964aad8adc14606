package dev.holdfast.twin.kms;

import static dev.holdfast.twin.store.TwinErrors.named;

import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TagRules;
import dev.holdfast.twin.store.TwinContext;
import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.kms.model.*;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;

/**
 * The keys and their aliases, and the lookup of keys by id, ARN or alias.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html">Key states</a>
 */
final class TwinKeys {
    private static final int PAGE = 100;

    private final TwinContext context;
    final ResourceStore<KeyMetadata, KeyMetadata.Builder> keys;
    final ResourceStore<AliasListEntry, AliasListEntry.Builder> aliases;

    TwinKeys(TwinContext context) {
        this.context = context;
        this.keys = context.store(KeyMetadata::builder, KeyMetadata::keyId)
                .type("kms:key")
                .arn(KeyMetadata::arn)
                .pages(1000, PAGE)
                .missing(id -> absent("Key '" + arn(id) + "' does not exist"))
                .tagRules(TagRules.of(
                        () -> named(LimitExceededException.builder(), "Too many tags"),
                        key -> named(TagException.builder(), "aws: prefixed tag key names are not allowed")));
        this.aliases = context.store(AliasListEntry::builder, AliasListEntry::aliasName)
                .type("kms:alias")
                .arn(AliasListEntry::aliasArn)
                .pages(PAGE, 50)
                .missing(name -> absent("Alias " + context.arn("kms", name) + " is not found."));
    }

    static AwsServiceException absent(String message) {
        return named(NotFoundException.builder(), message);
    }

    String arn(String id) {
        return context.arn("kms", "key/" + id);
    }

    /** KMS deletes a key and its aliases when the waiting period ends. */
    void settle() {
        keys.stream()
                .filter(k -> k.keyState() == KeyState.PENDING_DELETION
                        && !context.now().isBefore(k.deletionDate()))
                .map(KeyMetadata::keyId)
                .toList()
                .forEach(id -> {
                    keys.remove(id);
                    aliases.stream()
                            .filter(a -> a.targetKeyId().equals(id))
                            .map(AliasListEntry::aliasName)
                            .toList()
                            .forEach(aliases::remove);
                });
    }

    /** The key with this id or ARN, or with this alias if the call accepts aliases. */
    StoredResource<KeyMetadata> seen(String key, boolean byAlias) {
        settle();
        String id = key.substring(key.lastIndexOf(':') + 1);
        if (byAlias && id.startsWith("alias/")) {
            return keys.seen(aliases.seen(id).shape().targetKeyId());
        }
        return keys.seen(id.startsWith("key/") ? id.substring("key/".length()) : id);
    }

    /** The key, unless its deletion is scheduled: most calls refuse such a key. */
    StoredResource<KeyMetadata> usable(String key) {
        StoredResource<KeyMetadata> found = seen(key, false);
        refuse(found.shape(), "pending deletion", KeyState.PENDING_DELETION, KeyState.PENDING_REPLICA_DELETION);
        return found;
    }

    private static void refuse(KeyMetadata key, String words, KeyState... states) {
        if (List.of(states).contains(key.keyState())) {
            throw named(KmsInvalidStateException.builder(), key.arn() + " is " + words + ".");
        }
    }

    /** Enables or disables the key. If its key store is disconnected, the state stays until the store is connected. */
    void enable(String id, boolean yes) {
        StoredResource<KeyMetadata> key = usable(id);
        refuse(key.shape(), "pending import", KeyState.PENDING_IMPORT);
        refuse(key.shape(), "creating", KeyState.CREATING);
        refuse(key.shape(), "updating", KeyState.UPDATING);
        if (key.shape().keyState() != KeyState.UNAVAILABLE) {
            become(key.id(), yes ? KeyState.ENABLED : KeyState.DISABLED);
        }
    }

    void become(String id, KeyState state) {
        keys.change(id, k -> k.keyState(state).enabled(state == KeyState.ENABLED));
    }

    KeyMetadata change(StoredResource<KeyMetadata> key, Consumer<KeyMetadata.Builder> how) {
        return keys.change(key.id(), how);
    }

    /** The key for a cryptographic operation, by id, ARN or alias. It must be enabled. */
    KeyMetadata enabled(String id) {
        KeyMetadata key = usable(seen(id, true).id()).shape();
        refuse(key, "pending import", KeyState.PENDING_IMPORT);
        refuse(key, "unavailable", KeyState.UNAVAILABLE);
        refuse(key, "creating", KeyState.CREATING);
        if (key.keyState() == KeyState.DISABLED) {
            throw named(DisabledException.builder(), key.arn() + " is disabled.");
        }
        return key;
    }

    StoredResource<KeyMetadata> rotatable(String id) {
        StoredResource<KeyMetadata> key = usable(id);
        if (key.shape().keySpec() != KeySpec.SYMMETRIC_DEFAULT) {
            throw named(
                    UnsupportedOperationException.builder(),
                    "You cannot perform this operation on an asymmetric or HMAC key.");
        }
        refuseForeignMaterial(key.shape());
        if (key.shape().keyState() == KeyState.DISABLED) {
            throw named(DisabledException.builder(), key.shape().arn() + " is disabled.");
        }
        return key;
    }

    /** KMS rotates only material that it made itself. */
    static void refuseForeignMaterial(KeyMetadata key) {
        if (key.origin() != OriginType.AWS_KMS) {
            throw named(
                    UnsupportedOperationException.builder(),
                    key.arn() + " origin is " + key.originAsString() + " which is not valid for this operation.");
        }
    }
}
