package dev.holdfast.kinds.elasticache;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.kind.Unresolved;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/**
 * Tokens and passwords, which stand in Secrets Manager alone: a document names the secret, and its value is read where it is
 * sent.
 *
 * <p>The name has the form of {@code valueFrom} in a task definition, so that a service and its cache name the same thing in
 * the same way: the ARN of the secret, then {@code :key:stage:version}, of which each may be empty.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html">the parts of
 *     valueFrom</a>
 */
final class CacheSecrets {
    /** The way out for a document that has the value itself, or another ARN. */
    static final String HINT = "for a secret of this stack: ${Secret/token}:::${Secret/token.versionId}";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NAMED = Pattern.compile("(?<arn>arn:[a-z-]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+)"
            + "(?::(?<key>[^:]*):(?<stage>[^:]*):(?<version>[^:]*))?");

    private CacheSecrets() {}

    /** Whether the text names a value in Secrets Manager, as far as it is known by now; null: nothing is said. */
    static boolean isName(@Nullable String text) {
        return text == null || Unresolved.is(text) || NAMED.matcher(text).matches();
    }

    /**
     * Reads the value.
     *
     * @throws IllegalArgumentException if the text names no secret, or the secret has no such value; its message says no value
     */
    static String read(SecretsManagerClient secrets, String name) {
        Matcher parts = NAMED.matcher(name);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "the token or password is no name of a secret: its ARN, or ARN:key:stage:version");
        }
        String arn = parts.group("arn");
        GetSecretValueResponse value = secrets.getSecretValue(r ->
                r.secretId(arn).versionStage(given(parts.group("stage"))).versionId(given(parts.group("version"))));
        String key = given(parts.group("key"));
        String text = key == null ? value.secretString() : member(value.secretString(), key);
        if (text == null) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "the secret %s has no text%s", arn, key == null ? "" : " with the key " + key));
        }
        return text;
    }

    private static @Nullable String given(@Nullable String part) {
        return part == null || part.isEmpty() ? null : part;
    }

    private static @Nullable String member(@Nullable String text, String key) {
        JsonNode node;
        try {
            node = JSON.readTree(text == null ? "" : text);
        } catch (JsonProcessingException e) {
            // Without the cause: its message quotes the value.
            return null;
        }
        return node.path(key).isTextual() ? node.path(key).asText() : null;
    }
}
