package dev.holdfast.rotation;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The event of one call by Secrets Manager.
 *
 * @param step createSecret, setSecret, testSecret or finishSecret
 * @param rotationToken proves the identity of the source if the function writes to a secret of another account
 * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html">Lambda
 *     rotation functions</a>
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RotationEvent(
        @JsonProperty("Step") String step,
        @JsonProperty("SecretId") String secretId,
        @JsonProperty("ClientRequestToken") String token,
        @JsonProperty("RotationToken") @Nullable String rotationToken) {

    /** Omits the rotation token, because it lets its holder write the secret. */
    @Override
    public String toString() {
        return step + " of " + secretId;
    }
}
