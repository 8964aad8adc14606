package dev.holdfast.kinds.kms;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeyState;

/**
 * The states of a key.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html">Key states</a>
 */
final class KeyStates {
    private KeyStates() {}

    /** Whether KMS is working on the key, so that the state soon changes. */
    static boolean isTransient(KeyMetadata key) {
        return key.keyState() == KeyState.CREATING || key.keyState() == KeyState.UPDATING;
    }

    static boolean isScheduled(KeyMetadata key) {
        return key.keyState() == KeyState.PENDING_DELETION || key.keyState() == KeyState.PENDING_REPLICA_DELETION;
    }

    /**
     * Whether the state shows that somebody enabled or disabled the key. In all other states KMS returns false, and
     * refuses EnableKey or lets it have no effect. A key that waits for its deletion is enabled when it is restored.
     */
    static boolean isDecided(KeyMetadata key) {
        return key.keyState() == KeyState.ENABLED || key.keyState() == KeyState.DISABLED || isScheduled(key);
    }

    /** @param desired whether a document desires the key */
    static Known<KeyKind.Spec> known(Known<KeyKind.Spec> known, boolean desired) {
        String state = String.valueOf(known.outputs().get("state"));
        Phase going = desired ? Phase.Restorable : Phase.Deleting;
        return switch (state) {
            case "Enabled" -> known;
            case "Disabled" -> known.health(new Health(Health.Ready.True, state, "the key cannot be used"));
            case "Creating" ->
                known.phase(Phase.Creating)
                        .health(Health.notReady(state, "KMS creates the replica; the key cannot be used yet"));
            // KMS accepts cryptographic operations while it moves the primary key to another region.
            case "Updating" -> known.phase(Phase.Updating);
            case "PendingImport" ->
                known.health(Health.notReady(
                        state, "the key has no material and cannot be used until somebody imports its material"));
            case "Unavailable" ->
                known.health(Health.notReady(
                        state,
                        "the custom key store of the key is disconnected: connect it, so that the key can be used"));
            case "PendingDeletion" ->
                known.phase(going).health(Health.notReady(state, "data that the key encrypted cannot be read"));
            case "PendingReplicaDeletion" ->
                known.phase(going)
                        .health(Health.notReady(
                                state,
                                "data that the key encrypted cannot be read; KMS deletes the key after its replicas in"
                                        + " other regions"));
            default -> known.health(Health.notReady(state, null));
        };
    }
}
