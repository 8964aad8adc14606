package dev.holdfast.twin.lambda;

import static dev.holdfast.twin.store.TwinErrors.error;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.twin.store.PolicyElements;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.lambda.model.AddPermissionRequest;
import software.amazon.awssdk.services.lambda.model.ResourceConflictException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/** The policy of a function: statements by their id, in the form in which AddPermission writes them. */
final class FunctionPolicy {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, ObjectNode> statements = new LinkedHashMap<>();

    /** @return the text of the new statement */
    String add(String functionArn, AddPermissionRequest r) {
        if (statements.containsKey(r.statementId())) {
            throw error(
                    ResourceConflictException.builder(),
                    409,
                    "ResourceConflictException",
                    "The statement id (" + r.statementId()
                            + ") provided already exists. Please provide a new statement id, or remove the existing"
                            + " statement.");
        }
        ObjectNode statement = JSON.createObjectNode();
        statement.put("Sid", r.statementId());
        statement.put("Effect", "Allow");
        principal(statement, r.principal());
        statement.put("Action", r.action());
        statement.put("Resource", functionArn);
        condition(statement, "StringEquals", "AWS:SourceAccount", r.sourceAccount());
        condition(statement, "StringEquals", "lambda:EventSourceToken", r.eventSourceToken());
        condition(statement, "StringEquals", "aws:PrincipalOrgID", r.principalOrgID());
        condition(statement, "StringEquals", "lambda:FunctionUrlAuthType", r.functionUrlAuthTypeAsString());
        condition(
                statement,
                "Bool",
                "lambda:InvokedViaFunctionUrl",
                r.invokedViaFunctionUrl() == null
                        ? null
                        : r.invokedViaFunctionUrl().toString());
        condition(statement, "ArnLike", "AWS:SourceArn", r.sourceArn());
        statements.put(r.statementId(), statement);
        return statement.toString();
    }

    private static void principal(ObjectNode statement, String principal) {
        if (principal.equals("*")) {
            statement.put("Principal", "*");
        } else if (principal.matches("\\d{12}")) {
            statement.putObject("Principal").put("AWS", "arn:aws:iam::" + principal + ":root");
        } else {
            statement.putObject("Principal").put(principal.startsWith("arn:") ? "AWS" : "Service", principal);
        }
    }

    private static void condition(ObjectNode statement, String operator, String key, @Nullable String value) {
        if (value != null) {
            statement.withObject("/Condition/" + operator).put(key, value);
        }
    }

    void remove(String statement) {
        if (statements.remove(statement) == null) {
            throw error(
                    ResourceNotFoundException.builder(),
                    404,
                    "ResourceNotFoundException",
                    "Statement " + statement + " is not found in resource policy.");
        }
    }

    boolean isEmpty() {
        return statements.isEmpty();
    }

    /** Whether the policy allows a service to invoke the function for an account and a resource. */
    boolean admits(String service, String account, String sourceArn) {
        return statements.values().stream()
                .anyMatch(s -> s.at("/Principal/Service").asText().equals(service)
                        && PolicyElements.fits(s.path("Action").asText(), "lambda:InvokeFunction", true)
                        && holds(s, "/Condition/StringEquals/AWS:SourceAccount", account)
                        && holds(s, "/Condition/ArnLike/AWS:SourceArn", sourceArn));
    }

    private static boolean holds(ObjectNode statement, String pointer, String value) {
        String pattern = statement.at(pointer).asText("");
        return pattern.isEmpty() || PolicyElements.fits(pattern, value, false);
    }

    @Override
    public String toString() {
        ObjectNode policy = JSON.createObjectNode();
        policy.put("Version", "2012-10-17");
        policy.put("Id", "default");
        ArrayNode all = policy.putArray("Statement");
        statements.values().forEach(all::add);
        return policy.toString();
    }
}
