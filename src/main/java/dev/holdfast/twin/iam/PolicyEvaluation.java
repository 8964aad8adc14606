package dev.holdfast.twin.iam;

import static dev.holdfast.twin.store.PolicyElements.covers;
import static dev.holdfast.twin.store.PolicyElements.fits;
import static dev.holdfast.twin.store.PolicyElements.many;
import static dev.holdfast.twin.store.PolicyElements.texts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.twin.store.Contents;
import dev.holdfast.twin.store.TwinErrors;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.iam.model.MalformedPolicyDocumentException;

/**
 * Checks and evaluates policies as IAM does. A condition of an Allow counts as met. A condition of a Deny counts as not
 * met.
 */
final class PolicyEvaluation {
    private static final Set<String> VERSIONS = Set.of("2012-10-17", "2008-10-17");

    private PolicyEvaluation() {}

    /** @throws MalformedPolicyDocumentException if the text is not a JSON object */
    static JsonNode read(@Nullable String text) {
        JsonNode policy = Contents.json(text);
        if (!policy.isObject()) {
            throw malformed("This policy contains invalid Json");
        }
        return policy;
    }

    /** The text as IAM returns it: percent-encoded by RFC 3986, which encodes a blank as "%20", not as "+". */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }

    static AwsServiceException malformed(String message) {
        return TwinErrors.refused(MalformedPolicyDocumentException.builder(), "MalformedPolicyDocument", message);
    }

    /** Throws IAM's errors for an invalid policy of a role. */
    static void checkIdentityPolicy(JsonNode policy) {
        for (JsonNode statement : checked(policy)) {
            if (statement.has("Principal") || statement.has("NotPrincipal")) {
                throw malformed("Policy document should not specify a principal.");
            }
            if (!statement.has("Resource") && !statement.has("NotResource")) {
                throw malformed("Policy statement must contain resources.");
            }
            for (String action : values(statement, "Action", "NotAction")) {
                if (!action.equals("*") && !action.contains(":")) {
                    throw malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
                }
            }
            for (String resource : values(statement, "Resource", "NotResource")) {
                if (!resource.equals("*") && !resource.startsWith("arn:")) {
                    throw malformed("Resource " + resource + " must be in ARN format or \"*\".");
                }
            }
        }
    }

    /** Throws IAM's errors for an invalid trust policy, except for principals that do not exist. */
    static void checkTrustPolicy(JsonNode policy) {
        for (JsonNode statement : checked(policy)) {
            if (statement.has("Resource") || statement.has("NotResource")) {
                throw malformed("Has prohibited field Resource");
            }
            if (!statement.has("Principal") && !statement.has("NotPrincipal")) {
                throw malformed("Missing required field Principal");
            }
            for (String action : values(statement, "Action", "NotAction")) {
                if (!action.startsWith("sts:")) {
                    throw malformed("AssumeRole policy may only specify STS AssumeRole actions.");
                }
            }
        }
    }

    private static List<JsonNode> checked(JsonNode policy) {
        if (policy.has("Version") && !VERSIONS.contains(policy.path("Version").asText())) {
            throw malformed("The policy must contain a valid version string");
        }
        List<JsonNode> statements = statements(policy);
        if (statements.isEmpty()) {
            throw malformed("Syntax errors in policy.");
        }
        for (JsonNode statement : statements) {
            String effect = statement.path("Effect").asText();
            if (effect.isEmpty()) {
                throw malformed("Missing required field Effect");
            }
            if (!effect.equals("Allow") && !effect.equals("Deny")) {
                throw malformed("Invalid effect: " + effect);
            }
            if (!statement.has("Action") && !statement.has("NotAction")) {
                throw malformed("Policy statement must contain actions.");
            }
        }
        return statements;
    }

    /** The principals of one type ("AWS", "Service") that a trust policy names. */
    static Set<String> principals(JsonNode policy, String type) {
        Set<String> found = new TreeSet<>();
        for (JsonNode statement : statements(policy)) {
            JsonNode principal = statement.path("Principal");
            found.addAll(principal.isTextual() && type.equals("AWS") ? texts(principal) : texts(principal.path(type)));
        }
        return found;
    }

    /** The services that may assume a role. */
    static Set<String> services(JsonNode trust) {
        Set<String> allowed = new TreeSet<>();
        for (JsonNode statement : statements(trust)) {
            boolean assume = texts(statement.path("Action")).stream().anyMatch(a -> fits(a, "sts:AssumeRole", true));
            if (assume && statement.path("Effect").asText().equals("Allow")) {
                allowed.addAll(texts(statement.path("Principal").path("Service")));
            }
        }
        return allowed;
    }

    static boolean allows(Collection<JsonNode> policies, String action, String resource) {
        boolean allowed = false;
        for (JsonNode policy : policies) {
            for (JsonNode statement : statements(policy)) {
                if (covers(statement, "Action", action, true) && covers(statement, "Resource", resource, false)) {
                    if (statement.path("Effect").asText().equals("Allow")) {
                        allowed = true;
                    } else if (!statement.has("Condition")) {
                        return false;
                    }
                }
            }
        }
        return allowed;
    }

    private static List<String> values(JsonNode statement, String element, String negated) {
        return texts(statement.has(element) ? statement.path(element) : statement.path(negated));
    }

    private static List<JsonNode> statements(JsonNode policy) {
        JsonNode statement = policy.path("Statement");
        return statement.isValueNode() ? List.of() : many(statement);
    }

    /**
     * The permissions of an AWS managed policy. An unknown policy allows everything, so that the twin never denies
     * wrongly.
     */
    static JsonNode ofAws(String arn) {
        String name = arn.substring(arn.lastIndexOf('/') + 1);
        String actions = ACTIONS_OF_AWS.getOrDefault(name, "\"*\"");
        return read("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Resource\":\"*\",\"Action\":["
                + actions + "]}]}");
    }

    private static final Map<String, String> ACTIONS_OF_AWS = Map.of(
            "AmazonECSTaskExecutionRolePolicy",
            """
            "ecr:GetAuthorizationToken","ecr:BatchCheckLayerAvailability","ecr:GetDownloadUrlForLayer",\
            "ecr:BatchGetImage","logs:CreateLogStream","logs:PutLogEvents\"\
            """,
            "AWSXRayDaemonWriteAccess",
            """
            "xray:PutTraceSegments","xray:PutTelemetryRecords","xray:GetSamplingRules","xray:GetSamplingTargets",\
            "xray:GetSamplingStatisticSummaries\"\
            """,
            "AWSLambdaBasicExecutionRole",
            """
            "logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents\"\
            """,
            "AWSLambdaVPCAccessExecutionRole",
            """
            "logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents","ec2:CreateNetworkInterface",\
            "ec2:DescribeNetworkInterfaces","ec2:DescribeSubnets","ec2:DeleteNetworkInterface",\
            "ec2:AssignPrivateIpAddresses","ec2:UnassignPrivateIpAddresses\"\
            """);
}
