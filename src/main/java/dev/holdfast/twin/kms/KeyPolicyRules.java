package dev.holdfast.twin.kms;

import static dev.holdfast.twin.store.PolicyElements.covers;
import static dev.holdfast.twin.store.PolicyElements.many;
import static dev.holdfast.twin.store.PolicyElements.texts;
import static dev.holdfast.twin.store.TwinErrors.named;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.twin.iam.TwinIam;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinSessions;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.kms.model.MalformedPolicyDocumentException;

/**
 * KMS's rules for key policies: the syntax is valid, the principals exist, and the caller can replace the policy later.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html">Unmanageable keys</a>
 */
final class KeyPolicyRules {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TwinContext context;

    KeyPolicyRules(TwinContext context) {
        this.context = context;
    }

    String defaultPolicy() {
        return "{\"Version\":\"2012-10-17\",\"Id\":\"key-default-1\",\"Statement\":[{\"Sid\":\"Enable IAM User"
                + " Permissions\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" + root()
                + "\"},\"Action\":\"kms:*\",\"Resource\":\"*\"}]}";
    }

    private String root() {
        return "arn:aws:iam::" + context.account() + ":root";
    }

    void check(String text, boolean bypass) {
        List<JsonNode> statements = statements(text);
        for (JsonNode statement : statements) {
            for (String principal : texts(statement.path("Principal").path("AWS"))) {
                if (principal.contains(":role/") && context.peer(TwinIam.class).role(principal) == null) {
                    throw malformed("Policy contains a statement with one or more invalid principals.");
                }
            }
        }
        if (!bypass && statements.stream().noneMatch(this::letsTheCallerPutAPolicy)) {
            throw malformed("The new key policy will not allow you to update the key policy in the future.");
        }
    }

    private static List<JsonNode> statements(String text) {
        JsonNode policy;
        try {
            policy = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw malformed("The policy is not valid JSON.");
        }
        List<JsonNode> statements = many(policy.path("Statement"));
        if (statements.isEmpty() || statements.stream().anyMatch(s -> !s.has("Principal") || !s.has("Effect"))) {
            throw malformed("Policy statement must contain principals and an effect.");
        }
        return statements;
    }

    private boolean letsTheCallerPutAPolicy(JsonNode statement) {
        TwinSessions.Session session = context.sessions().current();
        Set<String> caller = session == null
                ? Set.of("*", root(), context.account())
                : Set.of(
                        "*",
                        root(),
                        context.account(),
                        "arn:aws:iam::" + session.account() + ":role/" + session.role());
        JsonNode principal = statement.path("Principal");
        List<String> principals = principal.isTextual() ? texts(principal) : texts(principal.path("AWS"));
        return statement.path("Effect").asText().equals("Allow")
                && principals.stream().anyMatch(caller::contains)
                && covers(statement, "Action", "kms:PutKeyPolicy", true);
    }

    private static AwsServiceException malformed(String message) {
        return named(MalformedPolicyDocumentException.builder(), message);
    }
}
