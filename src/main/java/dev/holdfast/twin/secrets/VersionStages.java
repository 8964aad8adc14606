package dev.holdfast.twin.secrets;

import static dev.holdfast.twin.store.TwinErrors.named;

import dev.holdfast.twin.secrets.TwinSecret.SecretVersion;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretVersionStageRequest;

/**
 * Moves the stages of versions. A request to move a stage must name the version that has the stage.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html">UpdateSecretVersionStage</a>
 */
final class VersionStages {
    private VersionStages() {}

    static void move(TwinSecret secret, UpdateSecretVersionStageRequest r) {
        String stage = r.versionStage();
        SecretVersion holder = secret.staged(stage);
        SecretVersion to = secret.version(r.moveToVersionId());
        if (r.moveToVersionId() != null && to == null) {
            throw named(InvalidParameterException.builder(), "Not a valid version: " + r.moveToVersionId());
        }
        if (r.removeFromVersionId() != null && (holder == null || !holder.id().equals(r.removeFromVersionId()))) {
            throw named(
                    InvalidParameterException.builder(),
                    "Version stage " + stage + " not found in version " + r.removeFromVersionId());
        }
        if (stage.equals(TwinSecret.CURRENT) && to == null) {
            throw named(
                    InvalidParameterException.builder(),
                    "You can only move staging label AWSCURRENT to a different secret version. It can\u2019t be completely"
                            + " removed.");
        }
        if (holder != null
                && r.removeFromVersionId() == null
                && (to == null || !holder.id().equals(to.id()))) {
            throw named(
                    InvalidParameterException.builder(),
                    "The parameter RemoveFromVersionId can't be empty. Staging label " + stage
                            + " is currently attached to version " + holder.id()
                            + ", so you must explicitly reference that version in RemoveFromVersionId.");
        }
        secret.move(stage, to);
    }
}
