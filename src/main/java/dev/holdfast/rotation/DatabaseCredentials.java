package dev.holdfast.rotation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The value of a secret with the login for a database, including all members that AWS's own rotation functions read.
 * Its text form contains no password.
 *
 * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html">JSON
 *     structure of secrets</a>
 */
public final class DatabaseCredentials {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");
    private static final String CLONE = "_clone";

    private final ObjectNode value;

    private DatabaseCredentials(ObjectNode value) {
        this.value = value;
    }

    /**
     * @param which the name of the value in messages
     * @throws RotationFailure if the text is not such a JSON object
     */
    static DatabaseCredentials parse(@Nullable String text, String which) {
        JsonNode node;
        try {
            node = JSON.readTree(text == null ? "" : text);
        } catch (JsonProcessingException e) {
            // The exception's message quotes the text, which contains a password.
            node = null;
        }
        if (!(node instanceof ObjectNode object)) {
            throw new RotationFailure("the value of " + which + " is not a JSON object");
        }
        DatabaseCredentials credentials = new DatabaseCredentials(object);
        credentials.required("username", which);
        credentials.required("password", which);
        return credentials;
    }

    private String required(String member, String which) {
        String text = text(member);
        if (text == null || text.isEmpty()) {
            throw new RotationFailure("the value of " + which + " lacks \"" + member + "\"");
        }
        return text;
    }

    private @Nullable String text(String member) {
        JsonNode found = value.get(member);
        return found == null || found.isNull() || found.isContainerNode() ? null : found.asText();
    }

    String engine() {
        return required("engine", "the secret");
    }

    /** @throws RotationFailure if the value is not a host name, because it becomes part of a URL */
    String host() {
        String host = required("host", "the secret");
        if (!HOST.matcher(host).matches()) {
            throw new RotationFailure("\"host\" of the secret is not a host name");
        }
        return host;
    }

    boolean hasHost() {
        return text("host") != null;
    }

    int port(int standard) {
        JsonNode port = value.get("port");
        int number = port == null || port.isNull() ? standard : port.asInt(0);
        if (number < 1 || number > 65_535) {
            throw new RotationFailure("\"port\" of the secret is not a port number");
        }
        return number;
    }

    String username() {
        return required("username", "the secret");
    }

    String password() {
        return required("password", "the secret");
    }

    @Nullable
    String database() {
        return text("dbname");
    }

    /** The ARN of the master user's secret, with which two users alternate; null: the user changes its own password. */
    @Nullable
    String masterSecret() {
        return text("masterarn");
    }

    /** The user that owns the objects of the application: {@code app}, not {@code app_clone}. */
    String owner() {
        String name = username();
        return name.endsWith(CLONE) ? name.substring(0, name.length() - CLONE.length()) : name;
    }

    boolean isClone() {
        return username().endsWith(CLONE);
    }

    /** The user of the next version if two users alternate. */
    String otherUser() {
        return isClone() ? owner() : username() + CLONE;
    }

    DatabaseCredentials with(String username, String password) {
        return new DatabaseCredentials(
                value.deepCopy().put("username", username).put("password", password));
    }

    /** The same server and database with another user: a secret that RDS manages has only a user and a password. */
    DatabaseCredentials as(DatabaseCredentials other) {
        return with(other.username(), other.password());
    }

    String json() {
        return value.toString();
    }

    @Override
    public String toString() {
        return "DatabaseCredentials[" + text("username") + "@" + text("host") + "]";
    }
}
