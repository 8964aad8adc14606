package dev.holdfast.twin.store;

/**
 * Replaces the Lambda function that Secrets Manager invokes for a rotation, because a twin runs no functions of Lambda.
 * It runs in a thread of its own, outside of the twin's lock, so that it may call the twin over HTTP. If it throws, the
 * rotation has failed, and the stages of the versions stay as they are.
 *
 * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html">Rotation
 *     functions</a>
 */
@FunctionalInterface
public interface RotationFunction {
    /**
     * The event that the function receives.
     *
     * @param step {@code createSecret}, {@code setSecret}, {@code testSecret} or {@code finishSecret}, in this order
     * @param secretId the secret's ARN
     * @param clientRequestToken the id of the version that becomes the current one
     * @param functionArn the function that is configured for the secret
     */
    record RotationStep(String step, String secretId, String clientRequestToken, String functionArn) {}

    void invoke(RotationStep event);
}
