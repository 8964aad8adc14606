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
 * Tokens and passwords. Only Secrets Manager stores them: a document names the secret, and Holdfast reads the value
 * just before it sends the value.
 *
 * <p>The name has the form of {@code valueFrom} in a task definition, so that a service and its cache name a secret in
 * the same way: the ARN of the secret, then {@code :key:stage:version}. Each of the three parts may be empty.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html">the parts of
 *     valueFrom</a>
 */
final class CacheSecrets {
    /** The hint for a document that contains the value itself, or another ARN. */
    static final String HINT = "name a secret; a secret of this stack is ${Secret/token}:::${Secret/token.versionId}";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NAMED = Pattern.compile("(?<arn>arn:[a-z-]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+)"
            + "(?::(?<key>[^:]*):(?<stage>[^:]*):(?<version>[^:]*))?");

    private CacheSecrets() {}

    /** Whether the text names a value in Secrets Manager; true as well for text that is absent or not resolved yet. */
    static boolean isName(@Nullable String text) {
        return text == null || Unresolved.is(text) || NAMED.matcher(text).matches();
    }

    /**
     * Reads the value.
     *
     * @throws IllegalArgumentException if the text names no secret, or the secret has no such value; the message
     *     contains no value
     */
    static String read(SecretsManagerClient secrets, String name) {
        Matcher parts = NAMED.matcher(name);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "expected the name of a secret (its ARN, or ARN:key:stage:version) as token or password");
        }
        String arn = parts.group("arn");
        GetSecretValueResponse value = secrets.getSecretValue(r ->
                r.secretId(arn).versionStage(given(parts.group("stage"))).versionId(given(parts.group("version"))));
        String key = given(parts.group("key"));
        String text = key == null ? value.secretString() : member(value.secretString(), key);
        if (text == null) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "the secret %s has no text value%s", arn, key == null ? "" : " with the key " + key));
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
            // The exception is dropped because its message quotes the value.
            return null;
        }
        return node.path(key).isTextual() ? node.path(key).asText() : null;
    }
}
