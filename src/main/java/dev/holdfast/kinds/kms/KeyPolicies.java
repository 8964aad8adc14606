package dev.holdfast.kinds.kms;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.model.Wildcards;
import java.util.List;
import java.util.Locale;

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
            if (somebody && statement.path("Effect").asText().equals("Allow") && covers(statement)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the action is one of those of Action, or none of those of NotAction. */
    private static boolean covers(JsonNode statement) {
        return statement.has("NotAction") ? !names(statement.path("NotAction")) : names(statement.path("Action"));
    }

    private static boolean names(JsonNode actions) {
        for (JsonNode action : actions.isArray() ? actions : List.of(actions)) {
            if (Wildcards.match(action.asText().toLowerCase(Locale.ROOT), "kms:putkeypolicy")) {
                return true;
            }
        }
        return false;
    }
}
