package dev.holdfast.rotation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.UUID;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** A secret of the twin's Secrets Manager, over HTTP. */
record SecretInTwin(SecretsManagerClient client, String arn) {
    static final List<String> STEPS = List.of("createSecret", "setSecret", "testSecret", "finishSecret");

    private static final ObjectMapper JSON = new ObjectMapper();

    static SecretInTwin create(SecretsManagerClient client, String name, String value) {
        return new SecretInTwin(
                client,
                client.createSecret(r -> r.name(name).secretString(value)).arn());
    }

    RotationEvent event(String step, String token) {
        return new RotationEvent(step, arn, token, null);
    }

    static String newToken() {
        return UUID.randomUUID().toString();
    }

    String user() {
        return member("AWSCURRENT", "username");
    }

    String password() {
        return member("AWSCURRENT", "password");
    }

    String member(String stage, String member) {
        String text =
                client.getSecretValue(r -> r.secretId(arn).versionStage(stage)).secretString();
        try {
            JsonNode value = JSON.readTree(text);
            return value.path(member).asText();
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    void rotate(RotationHandler handler) {
        String token = newToken();
        STEPS.forEach(step -> handler.handle(event(step, token)));
    }
}
