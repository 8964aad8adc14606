package dev.holdfast.rotation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The value of a secret: how to log in to a database, with all members that AWS's own rotation functions read. What it prints
 * holds no password.
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
     * @param which for messages
     * @throws RotationFailure if the text is no such JSON
     */
    static DatabaseCredentials parse(@Nullable String text, String which) {
        JsonNode node;
        try {
            node = JSON.readTree(text == null ? "" : text);
        } catch (JsonProcessingException e) {
            // Its message quotes the text.
            node = null;
        }
        if (!(node instanceof ObjectNode object)) {
            throw new RotationFailure("the value of " + which + " is no JSON object");
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

    /** @throws RotationFailure if it is no host name: it becomes part of a URL */
    String host() {
        String host = required("host", "the secret");
        if (!HOST.matcher(host).matches()) {
            throw new RotationFailure("\"host\" of the secret is no host name");
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
            throw new RotationFailure("\"port\" of the secret is no port");
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

    /** The secret of the user that may change other users: with it two users alternate; null: the user changes itself. */
    @Nullable
    String masterSecret() {
        return text("masterarn");
    }

    /** The user that owns what the application creates: of {@code app} and {@code app_clone} the former. */
    String owner() {
        String name = username();
        return name.endsWith(CLONE) ? name.substring(0, name.length() - CLONE.length()) : name;
    }

    boolean isClone() {
        return username().endsWith(CLONE);
    }

    /** The user of the next version, where two alternate. */
    String otherUser() {
        return isClone() ? owner() : username() + CLONE;
    }

    DatabaseCredentials with(String username, String password) {
        return new DatabaseCredentials(
                value.deepCopy().put("username", username).put("password", password));
    }

    /** The same server and database, another user: a secret that RDS manages has a user and a password alone. */
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
