package dev.holdfast.kinds.kms;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Checks whether a principal can still change a key's policy. */
final class KeyPolicies {
    private KeyPolicies() {}

    /**
     * Whether a statement allows a principal to put another policy. KMS itself requires more: the caller must be
     * allowed.
     *
     * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html">Unmanageable keys</a>
     */
    static boolean canBeReplaced(JsonNode policy) {
        JsonNode statements = policy.path("Statement");
        for (JsonNode statement : statements.isArray() ? statements : List.of(statements)) {
            JsonNode principal = statement.path("Principal");
            boolean somebody = principal.isTextual() || principal.has("AWS");
            if (somebody && statement.path("Effect").asText().equals("Allow") && covers(statement.path("Action"))) {
                return true;
            }
        }
        return false;
    }

    private static boolean covers(JsonNode actions) {
        for (JsonNode action : actions.isArray() ? actions : List.of(actions)) {
            String pattern =
                    Pattern.quote(action.asText().toLowerCase(Locale.ROOT)).replace("*", "\\E.*\\Q");
            if ("kms:putkeypolicy".matches(pattern)) {
                return true;
            }
        }
        return false;
    }
}
